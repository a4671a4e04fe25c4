/// Whether an answer to a change of a payment is a decline.
#pragma once

#include <ducat/v1/payment.pb.h>

namespace ducat::cli {

/// Returns whether the payment, or the refund that was asked for, was declined.
inline bool is_declined(const v1::PaymentReply& reply) {
  return reply.payment().state() == v1::Payment::DECLINED ||
         (reply.has_refund() && reply.refund().state() == v1::Refund::DECLINED);
}

} // namespace ducat::cli
