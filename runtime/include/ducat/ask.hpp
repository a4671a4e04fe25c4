/// Asking an actor from a thread that is none, and waiting for the answer: tests, examples, tools.
#pragma once

#include <ducat/error.hpp>
#include <ducat/handle.hpp>
#include <ducat/time.hpp>

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace ducat {

/// Sends `args` to the current life of `to` and waits for a T. Blocks the calling thread, which
/// must not be an actor's. Errors: those of error_of(), after at most `timeout`.
template <class T, class... Args>
result<T> ask(caf::actor_system& system, const handle& to, duration timeout, Args&&... args) {
  result<T> answer = fail(errc::outcome_unknown, "no answer");
  caf::scoped_actor self{system};
  self->request(to.current(), timeout, std::forward<Args>(args)...)
      .receive([&](T& value) { answer = std::move(value); },
               [&](const caf::error& failure) { answer = tl::unexpected(error_of(failure)); });
  return answer;
}

/// Asks again with the very same `args` until the answer is known or `timeout` has passed: for
/// requests that carry an id, so that a retry has no second effect.
template <class T, class... Args>
result<T> ask_until_known(caf::actor_system& system, const handle& to, duration timeout,
                          const Args&... args) {
  constexpr duration pause = std::chrono::milliseconds{5};
  constexpr duration patience = std::chrono::milliseconds{500};
  const time_point end = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    auto answer = ask<T>(system, to, std::min(timeout, patience), args...);
    if (answer || disposition_of(answer.error().code) == disposition::give_up)
      return answer;
    if (std::chrono::steady_clock::now() + pause > end)
      return answer;
    std::this_thread::sleep_for(pause);
  }
}

} // namespace ducat
