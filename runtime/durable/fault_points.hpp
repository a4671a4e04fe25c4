/// Where a commit can be broken.
#pragma once

#include <ducat/fault.hpp>

namespace ducat {

inline fault_point before_append{"durable.before_append"}; ///< Applied in memory, not in the log.
inline fault_point after_append{"durable.after_append"};   ///< In the log, nobody answered.

} // namespace ducat
