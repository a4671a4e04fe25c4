/// Where the embedded log can be broken.
#pragma once

#include <ducat/fault.hpp>

namespace ducat {

/// Nothing of the change is on the disk.
inline fault_point before_write{"log.before_write", fault_scope::process};

/// Synced; ACKNOWLEDGED does not say so yet.
inline fault_point after_write{"log.after_write", fault_scope::process};

inline fault_point before_trim{"log.before_trim"}; ///< The log begins where it did.
inline fault_point after_trim{"log.after_trim"};   ///< The space is not given back.

} // namespace ducat
