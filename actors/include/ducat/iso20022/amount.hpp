/// Amounts between int64 minor units and the decimals of files. No floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::iso20022 {

/// Returns "12.05" for 1205 and 2 digits, "-0.5" for -5 and 1, "7" for 7 and 0. Total.
std::string to_decimal(std::int64_t minor, std::uint32_t exponent);

/// Returns the minor units of a decimal such as "12.05", "12.5", "+12", "-.5" or "12.05000" in a
/// currency of `exponent` digits. Nothing: another form, digits that the currency does not have and
/// that are not 0, or more than int64 holds.
std::optional<std::int64_t> from_decimal(std::string_view text, std::uint32_t exponent);

/// Returns the sum; nothing if int64 does not hold it.
std::optional<std::int64_t> add(std::int64_t left, std::int64_t right) noexcept;

} // namespace ducat::iso20022
