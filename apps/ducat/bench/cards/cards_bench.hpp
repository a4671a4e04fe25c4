/// `ducat bench cards`: card payments end to end, through ISO 8583 and an acquirer that makes
/// mistakes, while what runs them is crashed; and whether both sides agree afterwards.
#pragma once

#include "exit_code.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace ducat::cli {

struct cards_arguments {
  std::uint32_t clients = 64;
  double seconds = 10;
  std::uint32_t per_second = 0;            ///< Payments; 0: each client as fast as it is answered.
  std::uint32_t workers = 8;               ///< As `[payments] workers`.
  std::uint32_t answer_timeout_ms = 1'000; ///< Of the link to the acquirer.
  std::string faults = "none"; ///< Of the acquirer: none, mixed, or a script as for `--faults`.
  double crash_every_s = 0;    ///< A part of the node, by turns; 0: never.
  double kill_every_s = 0;     ///< The node's process, by SIGKILL; 0: never.
  double settle_s_max = 180;   ///< After the faults, until nothing is in doubt.
  bool raw = false;            ///< Also how fast ducat-terminals drive such an acquirer directly.
  std::string
      directory{};        ///< Where it writes, in a folder that it removes; empty: a temporary one.
  std::string programs{}; ///< Where ducat-acquirer and ducat-terminals are; empty: where the build
                          ///< or the installation has them, seen from `ducat`.
  bool json = false;
};

/// Starts a node and an acquirer, each a process of its own, pays from so many clients over gRPC,
/// lets things fail meanwhile, then lets nothing fail any more and waits until nothing is in doubt,
/// and compares: what clients were told, our payments, our book and the acquirer's journal. Prints
/// what it measured. Returns done only if all agree and nothing is in doubt. `program` is the
/// program `ducat`. Call it from the main thread.
exit_code bench_cards(const cards_arguments& arguments, const std::filesystem::path& program,
                      std::ostream& out, std::ostream& err);

} // namespace ducat::cli
