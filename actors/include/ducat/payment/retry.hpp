/// What a caller may do about an error: the one table. Pure; any thread.
#pragma once

#include <ducat/error.hpp>
#include <ducat/payment/refusal.hpp>
#include <ducat/v1/common.pb.h>

#include <string_view>

namespace ducat::payment {

/// NEVER: the request is wrong. A key that was used for another request is among these, although a
/// new key would be taken: whoever built another body for the same payment would pay twice by it.
/// NEW_ATTEMPT: the payment has moved on. The caller looks at it and decides anew; what it decides
/// is another request, under another key. AFTER_REVERSAL: no error has it yet.
v1::Error::Retry retry_of(refusal why) noexcept;

/// SAME_KEY: nothing was done, or that is not known. The node's own faults are among these: whether
/// the request was carried out is for the same key to find out, from this node or another.
v1::Error::Retry retry_of(errc code) noexcept;

/// Returns the answer for errors that have neither: those of the edges, and those of nodes that
/// know no retry.
v1::Error::Retry retry_of(v1::Error::Type type) noexcept;

/// Returns what `error` says, or if it says nothing, what its type says.
v1::Error::Retry retry_of(const v1::Error& error) noexcept;

/// Returns the stable name, as APIs and the command line print it: "never", "same_key",
/// "new_attempt", "after_reversal"; of any other value "unspecified".
std::string_view to_string(v1::Error::Retry value) noexcept;

} // namespace ducat::payment
