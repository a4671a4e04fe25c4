/// What is wrong with what was to be written, and where.
#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::iso20022 {

/// Names are in what programs print, so they stay.
enum class fault : std::uint8_t {
  missing,          ///< A field that the message must have is empty.
  too_long,         ///< More characters than the schema allows.
  bad_character,    ///< A character outside of the set that banks take from each other.
  bad_iban,         ///< Not of the pattern, or its check digits are others.
  bad_bic,          ///< Not of the pattern.
  bad_amount,       ///< Not more than 0, or of more digits than the schema allows.
  unknown_currency, ///< Not known here, so its decimals are not, either.
  other_currency,   ///< A message has one currency.
  bad_date,         ///< No day of the calendar.
  bad_code,         ///< No code of the schema.
  both_given,       ///< Two fields of which the schema takes one.
  no_transfers,     ///< A message has at least one.
  source_changed,   ///< The source's second run was not like the first; the sink has a part.
  sink_failed,      ///< The sink took no more; it has a part.
};

/// Returns the name of `what`, such as "bad_iban".
std::string_view to_string(fault what) noexcept;

struct problem {
  fault what;
  std::string field{};               ///< Its path in the message, such as "Cdtr/Nm".
  std::optional<std::size_t> item{}; ///< Which transfer, from 0; nothing: the message itself.
  std::string detail{};              ///< For people; not stable.

  friend bool operator==(const problem&, const problem&) = default;
};

/// Returns "transfer 3, Cdtr/Nm: bad_character: DETAIL".
std::string to_string(const problem& wrong);
std::ostream& operator<<(std::ostream& out, const problem& wrong);

/// A value, or what is wrong.
template <class T>
using result = tl::expected<T, problem>;

} // namespace ducat::iso20022
