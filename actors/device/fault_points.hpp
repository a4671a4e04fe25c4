/// Where a request to an acquirer can be broken.
#pragma once

#include <ducat/fault.hpp>

namespace ducat::device {

inline fault_point before_write{"link.before_write"};   ///< Taken, no byte given to the connection.
inline fault_point after_write{"link.after_write"};     ///< The host may have it, nobody answered.
inline fault_point before_answer{"link.before_answer"}; ///< Its outcome is known, its caller waits.

} // namespace ducat::device
