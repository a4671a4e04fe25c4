/// Attempts as they are stored.
#pragma once

#include <ducat/payment/attempt.hpp>
#include <ducat/v1/state.pb.h>

#include <optional>

namespace ducat::payment {

v1::StoredAttempt stored(const attempt_record& attempt);

/// Returns nothing if the row is damaged.
std::optional<attempt_record> attempt_in(const v1::StoredAttempt& row);

} // namespace ducat::payment
