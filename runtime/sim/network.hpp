/// The ways between the nodes of a simulation, and between them and the log.
#pragma once

#include "core/dice.hpp"
#include "sim/clockwork.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ducat::sim {

/// How long something is under way.
struct transit {
  duration least = std::chrono::microseconds{100};
  duration most = std::chrono::milliseconds{2};
};

/// Directed ways between places that have names. What is sent arrives in the order in which it was
/// sent, unless the way is cut when it would arrive: then it never does. A place that is stopped
/// gets it when it goes on. One thread.
class network {
public:
  network(clockwork& time, dice& chance) : time_{time}, chance_{chance} {}

  /// `arrive` runs at the other end. If it cannot, `lost` runs then: for the sender that is to try
  /// again, which must not take it for knowledge.
  void send(const std::string& from, const std::string& to, std::function<void()> arrive,
            std::function<void()> lost = {});

  void cut(const std::string& from, const std::string& to) { cut_.emplace(from, to); }

  void join(const std::string& from, const std::string& to) { cut_.erase({from, to}); }

  void join_all() { cut_.clear(); }

  bool is_cut(const std::string& from, const std::string& to) const {
    return cut_.contains({from, to});
  }

  /// The place has gone on: gives it what has come meanwhile.
  void release(const std::string& place);

  /// From now on what is sent is under way for so long.
  void take_for(transit how) { transit_ = how; }

private:
  using way = std::pair<std::string, std::string>;

  clockwork& time_;
  dice& chance_;
  transit transit_;
  std::set<way> cut_;
  std::map<std::string, std::vector<std::function<void()>>>
      held_;                         ///< By the place that is stopped.
  std::map<way, time_point> newest_; ///< When what was sent last arrives.
};

} // namespace ducat::sim
