/// The links of a node to acquirers, from its configuration.
#pragma once

#include <ducat/acquiring/messages.hpp>
#include <ducat/device/link.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/payment_actor.hpp>

#include <string>
#include <vector>

namespace ducat {
struct node_config;
}

namespace ducat::cli {

struct card_link {
  device::link_config link;
  acquiring::profile known_as;
};

/// Returns the links that the configuration asks for. Errors: invalid_argument (names the acquirer
/// and what is wrong), not_found (a dialect's file).
result<std::vector<card_link>> card_links_of(const node_config& config);

/// Returns the way of card payments over `links`, in the tree of `n`.
payment::card_routes routes_over(const std::vector<card_link>& links, const node& n);

/// Returns the supervisor "acquirers": for each link the actor "NAME" that payments speak to and
/// the link "NAME-link" itself, and "doubts", which brings to an end what is in doubt.
child_spec acquirers_child(const std::vector<card_link>& links, const handle& ledger,
                           const node& n);

} // namespace ducat::cli
