/// Messages from bytes and to bytes, as a dialect says.
///
/// Strict: there is one way to write a message in a dialect, and no other is read. So for all bytes
/// that decode() accepts, encode() makes the same bytes again. Nothing is padded, trimmed or
/// guessed. Pure functions, for any thread. The dialect has to pass check().
#pragma once

#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/message.hpp>
#include <ducat/iso8583/problem.hpp>

#include <string>
#include <string_view>

namespace ducat::iso8583 {

/// Returns the message that `payload` is: the TPDU if the dialect has one, the MTI, the bitmap and
/// the fields, without a length header.
result<message> decode(const dialect& with, std::string_view payload);

/// Returns the payload that decode() reads as `what`. Errors: a field that the dialect does not
/// have, or whose value does not fit it.
result<std::string> encode(const dialect& with, const message& what);

/// Returns the message that `frame` is: the length header, and as many bytes as it says.
result<message> decode_frame(const dialect& with, std::string_view frame);

/// Returns encode()'s payload behind its length header. Errors also: too_long for the header.
result<std::string> encode_frame(const dialect& with, const message& what);

} // namespace ducat::iso8583
