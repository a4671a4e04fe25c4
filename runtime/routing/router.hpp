/// The router of a pool.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>

#include <vector>

namespace ducat::routing {

/// Returns the start of a router over `workers`, in this order. It takes `routed` messages.
child_start start_router(std::vector<handle> workers, const pool_spec& pool);

} // namespace ducat::routing
