/// The actor that watches the links of a node to one acquirer, and grants one of them the payments.
#pragma once

#include <ducat/acquiring/acquirer_actor.hpp>
#include <ducat/acquiring/link_group.hpp>
#include <ducat/child_spec.hpp>
#include <ducat/device/link_figures.hpp>
#include <ducat/handle.hpp>
#include <ducat/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ducat::acquiring {

struct group_options {
  std::string acquirer{};
  std::string node{};
  std::string by{};             ///< In timelines.
  std::vector<carrier> links{}; ///< The preferred one first. One alone is granted nothing.
  handle route{};               ///< The acquirer_route.
  handle late{};                ///< Is sent what no request of a link was answered with.
  handle saf{};                 ///< The same, and changes of links; they name the acquirer.
  link_group_options deciding{};
  duration look_every = std::chrono::milliseconds{200}; ///< Besides what the links tell.
};

/// Answered with group_figures, from the last look around.
struct query_group {};

struct link_figures_shown {
  link_view seen;
  device::link_figures figures{};
};

struct group_figures {
  std::string acquirer;
  std::string node;
  held_grant grant;
  routing::breaker_state breaker = routing::breaker_state::closed;
  std::vector<link_figures_shown> links;
};

/// Is the listener of its links. What link_to_grant() decides it commits to `ledger`, and only when
/// that stands in the log it tells the route. Keeps nothing: the next life reads the newest grant.
/// More than one at a time do no harm: a grant names the one it follows.
caf::behavior link_group_actor(caf::event_based_actor* self, const handle& ledger,
                               const group_options& options);

} // namespace ducat::acquiring

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::acquiring::query_group)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::acquiring::group_figures)
