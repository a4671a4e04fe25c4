/// Where a payment can be broken, between its steps.
#pragma once

#include <ducat/fault.hpp>

namespace ducat::payment {

inline fault_point before_first_step{"payment.before_first_step"}; ///< Nothing is committed.
inline fault_point after_create{"payment.after_create"};           ///< Recorded, nothing held.
inline fault_point after_authorize{"payment.after_authorize"};     ///< Held, not answered.
inline fault_point after_send{"payment.after_send"};               ///< Sent in the log, not out.
inline fault_point after_answer{"payment.after_answer"};           ///< Answered, not in the log.
inline fault_point after_resolve{"payment.after_resolve"};         ///< In the log, not answered.
inline fault_point after_capture{"payment.after_capture"};         ///< Posted, not answered.
inline fault_point after_void{"payment.after_void"};               ///< Released, not answered.
inline fault_point after_refund{"payment.after_refund"};           ///< Moved back, not answered.

} // namespace ducat::payment
