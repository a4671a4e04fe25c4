/// `ducat node`: one node, its APIs, until it is told to stop.
#pragma once

#include "alerts_child.hpp"
#include "card_links.hpp"
#include "command_line.hpp"
#include "settlement_child.hpp"
#include "terminal_gateway.hpp"
#include "traces_child.hpp"
#include "webhook_child.hpp"

#include <ducat/machine.hpp>
#include <ducat/node.hpp>

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace ducat::ledger {
class store_directory;
}

namespace ducat::cli {

/// Where the ledger keeps its state.
struct state_keeping {
  std::shared_ptr<ledger::store_directory> store{}; ///< Null: nowhere but in the log.
  std::uint64_t every = 10'000;                     ///< Entries of the log, at most.
  machine_factory machines{}; ///< What makes machines of it; null: payment::machines_in().
};

/// Whom a payment node speaks to besides its clients.
struct outside_world {
  std::vector<card_link> links{}; ///< Acquirers.
  std::optional<terminal_gateway> terminals{};
  event_delivery events{};
  settling_place settling{};
  std::optional<alerts::alert_options> alerts{}; ///< Nothing: nobody looks for any.
  std::optional<traces::trace_options> traces{}; ///< Nothing: payments are not traced.
};

/// Adds to `node` what a payment node runs: the ledger, the links to acquirers if there are any,
/// `pool` of payment actors, the gateway, what delivers events and what settles, the terminals if
/// it serves some, and what looks for alerts and tells of traces if something is to.
void describe_payment_node(node& node, const pool_spec& pool, const state_keeping& state = {},
                           const outside_world& outside = {});

/// Runs a node until SIGTERM or SIGINT. Prints one line to `out` when it is ready:
///   node_ready id=node1 grpc=127.0.0.1:7411 http=127.0.0.1:7410
/// with the ports that were really taken, ` metrics=ADDRESS:PORT` if it shows metrics, and
/// ` iso8583=ADDRESS:PORT` if it serves terminals.
/// Returns the exit code: 0 after an orderly stop, 64 for a wrong configuration, 75 if the data
/// directory or a port is in use, 78 if it does not run on this data or with this configuration, 70
/// if it cannot start for another reason; why goes to `err`. If a guardian has started this process
/// it hears how the node is. Call it from main(), before any thread is started: it takes the
/// signals.
int run_node(const node_arguments& arguments, std::ostream& out, std::ostream& err);

/// Runs run_node() in a process of its own, `words` with --unguarded, and starts it again when it
/// ends: see guardian/guardian.hpp. Returns the exit code; 64 for a wrong configuration.
/// Call it from main(), before any thread is started: it takes the signals.
int guard_node(const node_arguments& arguments, std::vector<std::string> words, std::ostream& err);

} // namespace ducat::cli
