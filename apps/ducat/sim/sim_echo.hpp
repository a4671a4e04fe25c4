/// Commands of a simulated cluster that no client of payments gives.
#pragma once

#include <ducat/testing/sim_cluster.hpp>
#include <ducat/v1/journal.pb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ducat::cli {

/// Commits terms, and then, again and again, what stands in the log already: as somebody would who
/// does not know that it was done. Nothing may come of it.
class sim_echo {
public:
  explicit sim_echo(testing::sim_cluster& on) : on_{on} {}

  sim_echo(const sim_echo&) = delete;
  sim_echo& operator=(const sim_echo&) = delete;

  /// The terms are committed one after the other, each until it is taken.
  void begin(std::vector<v1::Command> terms);

  /// Commits nothing more.
  void end() { is_ended_ = true; }

  /// Returns a sentence for each command that had an effect once more.
  const std::vector<std::string>& violations() const noexcept { return violations_; }

private:
  void commit_terms();
  void hear_terms(const testing::sim_cluster::pending& answer);
  void echo_next();
  void echo();
  void hear_echo(std::uint64_t entry, const testing::sim_cluster::pending& answer);
  testing::sim_cluster::pending commit_somewhere(const v1::Command& command);

  testing::sim_cluster& on_;
  std::vector<v1::Command> terms_; ///< Those that are not taken yet, the next one last.
  std::vector<std::string> violations_;
  bool is_ended_ = false;
};

} // namespace ducat::cli
