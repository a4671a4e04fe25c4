/// The call about what served, and what failed.
#pragma once

#include "api/node_service.hpp"

#include <ducat/v1/node.pb.h>

#include <string>

namespace ducat::api {

/// Returns what the node called `node` has observed. Errors: invalid_argument (there is no such
/// window), not_found (no such subject), unavailable (nobody observes).
result<v1::AvailabilityReply> availability_of(const std::string& node,
                                              const node_service_options& observed,
                                              const v1::AvailabilityRequest& request);

} // namespace ducat::api
