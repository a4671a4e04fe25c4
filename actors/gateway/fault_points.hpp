/// Where a terminal's request can be broken.
#pragma once

#include <ducat/fault.hpp>

namespace ducat::gateway {

inline fault_point before_payment{"gateway.before_payment"}; ///< Understood, nobody asked yet.
inline fault_point before_answer{"gateway.before_answer"};   ///< Decided in the log, not told.
inline fault_point after_answer{"gateway.after_answer"};     ///< Told; what else there is waits.

} // namespace ducat::gateway
