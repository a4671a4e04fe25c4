/// The actor between payments and the links to an acquirer: it puts attempts into ISO 8583, and
/// answers back into what they mean for a payment.
#pragma once

#include <ducat/acquiring/messages.hpp>
#include <ducat/breaker.hpp>
#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ducat::acquiring {

/// A link that can carry attempts: its name in the log, and the acquirer_link.
struct carrier {
  std::string name;
  handle link;
};

struct route_options {
  profile known_as{};
  std::vector<carrier> links{}; ///< At least one; the preferred one first.
  /// The link_group_actor, which says which of several links carries payments. Names nothing: there
  /// is one link, which does.
  handle group{};
  /// Of requests that were not answered or not sent. While it is open nothing is sent. It is short:
  /// a connection that is lost fails all that is under way, and may be back in half a second; what
  /// stays bad is the link's business, which suspects itself.
  breaker_spec breaker{.failures_max = 5,
                       .failure_percent = 50,
                       .sample = 20,
                       .pause = std::chrono::milliseconds{500}};
};

/// From the group: payments go over that link from now on. An older epoch than one that was heard
/// changes nothing. Answered with route_figures.
struct use_link {
  std::string link;
  std::uint64_t epoch = 0; ///< 0: nothing is granted, or there is one link.
};

struct route_figures {
  routing::breaker_state breaker = routing::breaker_state::closed;
};

/// To the group, from a life of the route that has just begun: who holds the grant?
struct who_holds {};

/// Answers payment::plan_attempt, payment::authorize_attempt and payment::reverse_attempt. What a
/// link says was not sent is `not_sent`, what it does not know is `in_doubt`, as is what its life
/// does not outlive. A payment goes over the link of its attempt and no other; a reversal over any
/// that takes it, the one in use first.
/// Keeps only which link is in use and the breaker.
caf::behavior acquirer_route(caf::event_based_actor* self, const route_options& options);

/// The same over one link, without a breaker.
caf::behavior acquirer_actor(caf::event_based_actor* self, const handle& link, const profile& with);

} // namespace ducat::acquiring

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::acquiring::use_link)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::acquiring::route_figures)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::acquiring::who_holds)
