/// Shares and spans of time, as people write and read them. Pure.
#pragma once

#include <ducat/error.hpp>
#include <ducat/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ducat::cli {

/// Returns `1 - missing` as "99.99987 %": rounded down, so that only what is whole is "100 %". As
/// many digits as it takes to see two that are not 9, at least three after the point.
std::string percent_of(double missing);

/// Returns "3 d 4 h", "12.5 s", "300 ms", "20 us": two units of the larger ones, three digits of
/// the smaller ones.
std::string span_of(duration value);

/// Returns the span that `text` says: a number and one of ns, us, ms, s, m, h, d, y (365 days),
/// such as "300ms" or "1.5h". Errors: invalid_argument.
result<duration> parse_span(std::string_view text);

} // namespace ducat::cli
