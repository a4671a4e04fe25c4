#include <ducat/iso20022/csv.hpp>
#include <ducat/settlement/captures_csv.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace ducat::settlement {

namespace {

using iso20022::csv_row;
using iso20022::remark;

constexpr std::array<std::string_view, 5> capture_columns{"reference", "from", "to", "amount",
                                                          "business_date"};
constexpr std::size_t reference_length_max = 64;

bool is_visible(std::string_view text) {
  return !text.empty() && text.size() <= reference_length_max &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// Returns what the digits are; nothing if there is anything else.
template <class Number>
std::optional<Number> whole_number(std::string_view digits) {
  Number number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, number);
  return !digits.empty() && failure == std::errc{} && stop == end ? std::optional{number}
                                                                  : std::nullopt;
}

/// yyyymmdd, with or without hyphens.
std::optional<std::uint32_t> date_in(std::string_view text) {
  std::string digits{text};
  if (text.size() == 10 && text[4] == '-' && text[7] == '-')
    std::erase(digits, '-');
  const auto number = digits.size() == 8 ? whole_number<std::uint32_t>(digits) : std::nullopt;
  if (!number)
    return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(*number / 10'000)},
                                        std::chrono::month{*number / 100 % 100},
                                        std::chrono::day{*number % 100}};
  return day.ok() ? number : std::nullopt;
}

class capture_rows {
public:
  capture_rows(iso20022::import_report& report, const capture_visitor& visitor)
      : report_{report}, visitor_{visitor} {}

  void take(const csv_row& row) {
    if (!has_header_)
      return take_header(row);
    if (!usable_)
      return;
    auto capture = capture_of(row);
    if (!capture)
      return;
    ++report_.read;
    visitor_(*std::move(capture), row.line);
  }

  bool usable() const noexcept { return usable_; }

private:
  void take_header(const csv_row& row) {
    has_header_ = true;
    usable_ = true;
    columns_ = row.fields;
    for (auto at = columns_.begin(); at != columns_.end(); ++at)
      if (std::ranges::find(capture_columns, *at) == capture_columns.end())
        refuse(remark::unknown_column, row, *at);
      else if (std::find(columns_.begin(), at, *at) != at)
        refuse(remark::repeated, row, *at);
    for (const std::string_view name : capture_columns)
      if (name != "business_date" && std::ranges::find(columns_, name) == columns_.end())
        refuse(remark::missing, row, name);
  }

  void refuse(remark what, const csv_row& row, std::string_view column) {
    usable_ = false;
    report_.add({.what = what, .line = row.line, .where = std::string{column}});
  }

  std::nullopt_t leave_out(remark what, const csv_row& row, std::string_view column,
                           std::string detail) {
    ++report_.left_out;
    report_.add({.what = what,
                 .line = row.line,
                 .where = std::string{column},
                 .detail = std::move(detail)});
    return std::nullopt;
  }

  std::string field(const csv_row& row, std::string_view name) const {
    const auto at = std::ranges::find(columns_, name);
    return at == columns_.end() ? std::string{}
                                : row.fields[static_cast<std::size_t>(at - columns_.begin())];
  }

  /// Nothing: it was left out, for the first thing that is wrong.
  std::optional<v1::PresentedCapture> capture_of(const csv_row& row) {
    if (row.fields.size() != columns_.size())
      return leave_out(remark::bad_row, row, "", std::to_string(row.fields.size()) + " fields");
    for (const std::string_view name : {"reference", "from", "to"})
      if (!is_visible(field(row, name)))
        return leave_out(remark::bad_code, row, name, "not 1 to 64 visible characters");
    const auto amount = whole_number<std::int64_t>(field(row, "amount"));
    if (!amount || *amount <= 0)
      return leave_out(remark::bad_amount, row, "amount", "no minor units above 0");
    const std::string date = field(row, "business_date");
    const auto day = date.empty() ? std::optional<std::uint32_t>{0} : date_in(date);
    if (!day)
      return leave_out(remark::bad_date, row, "business_date", "no date");
    v1::PresentedCapture made;
    made.set_reference(field(row, "reference"));
    made.set_from(field(row, "from"));
    made.set_to(field(row, "to"));
    made.set_amount(*amount);
    made.set_business_date(*day);
    return made;
  }

  iso20022::import_report& report_;
  const capture_visitor& visitor_;
  std::vector<std::string> columns_;
  bool has_header_ = false;
  bool usable_ = false;
};

} // namespace

iso20022::import_report read_captures_csv(const iso20022::byte_source& bytes,
                                          const capture_visitor& visitor) {
  iso20022::import_report report;
  capture_rows rows{report, visitor};
  if (auto failure = iso20022::read_csv(bytes, ',', [&](const csv_row& row) { rows.take(row); }))
    report.add(*std::move(failure));
  else
    report.complete = rows.usable();
  return report;
}

} // namespace ducat::settlement
