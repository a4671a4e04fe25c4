/// Sends requests as fast as they are answered.
#pragma once

#include <caf/fwd.hpp>

#include <cstddef>
#include <functional>

namespace ducat::bench {

/// Doubles an int.
caf::behavior doubler(caf::event_based_actor* self);

struct request_plan {
  std::function<caf::actor()> next; ///< Who gets the next request.
  bool enveloped = false;           ///< With a deadline, for a router.
  std::size_t requests = 0;
  std::size_t in_flight = 64;              ///< At most, and <= requests.
  std::function<void(std::size_t)> on_end; ///< Called once, with how many were answered rightly.
};

caf::behavior request_client(caf::event_based_actor* self, const request_plan& plan);

} // namespace ducat::bench
