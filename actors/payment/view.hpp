/// How records of the payment machine are shown.
#pragma once

#include <ducat/payment/advice.hpp>
#include <ducat/payment/attempt.hpp>
#include <ducat/payment/refusal.hpp>
#include <ducat/v1/machine.pb.h>
#include <ducat/v1/payment.pb.h>

#include <string>
#include <string_view>

namespace ducat::payment {

v1::Attempt view_of(const attempt_record& attempt);
v1::Advice view_of(const advice_record& advice, const std::string& id);

/// Returns the answer to what is refused.
v1::Outcome refused(refusal why, std::string_view param);

} // namespace ducat::payment
