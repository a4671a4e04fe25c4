/// Store and forward: the actor that tells acquirers what is owed to them until they acknowledge
/// it: reversals, captures, refunds, and totals to be compared.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/device/saf_core.hpp>
#include <ducat/handle.hpp>
#include <ducat/time.hpp>

#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ducat::acquiring {

/// A link over which something may be owed.
struct saf_line {
  std::string link;
  handle acquirer; ///< Answers reverse_attempt, send_advice and compare_totals.
  /// When its totals are compared every day, in UTC; nothing: only when that is asked for.
  std::optional<std::chrono::minutes> reconcile_at{};
};

struct saf_actor_options {
  std::vector<saf_line> lines{};
  std::string by{};                              ///< In timelines: who sends.
  duration look_every = std::chrono::seconds{1}; ///< How often it looks for what is owed.
  duration answer_timeout = std::chrono::seconds{25};
  duration interrupted_again_after = std::chrono::minutes{1}; ///< Of a reconciliation.
  device::saf_options saf{};                                  ///< Of each link.
  std::uint64_t seed = 0;                                     ///< Of the jitter.
  std::function<log_time()> now{};                            ///< Default: the wall clock.
};

/// It keeps nothing: what is owed stands in the log, and the next life finds it, and sends as a
/// repeat what the life before may have sent. More than one at a time do no harm: everything may be
/// told any number of times. Hears device::link_changed: over a link that is good again it sends at
/// once.
caf::behavior saf_actor(caf::event_based_actor* self, const handle& ledger,
                        const saf_actor_options& options);

} // namespace ducat::acquiring
