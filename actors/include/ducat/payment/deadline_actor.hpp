/// The actor that has deadlines of payments take effect.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>
#include <ducat/time.hpp>

#include <caf/fwd.hpp>

#include <chrono>
#include <functional>

namespace ducat::payment {

struct deadline_options {
  duration look_every = std::chrono::seconds{1}; ///< How late a deadline takes effect at most.
  std::function<log_time()> now{};               ///< Default: the wall clock.
};

/// It keeps nothing: deadlines stand in the log. More than one at a time do no harm: a deadline
/// that has taken effect is none any more.
caf::behavior deadline_actor(caf::event_based_actor* self, const handle& ledger,
                             const deadline_options& options);

} // namespace ducat::payment
