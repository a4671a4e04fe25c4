/// Where deliveries can be made to break.
#pragma once

#include <ducat/fault.hpp>

namespace ducat::webhook {

inline fault_point after_post{"webhook.after_post"}; ///< Answered, not in the log.
inline fault_point after_note{"webhook.after_note"}; ///< In the log, not gone on.

} // namespace ducat::webhook
