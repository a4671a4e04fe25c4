/// `ducat prove`: every place where a flow can break, one after another.
#pragma once

#include "client/console.hpp"

#include <ducat/testing/prove.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace ducat::cli {

struct prove_arguments {
  std::string flow{};
  bool list = false;
  std::string seeds = "1";
  std::uint64_t pairs = 1'000;
  unsigned jobs = 0;          ///< 0: one for each core.
  std::string json{};         ///< A file for the certificate; empty: none.
  std::string report{};       ///< A file for a page of it; empty: none.
  bool show_progress = false; ///< On io.err.
};

/// Returns the certificate as one JSON document on one line.
std::string json_of(const testing::certificate& what);

/// Returns the certificate as one HTML page; `again` is the command that makes it once more.
std::string page_of(const testing::certificate& what, std::string_view again);

/// Proves the flow and prints the certificate; or lists the flows. Returns done only if it holds;
/// usage for a flow or seeds that are none, or a file that cannot be written.
exit_code run_prove(const prove_arguments& arguments, const console& io);

/// Adds the command to `app`. It fills `arguments`, which must outlive it, and calls `chosen`.
void add_prove_command(CLI::App& app, prove_arguments& arguments, std::function<void()> chosen);

} // namespace ducat::cli
