/// Which life of which child an actor is, for records that people read later.
#pragma once

#include <caf/fwd.hpp>

#include <string>

namespace ducat {

/// Returns "PATH#INCARNATION" of the actor that calls, such as "payments/w3#2"; the path alone
/// before its start has succeeded; empty for an actor that is in no supervision tree. Only from
/// within the actor.
std::string life_of(const caf::event_based_actor* self);

} // namespace ducat
