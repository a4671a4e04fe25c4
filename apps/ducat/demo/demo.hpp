/// `ducat demo`: a node takes payments while it is crashed, and its log is checked afterwards.
#pragma once

#include "exit_code.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace ducat::cli {

struct demo_options {
  std::filesystem::path program; ///< The program `ducat`, for the node's process.
  std::uint32_t nodes = 1;       ///< More than one: a cluster, see cluster_demo.hpp.
  std::uint64_t payments = 20'000;
  std::uint64_t seed = 1;
  std::uint32_t process_kills = 3;

  /// Where data, payments and the record are kept. If a demo was killed in there, it goes on.
  /// Empty: a folder of the user under the system's temporary one, removed after a good end.
  std::filesystem::path directory{};
  bool show_progress = false; ///< Redraw a line on `err` while it runs.
};

/// Runs the demo and prints what it found. Returns done only if nothing acknowledged was lost, none
/// was doubled and the books balance; unreachable if the node could not be started.
/// Call it from the main thread: the node's process lives as long as that.
exit_code run_demo(const demo_options& options, std::ostream& out, std::ostream& err);

} // namespace ducat::cli
