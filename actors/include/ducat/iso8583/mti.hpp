/// Message type indicators of ISO 8583: version, class, function and origin, a digit each.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::iso8583 {

enum class message_class : std::uint8_t {
  authorization = 1,
  financial = 2,
  file_action = 3,
  reversal = 4,
  reconciliation = 5,
  administrative = 6,
  fee_collection = 7,
  network_management = 8,
};

enum class message_function : std::uint8_t {
  request = 0,
  response = 1,
  advice = 2,
  advice_response = 3,
  notification = 4,
};

/// Who sent it first. The odd digit after each says that it is sent again.
enum class message_origin : std::uint8_t { acquirer = 0, issuer = 2, other = 4 };

struct mti {
  char version = '0'; ///< '0': 1987, '1': 1993, '2': 2003
  message_class kind = message_class::network_management;
  message_function function = message_function::request;
  message_origin origin = message_origin::acquirer;
  bool is_repeat = false;

  /// Returns whether the peer owes an answer.
  bool wants_answer() const noexcept;

  /// Returns whether it is an answer.
  bool is_answer() const noexcept;

  friend bool operator==(const mti&, const mti&) = default;
};

/// Returns what `digits` means: class 1 to 8, function 0 to 4, origin 0 to 5; nothing for others,
/// which ISO 8583:1987 reserves. Every version is taken.
std::optional<mti> parse_mti(std::string_view digits) noexcept;

/// Returns its four digits.
std::string to_string(const mti& type);
std::ostream& operator<<(std::ostream& out, const mti& type);

/// Returns the type that answers `request`: 0100 and 0101 with 0110, 0420 and 0421 with 0430.
/// Nothing if it wants no answer.
std::optional<mti> response_to(const mti& request) noexcept;

/// Returns the type under which `request` is sent again: 0420 and 0421 as 0421. Nothing if it is
/// an answer, which is never sent on one's own.
std::optional<mti> repeat_of(const mti& request) noexcept;

/// The same on four digits; nothing also if they are no MTI.
std::optional<std::string> response_to(std::string_view request);
std::optional<std::string> repeat_of(std::string_view request);

} // namespace ducat::iso8583
