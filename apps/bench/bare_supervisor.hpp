/// The least that restarts an actor in CAF, to tell what ducat adds: a monitor and a spawn.
#pragma once

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace ducat::bench {

/// Who runs in each place. Any thread.
class places {
public:
  explicit places(std::size_t count) : actors_(count) {}

  void put(std::size_t place, caf::actor life) {
    const std::lock_guard lock{guard_};
    actors_[place] = std::move(life);
  }

  caf::actor at(std::size_t place) const {
    const std::lock_guard lock{guard_};
    return actors_[place];
  }

  std::size_t size() const noexcept { return actors_.size(); }

private:
  mutable std::mutex guard_;
  std::vector<caf::actor> actors_;
};

/// Runs a victim in each place, for ever; ends when it is told to exit.
caf::behavior bare_supervisor(caf::event_based_actor* self, std::shared_ptr<places> where);

} // namespace ducat::bench
