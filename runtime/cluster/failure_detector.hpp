/// Which nodes have fallen silent. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace ducat::cluster {

/// Every node beats, and every node sees the beats of all in one order, etcd's. A node is silent
/// when this node's own beats have come through several times since its last one: no clock is
/// compared, and while nobody's beats come through, nobody is suspected.
class failure_detector {
public:
  /// `me` is this node's id. `beats_missed_max` > 0 of its own beats may pass without one of
  /// another's.
  failure_detector(std::string me, std::uint32_t beats_missed_max)
      : me_{std::move(me)}, beats_missed_max_{beats_missed_max} {}

  /// A beat of `node` was seen, or the node itself for the first time.
  void beat_of(const std::string& node) {
    if (node == me_)
      ++own_beats_;
    last_[node] = own_beats_;
  }

  /// `node` is no member any more.
  void forget(const std::string& node) { last_.erase(node); }

  /// Returns whether `node` beats as it should. One that was never seen does not.
  bool is_beating(const std::string& node) const {
    const auto found = last_.find(node);
    return found != last_.end() && own_beats_ - found->second <= beats_missed_max_;
  }

  /// Returns whether `node` has missed half as many beats as make it silent. That is a sign only
  /// together with another one.
  bool is_late(const std::string& node) const {
    const auto found = last_.find(node);
    return found == last_.end() || own_beats_ - found->second > beats_missed_max_ / 2;
  }

private:
  std::string me_;
  std::uint32_t beats_missed_max_;
  std::uint64_t own_beats_ = 0;
  std::map<std::string, std::uint64_t> last_; ///< The count of own beats at each node's last one.
};

} // namespace ducat::cluster
