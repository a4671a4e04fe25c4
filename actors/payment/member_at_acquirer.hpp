/// How a movement of a card payment is known at its acquirer. Pure.
#pragma once

#include <ducat/payment/records.hpp>
#include <ducat/v1/settlement.pb.h>

namespace ducat::payment {

/// Fills acquirer, rrn and stan of a member of `payment`, if a card paid. The trace number is that
/// of the message that moved the money: the request, if it captured at once, or the advice. It
/// stays 0 if the acquirer has nothing that stands for the movement: a dispute, a refund that it is
/// not told of, and a capture that it has taken back, with what gave that back here.
void name_at_acquirer(const payment_record& payment, v1::Member& member);

} // namespace ducat::payment
