/// What a handler of signals runs on when a thread's own stack is used up.
#pragma once

#include <caf/thread_hook.hpp>

namespace ducat {

/// Gives each thread of an actor system an alternate signal stack, unless it has one: an endless
/// recursion in an actor is a crash that can be reported, as any other.
class spare_stacks final : public caf::thread_hook {
public:
  void init(caf::actor_system&) override {}

  void thread_started() override;
  void thread_terminates() override;
};

} // namespace ducat
