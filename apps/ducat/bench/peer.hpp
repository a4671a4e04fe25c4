/// What the ledger is compared with: PostgreSQL, in a program of its own.
#pragma once

#include <ducat/error.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ducat::bench {

/// The name of the program that does the same double entry with PostgreSQL; it is built beside
/// `ducat`. It prints one line of JSON for each peer_result, or one with `skipped`, the reason.
constexpr const char* postgres_program = "ducat-bench-postgres";

struct peer_options {
  std::filesystem::path program;
  std::filesystem::path directory; ///< Where it makes its own, and removes it.
  std::uint64_t accounts = 10'000;
  double seconds = 2;
  std::optional<std::uint64_t> transfers{};
  std::uint64_t seed = 1;
  bool standby = false;                 ///< It replicates, too: a commit is flushed on two servers.
  std::vector<std::uint32_t> clients{}; ///< Of one call a transfer; empty: as it likes, as below.
  std::vector<std::uint32_t> batches{}; ///< Transfers of a call.
  std::vector<std::uint32_t> writers{}; ///< Of batches, at the same time.
};

struct peer_result {
  std::string server;        ///< Its version and what matters of its settings.
  std::uint32_t batch = 1;   ///< 1: one call for each transfer.
  std::uint32_t clients = 1; ///< Connections, each with one call in flight.
  std::uint64_t transfers = 0;
  double seconds = 0;
  double p50_us = 0; ///< Of the calls.
  double p99_us = 0;

  double transfers_per_s() const { return static_cast<double>(transfers) / seconds; }
};

nlohmann::ordered_json to_json(const peer_result& result);

/// Returns `given`, or if it is empty the one beside this program.
std::filesystem::path peer_program_or(const std::string& given);

/// Runs the program with these words, and calls `on_line` with each line of JSON as it comes.
/// Errors: as below.
result<void> run_peer_program(const std::filesystem::path& program,
                              const std::vector<std::string>& words,
                              const std::function<void(const nlohmann::json&)>& on_line);

/// Runs the program, and calls `on_result` with each result as it comes.
/// Errors: unavailable (there is no such program, or it says why it does nothing), corrupt (it
/// failed).
result<void> run_peer(const peer_options& options,
                      const std::function<void(const peer_result&)>& on_result);

} // namespace ducat::bench
