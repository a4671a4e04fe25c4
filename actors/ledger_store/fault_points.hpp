/// Where the store of segments can be broken. For fault_kind::exit: most are on a thread of the
/// store's own.
#pragma once

#include <ducat/fault.hpp>

namespace ducat::ledger {

inline fault_point after_seal{"ledger.after_seal"};         ///< Sealed; the writer does not know.
inline fault_point before_segment{"ledger.before_segment"}; ///< Nothing is written.
inline fault_point before_flush{"ledger.before_flush"};     ///< Written, not durable.
inline fault_point after_flush{"ledger.after_flush"};       ///< Durable; the book does not know.

} // namespace ducat::ledger
