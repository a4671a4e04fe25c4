/// The durable actor of a node among others.
#pragma once

#include "cluster/membership.hpp"
#include "cluster/replicated.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/time.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace ducat::cluster {

/// The way from other threads to the life that a replicated child has now. Any thread.
class replicated_port {
public:
  explicit replicated_port(clock_function now = std::chrono::steady_clock::now)
      : now_{std::move(now)} {}

  /// Runs `what` in the life of now. Returns whether there is one; it may end before.
  bool post(std::function<void(replicated&)> what) const;

  /// Returns how far the machine has come; nothing if the child does not get on: there is no life,
  /// or it has not come to its messages for a second. Before the first life it has come nowhere; if
  /// that takes long to begin (it replays, or gets a state) the node does not get on either, and
  /// whoever is ready may write the log.
  std::optional<node_progress> progress() const;

  /// A life begins.
  void note_beginning();

private:
  friend class replicated_life;

  const clock_function now_;
  mutable std::mutex guard_;
  const void* life_ = nullptr; ///< The newest; one that was given up may still exist. Or null.
  bool has_begun_ = false;
  std::optional<time_point> beginning_since_{};                   ///< The first life.
  std::function<void(std::function<void(replicated&)>)> to_life_; ///< Null while there is none.
  node_progress come_;
  time_point seen_at_{};
};

/// Returns the start of a durable actor on a shared log. `options.post` is not used.
child_start replicated_child(replicated_options options, replica_options machine,
                             std::shared_ptr<replicated_port> port);

} // namespace ducat::cluster
