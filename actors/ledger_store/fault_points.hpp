/// Where the store of segments can be broken.
#pragma once

#include <ducat/fault.hpp>

namespace ducat::ledger {

inline fault_point after_seal{"ledger.after_seal"}; ///< Sealed; the writer does not know.

// On the thread of the writer:

/// Nothing is written.
inline fault_point before_segment{"ledger.before_segment", fault_scope::process};

/// Written, not durable.
inline fault_point before_flush{"ledger.before_flush", fault_scope::process};

/// Durable; the book does not know.
inline fault_point after_flush{"ledger.after_flush", fault_scope::process};

} // namespace ducat::ledger
