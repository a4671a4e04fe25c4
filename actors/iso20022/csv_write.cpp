#include "iso20022/date_text.hpp"

#include <ducat/iso20022/amount.hpp>
#include <ducat/iso20022/csv.hpp>
#include <ducat/payment/currency.hpp>

#include <array>

namespace ducat::iso20022 {

namespace {

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos)
    return text;
  std::string quoted_text = "\"";
  for (const char c : text) {
    if (c == '"')
      quoted_text += c;
    quoted_text += c;
  }
  return quoted_text + '"';
}

std::string header_line(std::initializer_list<std::string_view> names) {
  const std::vector<std::string> fields(names.begin(), names.end());
  return csv_line(fields);
}

/// Returns the decimals of the currency, if the row can be written.
result<std::uint32_t> decimals_of(const std::string& currency, std::chrono::year_month_day day) {
  const auto known = payment::find_currency(currency);
  if (!known)
    return tl::unexpected(
        problem{.what = fault::unknown_currency, .field = "currency", .detail = currency});
  if (!day.ok())
    return tl::unexpected(problem{.what = fault::bad_date, .field = "date"});
  return known->exponent;
}

} // namespace

std::string csv_line(std::span<const std::string> fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0)
      line += ',';
    line += csv_field(fields[i]);
  }
  return line + "\r\n";
}

std::string payout_csv_header() {
  return header_line({"payout", "batch", "merchant", "currency", "amount", "end_to_end_id",
                      "account", "state", "execution_date"});
}

result<std::string> to_csv(const payout_row& row) {
  return decimals_of(row.amount.currency, row.execution_date).map([&](std::uint32_t decimals) {
    return csv_line(std::array{row.payout, row.batch, row.merchant, row.amount.currency,
                               to_decimal(row.amount.minor, decimals), row.end_to_end_id,
                               row.account, row.state, day_text(row.execution_date)});
  });
}

std::string member_csv_header() {
  return header_line({"payment", "transfer", "merchant", "window", "business_date", "captured_at",
                      "currency", "amount", "fee", "payout"});
}

result<std::string> to_csv(const member_row& row) {
  return decimals_of(row.amount.currency, row.business_date).map([&](std::uint32_t decimals) {
    return csv_line(std::array{row.payment, row.transfer, row.merchant, std::to_string(row.window),
                               day_text(row.business_date), second_text(row.captured_at),
                               row.amount.currency, to_decimal(row.amount.minor, decimals),
                               to_decimal(row.fee_minor, decimals), row.payout});
  });
}

} // namespace ducat::iso20022
