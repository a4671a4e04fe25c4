/// Crashes one child again and again, and measures until its next life answers.
#pragma once

#include <caf/fwd.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace ducat::bench {

/// Answers `ask` with the number of its life, which no other life has; `crash` ends it.
struct ask {};

struct crash {};

caf::behavior victim(caf::event_based_actor* self);

/// Returns the actor that runs now, or a null actor.
using finder = std::function<caf::actor()>;

/// Crashes what `find` finds `times` times. Like its counterpart in restart.erl it is an actor; it
/// asks again until a new life answers. Then it calls `done` with the microseconds of each restart.
caf::behavior restart_client(caf::event_based_actor* self, finder find, std::size_t times,
                             std::function<void(std::vector<double>)> done);

} // namespace ducat::bench
