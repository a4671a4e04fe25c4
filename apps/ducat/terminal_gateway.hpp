/// The port for terminals of a node, from its configuration.
#pragma once

#include "card_links.hpp"
#include "gateway/listener.hpp"

#include <ducat/gateway/terminal.hpp>
#include <ducat/node.hpp>

#include <optional>
#include <vector>

namespace ducat {
struct node_config;
}

namespace ducat::cli {

struct terminal_gateway {
  gateway::listener_options port;
  gateway::roster terminals;
  gateway::payment_door door{}; ///< By which their payments come in; empty: it is always open.
};

/// The child to which the port gives what it reads.
constexpr const char* desk_path = "iso8583/desk";

/// Returns the gateway that the configuration asks for, if it does. Errors: invalid_argument (says
/// what is wrong, and of which terminal), not_found (a dialect's file).
result<std::optional<terminal_gateway>> terminal_gateway_of(const node_config& config);

/// Returns the supervisor "iso8583" of the terminals' actors. They wait for payments longer than
/// payments over `links` take (R6).
child_spec terminals_child(const terminal_gateway& of, const std::vector<card_link>& links,
                           const node& n);

} // namespace ducat::cli
