/// How the bench of the ledger tells what it measured: lines of a table as it goes, or one document
/// of JSON.
#pragma once

#include "bench/ledger_case.hpp"
#include "bench/peer.hpp"
#include "bench/rejoin.hpp"
#include "bench/verdict.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <iosfwd>
#include <span>

namespace ducat::bench {

void print_case_titles(std::ostream& out);
void print(std::ostream& out, const case_result& result);

void print_replicated_titles(std::ostream& out);
void print(std::ostream& out, const replicated_result& result);

void print_peer_titles(std::ostream& out);
void print(std::ostream& out, const peer_result& result);

void print(std::ostream& out, const verdict& what);

/// A stage of growth: millions of transfers, transfers/s, p50 and p99 in ms, MB of memory, of the
/// log and of the state, bytes on the disk for each transfer.
void print_growth_titles(std::ostream& out);
void print_growth(std::ostream& out, const std::array<double, 8>& numbers);
void print_growth_end(std::ostream& out, double last_of_first, double restart_s);

/// A node that was killed, or wiped, and is back: seconds, MB of its state, the newest entry.
void print_rejoin_titles(std::ostream& out);
void print(std::ostream& out, const rejoin_result& result);
void print_rejoin_end(std::ostream& out, double transfers_per_s);

nlohmann::ordered_json to_json(const rejoin_result& result);
nlohmann::ordered_json to_json(const case_result& result);
nlohmann::ordered_json to_json(const replicated_result& result);
nlohmann::ordered_json to_json(const verdict& what);

} // namespace ducat::bench
