/// The service of a running node.
#pragma once

#include "api/link_calls.hpp"
#include "api/service.hpp"

#include <ducat/cluster.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/event_signal.hpp>
#include <ducat/tracer.hpp>
#include <ducat/tree_availability.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ducat::access {
class gatekeeper;
}

namespace ducat::alerts {
class alert_board;
}

namespace ducat::api {

class admission;

/// Where in the node's tree the service finds what it needs.
struct node_service_options {
  std::string ledger = "ledger";     ///< The durable actor of the payment machine.
  std::string payments = "payments"; ///< The pool of payment actors.
  std::string gateway = "gateway";
  bool faults_allowed = false;
  std::shared_ptr<const payment::event_signal> events{}; ///< Raised by the machine of this node.
  cluster::member* member = nullptr; ///< Null if the node is alone; must outlive the service.

  /// Where what this node observes stands, and who follows its tree; null if nobody observes. Must
  /// outlive the service.
  const monitor::availability_board* availability = nullptr;
  const monitor::tree_availability* followed = nullptr;

  /// Payments that are made at a time through this service, in fair shares among those who ask for
  /// them; more are refused (overloaded), so that those inside do not wait for each other until
  /// they are late. What follows a payment, such as its capture, is always let in.
  std::size_t payments_max = 512;

  /// The same of those that wait for an acquirer, which come another way, too. Null: one of the
  /// service's own, for 5,000.
  std::shared_ptr<admission> card_payments{};

  /// Null if nobody looks for any. Must outlive the service.
  alerts::alert_board* alerts = nullptr;

  std::shared_ptr<access::gatekeeper> keeper{}; ///< What it notices is audited; null: nothing is.

  std::shared_ptr<trace::tracer> traces{}; ///< Null: nothing is traced.

  std::vector<served_acquirer> acquirers{}; ///< In the order in which payments try them.
};

/// Returns the service of `node`, which must outlive it. Safe from any thread.
std::unique_ptr<service> make_node_service(node& node, const node_service_options& options);

} // namespace ducat::api
