/// Settlement in a simulated cluster: on one node at a time, in windows of a few captures.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>
#include <ducat/settlement/settlement_actor.hpp>
#include <ducat/testing/sim_cluster.hpp>
#include <ducat/v1/journal.pb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ducat::cli {

/// With as many captures a window is cut.
constexpr std::uint64_t captures_of_simulated_window = 12;

/// Returns the child that settles: an exclusive group of `nodes`. It cuts a window when some
/// captures are in it, whatever time it is. `put` is what puts its files into their place.
child_spec simulated_settlement(const handle& ledger, const std::vector<std::string>& nodes,
                                settlement::file_sink put);

/// Returns the commands that make `merchant`, whose account there is, one that is settled, has to
/// pay a fee that has to be rounded, and is paid out.
std::vector<v1::Command> simulated_terms(const std::string& merchant);

/// Somebody who has payouts made, batch after batch.
class sim_payouts {
public:
  explicit sim_payouts(testing::sim_cluster& on) : on_{on} {}

  sim_payouts(const sim_payouts&) = delete;
  sim_payouts& operator=(const sim_payouts&) = delete;

  void begin() { ask_next(); }

  /// Has nothing more made.
  void end() { is_ended_ = true; }

private:
  void ask_next();
  void hear(const testing::sim_cluster::pending& answer);

  testing::sim_cluster& on_;
  std::uint64_t next_ = 1; ///< Number of the batch that is not known to be there.
  bool is_ended_ = false;
};

} // namespace ducat::cli
