/// The router of a pool.
#pragma once

#include "supervision/child_probe.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/dead_letters.hpp>
#include <ducat/handle.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <memory>
#include <string>
#include <vector>

namespace ducat::routing {

/// What a router belongs to.
struct router_context {
  std::string pool_path;
  std::shared_ptr<ducat::dead_letters> dead_letters; ///< Where quarantined requests go.
  std::shared_ptr<router_probe> probe{};             ///< Where it counts; null: nowhere.
};

/// A request to a router: from now on these are its workers. Ones that are new get requests at
/// once; ones that are no longer there get none any more. Answered, with nothing, when the latter
/// have answered, or lost, what they had. Not with weighted_round_robin.
struct set_workers {
  std::vector<handle> workers;
};

/// Returns the start of a router over `workers`, in this order. It takes `routed` messages.
child_start start_router(std::vector<handle> workers, const pool_spec& pool,
                         router_context context);

} // namespace ducat::routing

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::routing::set_workers)
