/// A child of another node, as an actor of this one.
#pragma once

#include "cluster/link.hpp"
#include "supervision/child_slot.hpp"

#include <ducat/protocol.hpp>

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/fwd.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ducat::cluster {

struct remote_child_options {
  std::string path; ///< There.
  std::shared_ptr<const protocol> speaks;
  std::function<void(outgoing_ask, time_point deadline, ask_callback)>
      ask; ///< The way to its node.
};

/// The name of a child of another node, and the actor that stands for it while it may be asked.
/// Owned by one actor.
class remote_child {
public:
  enum class wish : std::uint8_t {
    serve, ///< It may be asked.
    rest,  ///< It answers what it has, and is asked nothing more.
    end,   ///< It cannot be reached.
  };

  /// How long it is left alone after a request did not come to it, or was lost.
  static constexpr duration pause = std::chrono::milliseconds{50};

  remote_child(std::shared_ptr<child_slot> slot, remote_child_options options)
      : slot_{std::move(slot)}, options_{std::move(options)} {}

  remote_child(const remote_child&) = delete;
  remote_child& operator=(const remote_child&) = delete;

  ~remote_child();

  /// To be called often.
  void arrange(wish wanted, caf::local_actor& by, time_point now);

private:
  void begin(caf::local_actor& by);
  void end(const std::string& why);

  std::shared_ptr<child_slot> slot_;
  remote_child_options options_;
  caf::actor life_;                      ///< Null while it may not be asked.
  std::vector<caf::actor_addr> resting_; ///< Lives that were told to rest, and may have ended.
  std::uint64_t incarnation_ = 0;
  time_point not_before_{};
};

/// Returns `reply` as it travels: errc::outcome_unknown if it is lost.
result<std::string> encode(const child_reply& reply);

} // namespace ducat::cluster
