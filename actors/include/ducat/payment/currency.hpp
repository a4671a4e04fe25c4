/// Currencies of ISO 4217.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ducat::payment {

struct currency {
  std::string_view code;  ///< "EUR"
  std::uint32_t number;   ///< 978; also the number of its ledger.
  std::uint32_t exponent; ///< Digits after the decimal point of the major unit.
};

/// Returns the currency with this alphabetic code (upper case); nothing if it is not known.
std::optional<currency> find_currency(std::string_view code) noexcept;

/// Returns the currency of this ledger; nothing if it is not known.
std::optional<currency> find_currency(std::uint32_t number) noexcept;

} // namespace ducat::payment
