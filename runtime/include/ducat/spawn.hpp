/// Actors that are one function.
#pragma once

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/spawn_options.hpp>

#include <utility>

namespace ducat {

/// Spawns `begin`, which is called with the new actor's `self` and returns its behavior or nothing.
/// `by` is an actor system or an actor. Returns the actor's handle.
///
/// Without it CAF 0.17.6 dereferences a null pointer where a function is spawned that has no more
/// arguments (`init_fun_factory_helper::apply`): that does no harm, and is refused by what looks
/// for such things.
template <caf::spawn_options Options = caf::no_spawn_options, class Spawner, class Begin>
caf::actor spawn_function(Spawner& by, Begin begin) {
  return by.template spawn<Options>(
      [](caf::event_based_actor* self, Begin what) { return what(self); }, std::move(begin));
}

} // namespace ducat
