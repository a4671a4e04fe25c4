/// Refusals as callers see them.
#pragma once

#include <ducat/payment/refusal.hpp>
#include <ducat/v1/common.pb.h>

#include <string_view>

namespace ducat::payment {

/// Returns the typed error for `why`; `param` is the field of the request at fault.
v1::Error error_of(refusal why, std::string_view param);

} // namespace ducat::payment
