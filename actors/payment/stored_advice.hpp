/// Advices as they are kept.
#pragma once

#include <ducat/payment/advice.hpp>
#include <ducat/v1/state.pb.h>

#include <optional>

namespace ducat::payment {

v1::StoredAdvice stored(const advice_record& advice);

/// Returns nothing if it is damaged.
std::optional<advice_record> advice_in(const v1::StoredAdvice& row);

} // namespace ducat::payment
