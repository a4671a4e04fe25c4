/// What a node's figures say of what is watched for. Pure.
#pragma once

#include "alerts/alert.hpp"
#include "metrics/node_figures.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ducat::alerts {

/// Returns the rules: those of apps/monitoring, under the same names, as far as a node can know of
/// them by itself.
std::vector<rule> shipped_rules();

/// Finds what holds. Remembers restarts of five minutes, refusals and writes of the log of one; not
/// for two threads at a time.
class conditions {
public:
  /// Of this node.
  explicit conditions(std::string node) : node_{std::move(node)} {}

  /// What could not be told leaves its rules unseen: nothing is taken for well, or for wrong.
  observation look(const metrics::node_figures& of, log_time now);

private:
  using samples = std::deque<std::pair<log_time, std::uint64_t>>;

  static std::uint64_t risen(samples& all, std::uint64_t count, duration within, log_time now);
  void look_at_pools(const v1::FiguresReply& figures, log_time now, observation& seen);
  void look_at_writes(const v1::Histogram& times, log_time now, observation& seen);
  void look_at_tree(const metrics::node_figures& of, log_time now, observation& seen);
  void forget_all_but(const std::set<std::string>& named);

  std::string node_;
  std::map<std::string, samples> restarts_; ///< By child: how many there were, and when.
  std::map<std::string, samples> refusals_; ///< By pool, the same.
  samples writes_;                          ///< Of the log, the same.
  samples slow_writes_;                     ///< Those of them that took too long.
};

} // namespace ducat::alerts
