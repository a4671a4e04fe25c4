/// What was not understood of a file that others wrote.
///
/// Tolerant: what is not known is passed over, and what can be doubted is in the report. No amount
/// and no date is ever guessed: an item that has a bad one is reported and left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::iso20022 {

/// Names are in what programs print, so they stay.
enum class remark : std::uint8_t {
  not_well_formed,  ///< Reading ended there.
  forbidden,        ///< A document type, or too deep, or too long a text; reading ended there.
  not_understood,   ///< It is no message of the kind that was asked for.
  other_version,    ///< Read as far as it is known.
  bad_amount,       ///< Its item was left out.
  unknown_currency, ///< Its item was left out.
  bad_date,         ///< Its item was left out.
  bad_code,         ///< Its item was left out.
  missing,          ///< An element that the item needs; it was left out.
  repeated,         ///< An amount, a date or a code twice; the item was left out.
  too_many,         ///< More of them in one item than is held; it was left out.
  details_differ,   ///< The transactions of an entry do not come to its amount.
  count_differs,    ///< The number of items is not what the file says.
  sum_differs,      ///< The sum of the items is not what the file says.
  balance_differs,  ///< Opening balance and booked entries do not come to the closing balance.
  bad_row,          ///< Not as many fields as the header has; it was left out.
  unknown_column,   ///< It was passed over.
  unchecked,        ///< The file has nothing to check its entries against.
};

/// Returns the name of `what`, such as "bad_amount".
std::string_view to_string(remark what) noexcept;

struct note {
  remark what;
  std::size_t line = 0; ///< From 1; 0: the file as a whole.
  std::string where{};  ///< The element's path, or the column.
  std::string detail{}; ///< For people; not stable. May quote the file.
};

/// Returns "line 12, Ntry/Amt: bad_amount: DETAIL".
std::string to_string(const note& said);
std::ostream& operator<<(std::ostream& out, const note& said);

struct import_report {
  std::vector<note> notes{};
  std::size_t notes_left_out = 0; ///< More notes than `notes_max`.
  std::size_t read = 0;           ///< Items that were given.
  std::size_t left_out = 0;       ///< Items that were not.
  /// Whether the file was read to its end, and is of the kind asked for. If not, what was given is
  /// to be thrown away.
  bool complete = false;

  static constexpr std::size_t notes_max = 1000;

  void add(note said);
  /// Returns whether there is a note of this kind.
  bool has(remark what) const noexcept;
};

/// Fills the front of the buffer and returns how many bytes that are; 0 at the end. May throw, and
/// then the reader throws that.
using byte_source = std::function<std::size_t(std::span<char>)>;

/// Returns a source of these bytes. They must live as long as it.
byte_source source_of(std::string_view bytes);

} // namespace ducat::iso20022
