/// Data elements with an inner form: amounts, and which message a message is about.
#pragma once

#include <ducat/iso8583/message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::iso8583 {

constexpr std::int64_t amount_minor_max = 999'999'999'999; ///< Of n 12.

/// Returns an amount as n 12, such as field 4: minor units, whatever the currency's exponent.
/// Nothing if it is negative or over amount_minor_max.
std::optional<std::string> amount_text(std::int64_t amount_minor);

/// Returns the minor units that n 12 stands for; nothing if `text` is not twelve digits.
std::optional<std::int64_t> parse_amount(std::string_view text) noexcept;

/// Field 90, original data elements, n 42: which message a reversal or a repeat is about.
struct original_data {
  std::string mti;            ///< n 4
  std::string stan;           ///< n 6, field 11
  std::string transmitted_at; ///< n 10, field 7, MMDDhhmmss
  std::string acquirer;       ///< n 11, field 32 with zeros in front
  std::string forwarder;      ///< n 11, field 33 with zeros in front

  friend bool operator==(const original_data&, const original_data&) = default;
};

/// Returns what names `original`. Fields 32 and 33 may be missing: then they are zeros. Nothing if
/// the MTI or field 7 or 11 is missing or not of its length.
std::optional<original_data> original_data_of(const message& original);

/// Returns field 90; nothing if a part is not digits of its length.
std::optional<std::string> to_text(const original_data& original);

/// Returns the parts of field 90; nothing if `text` is not 42 digits.
std::optional<original_data> parse_original_data(std::string_view text);

} // namespace ducat::iso8583
