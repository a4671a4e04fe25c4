/// The actor that brings attempts in doubt to their end: it asks the acquirers to take them back
/// until they do, and has deadlines take effect.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>
#include <ducat/payment/payment_actor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>

namespace ducat::payment {

struct doubt_options {
  card_routes routes{};                          ///< Where reversals go.
  duration look_every = std::chrono::seconds{1}; ///< How often it looks for what is open.
  duration answer_timeout = std::chrono::seconds{25};
  std::size_t under_way_max = 32;  ///< Reversals of a link without an answer yet.
  std::function<log_time()> now{}; ///< Default: the wall clock.
};

/// It keeps nothing: what is open stands in the log, and the next life finds it. More than one at a
/// time do no harm: a reversal may be asked for any number of times.
caf::behavior doubt_actor(caf::event_based_actor* self, const handle& ledger,
                          const doubt_options& options);

} // namespace ducat::payment
