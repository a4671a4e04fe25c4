/// Where the embedded log can be broken. For fault_kind::exit.
#pragma once

#include <ducat/fault.hpp>

namespace ducat {

inline fault_point before_write{"log.before_write"}; ///< Nothing of the change is on the disk.
inline fault_point after_write{"log.after_write"};   ///< Synced; ACKNOWLEDGED does not say so yet.
inline fault_point before_trim{"log.before_trim"};   ///< Nothing is removed.
inline fault_point after_trim{"log.after_trim"};     ///< Removed; the space is not given back.

} // namespace ducat
