/// A client of the ledger: it keeps one request in flight.
#pragma once

#include "bench/latencies.hpp"
#include "bench/transfer_source.hpp"

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ducat::bench {

struct client_outcome {
  latencies requests;
  std::uint64_t transfers = 0; ///< That the ledger took.
  u128 amount = 0;             ///< The sum of those.
  std::uint64_t bytes = 0;     ///< Of the commands.
  std::string failure{};       ///< Why it ended early; empty if it did not.
};

struct client_plan {
  caf::actor ledger; ///< A durable actor.
  transfer_source source;
  transfer_source::batch first;            ///< Made by `source` before the clock ran.
  steady::time_point until;                ///< No request is sent after this.
  std::optional<std::uint64_t> requests{}; ///< Nor more than this; at least one is sent.
  bool makes_ahead = true; ///< Makes the next batch while it waits: costs the memory of two.
  std::function<void(client_outcome)> on_end{}; ///< Called once, at its end.
};

/// Runs the clients and returns when all have ended, with the sum of their outcomes.
client_outcome run_clients(caf::actor_system& system, std::vector<client_plan> plans);

/// Begins at once. Ends at the first answer that does not say `ok` for each transfer.
caf::behavior ledger_client(caf::event_based_actor* self, client_plan plan);

} // namespace ducat::bench
