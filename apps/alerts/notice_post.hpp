/// What is posted of alerts: JSON.
#pragma once

#include "alerts/alert.hpp"

#include <string>

namespace ducat::alerts {

/// Who tells.
struct teller {
  std::string node;
  std::string cluster;
};

/// Returns {"type": "alert.fired", …}. What several nodes of a cluster tell of the same has the
/// same "dedup_key". Times are nanoseconds since the Unix epoch. Pure.
std::string body_of(const notice& what, const teller& from);

/// Returns {"type": "alert.heartbeat", …}: as long as it comes, alerts are looked for.
std::string heartbeat_body(const teller& from, log_time now);

} // namespace ducat::alerts
