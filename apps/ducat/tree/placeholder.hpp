/// The start of a worker of which only the spec is known.
#pragma once

#include <ducat/child_spec.hpp>

namespace ducat::cli {

/// Returns a start that check() accepts, and that starts nothing.
inline child_start placeholder() {
  return {.body = [](caf::event_based_actor*, const caf::message&) -> caf::behavior { return {}; },
          .detached = false};
}

} // namespace ducat::cli
