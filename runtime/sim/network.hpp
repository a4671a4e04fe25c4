/// The ways between the nodes of a simulation, and between them and the log.
#pragma once

#include "core/dice.hpp"
#include "sim/clockwork.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ducat::sim {

/// How long something is under way.
struct transit {
  duration least = std::chrono::microseconds{100};
  duration most = std::chrono::milliseconds{2};
};

/// Something that is wrong with the network, until it is mended. 0 is none.
using disturbance = std::uint64_t;

/// Directed ways between places that have names. A way is broken as long as anything breaks it:
/// each disturbance heals by itself. A place that is stopped gets what comes when it goes on. One
/// thread.
class network {
public:
  network(clockwork& time, dice& chance) : time_{time}, chance_{chance} {}

  /// A stream: `arrive` runs at the other end, after what was sent before. If the way is cut when
  /// it would arrive, or it is lost, it never does, and `lost` runs then: for the stream that
  /// breaks by it, which must not take it for knowledge.
  void send(const std::string& from, const std::string& to, std::function<void()> arrive,
            std::function<void()> lost = {});

  /// A call of its own, or its answer: it may overtake others, come late on a lossy way, or be
  /// lost, and nobody is told.
  void call(const std::string& from, const std::string& to, std::function<void()> arrive);

  disturbance cut(const std::string& from, const std::string& to);

  /// Of what goes to or from there so many of a thousand are lost, and of calls as many are late.
  disturbance lose(const std::string& place, unsigned of_thousand);

  /// What is sent from now on is under way for so long.
  disturbance slow_down(transit how);

  void mend(disturbance which);

  void join(const std::string& from, const std::string& to);

  void mend_all();

  bool is_cut(const std::string& from, const std::string& to) const;

  /// The place has gone on: gives it what has come meanwhile.
  void release(const std::string& place);

  /// What is sent when nothing slows it down is under way for so long.
  void take_for(transit how) { transit_ = how; }

private:
  using way = std::pair<std::string, std::string>;

  void arrive_at(const std::string& from, const std::string& to, duration when, bool is_lost,
                 std::function<void()> arrive, std::function<void()> lost);
  duration draw_transit();
  bool draw_loss(const std::string& from, const std::string& to);

  clockwork& time_;
  dice& chance_;
  transit transit_;
  disturbance newest_disturbance_ = 0;
  std::map<disturbance, way> cuts_;
  std::map<disturbance, std::pair<std::string, unsigned>> losses_;
  std::map<disturbance, transit> slow_;
  std::map<std::string, std::vector<std::function<void()>>>
      held_;                         ///< By the place that is stopped.
  std::map<way, time_point> newest_; ///< When what was sent last arrives.
};

} // namespace ducat::sim
