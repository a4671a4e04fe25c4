/// How the bench of the ledger tells what it measured: lines of a table as it goes, or one document
/// of JSON.
#pragma once

#include "bench/ledger_case.hpp"
#include "bench/peer.hpp"
#include "bench/verdict.hpp"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <span>

namespace ducat::bench {

void print_case_titles(std::ostream& out);
void print(std::ostream& out, const case_result& result);

void print_peer_titles(std::ostream& out);
void print(std::ostream& out, const peer_result& result);

void print(std::ostream& out, const verdict& what);

nlohmann::ordered_json to_json(const case_result& result);
nlohmann::ordered_json to_json(const verdict& what);

} // namespace ducat::bench
