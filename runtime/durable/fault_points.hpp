/// Where a commit can be broken.
#pragma once

#include <ducat/fault.hpp>

namespace ducat {

inline fault_point before_append{"durable.before_append"}; ///< Applied in memory, not in the log.
inline fault_point after_append{"durable.after_append"};   ///< In the log, nobody answered.

/// The machine has its state elsewhere too; the log does not know.
inline fault_point before_checkpoint{"durable.before_checkpoint"};
inline fault_point after_checkpoint{"durable.after_checkpoint"}; ///< Noted, nothing trimmed.

} // namespace ducat
