/// The actor that writes late approvals into the log.
#pragma once

#include <ducat/acquiring/messages.hpp>
#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>
#include <ducat/time.hpp>

#include <chrono>
#include <string>

namespace ducat::acquiring {

struct late_options {
  std::string acquirer{}; ///< As attempts name it.
  std::string by{};                               ///< In timelines.
  duration again_after = std::chrono::seconds{1}; ///< What could not be committed.
};

/// Takes the device::link_unmatched of the links to an acquirer. An approval among them that names
/// an attempt (late, ambiguous, or unexpected because the link's life that sent the request is
/// over) is committed to `ledger` as heard late, again and again until the log has it. Everything
/// else is left to the link's own log lines. What was not committed is lost with a life of the
/// actor.
caf::behavior late_approval_actor(caf::event_based_actor* self, const handle& ledger,
                                  const late_options& options);

} // namespace ducat::acquiring
