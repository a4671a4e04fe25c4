/// Amounts, dates and texts of files that others wrote.
#pragma once

#include <ducat/iso20022/bank_statement.hpp>

#include <tl/expected.hpp>

#include <array>
#include <string_view>

namespace ducat::iso20022 {

/// Returns the amount. Errors: bad_amount (also: it is negative), unknown_currency.
tl::expected<money, remark> money_from(std::string_view text, std::string_view currency);

/// Returns the day that an ISO 8601 date, or a date and time, begins with: "2026-11-29",
/// "2026-11-29T07:00:00+01:00". Nothing: another form, or no such day.
std::optional<std::chrono::year_month_day> day_from(std::string_view text);

std::optional<direction> direction_from(std::string_view code) noexcept;
std::optional<entry_status> entry_status_from(std::string_view code) noexcept;

/// Adds `more` behind a space, if there is room.
void append_line(std::string& text, std::string_view more);

/// Returns the text quoted for a note: not more than 40 characters of it.
std::string quoted(std::string_view text);

/// Which element goes into which text of a T.
template <class T>
struct text_field {
  std::string_view path;
  std::string T::* member;
  bool repeats = false; ///< Its lines are put together.
};

/// Puts the text where the table says. Returns whether the table has the path.
template <class T, std::size_t Size>
bool assign_text(const std::array<text_field<T>, Size>& table, T& to, std::string_view path,
                 std::string_view text) {
  for (const auto& field : table) {
    if (field.path != path)
      continue;
    if (field.repeats)
      append_line(to.*field.member, text);
    else
      to.*field.member = text;
    return true;
  }
  return false;
}

} // namespace ducat::iso20022
