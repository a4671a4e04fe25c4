/// The links of a node to acquirers, from its configuration.
#pragma once

#include <ducat/acquiring/link_group.hpp>
#include <ducat/acquiring/messages.hpp>
#include <ducat/device/link.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/payment_actor.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ducat {
struct node_config;
}

namespace ducat::api {
struct served_acquirer;
}

namespace ducat::cli {

/// The way to one acquirer.
struct card_link {
  std::string name;                       ///< Of the acquirer, as attempts carry it.
  std::vector<device::link_config> links; ///< At least one, the preferred one first.
  acquiring::profile known_as;
  acquiring::link_group_options deciding{};
  std::optional<std::chrono::minutes> reconcile_at{}; ///< Of the day in UTC.
};

/// Returns the ways that the configuration asks for. Errors: invalid_argument (names the acquirer
/// and what is wrong), not_found (a dialect's file).
result<std::vector<card_link>> card_links_of(const node_config& config);

/// Returns the way of card payments over `links`, in the tree of `n`.
payment::card_routes routes_over(const std::vector<card_link>& links, const node& n);

/// Returns the supervisor "acquirers": for each acquirer its links, "NAME-link", "NAME-link2" ...,
/// the actor "NAME" that payments speak to, "NAME-group", which says over which link they go, and
/// "NAME-late", which hears late approvals; "saf", which tells acquirers what is owed to them; and
/// "deadlines". `now` is by default the machine's clock.
child_spec acquirers_child(const std::vector<card_link>& links, const handle& ledger, const node& n,
                           const std::function<log_time()>& now = {});

/// Returns where the API finds them.
std::vector<api::served_acquirer> served(const std::vector<card_link>& links);

} // namespace ducat::cli
