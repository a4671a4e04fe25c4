#include "iso20022/import_text.hpp"

#include <ducat/iso20022/amount.hpp>
#include <ducat/payment/currency.hpp>

#include <charconv>
#include <ostream>

namespace ducat::iso20022 {

namespace {

constexpr std::size_t lines_bytes_max = 16 * 1024;
constexpr std::size_t quoted_bytes_max = 40;
constexpr std::size_t date_length = 10;

std::optional<int> number_from(std::string_view digits) {
  int number = 0;
  const char* const end = digits.data() + digits.size();
  if (digits.starts_with('-'))
    return std::nullopt;
  const auto [last, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || last != end)
    return std::nullopt;
  return number;
}

} // namespace

std::ostream& operator<<(std::ostream& out, const money& amount) {
  return out << amount.minor << " minor units of " << amount.currency;
}

tl::expected<money, remark> money_from(std::string_view text, std::string_view currency) {
  const auto known = payment::find_currency(currency);
  if (!known)
    return tl::unexpected(remark::unknown_currency);
  const auto minor = from_decimal(text, known->exponent);
  if (!minor || *minor < 0)
    return tl::unexpected(remark::bad_amount);
  return money{.minor = *minor, .currency = std::string{currency}};
}

std::optional<std::chrono::year_month_day> day_from(std::string_view text) {
  using namespace std::chrono;
  if (text.size() < date_length || text[4] != '-' || text[7] != '-')
    return std::nullopt;
  if (text.size() > date_length && std::string_view{"TZ+-"}.find(text[date_length]) == text.npos)
    return std::nullopt;
  const auto y = number_from(text.substr(0, 4));
  const auto m = number_from(text.substr(5, 2));
  const auto d = number_from(text.substr(8, 2));
  if (!y || !m || !d)
    return std::nullopt;
  const year_month_day found{year{*y}, month{static_cast<unsigned>(*m)},
                             day{static_cast<unsigned>(*d)}};
  return found.ok() ? std::optional{found} : std::nullopt;
}

std::optional<direction> direction_from(std::string_view code) noexcept {
  if (code == "CRDT")
    return direction::credit;
  if (code == "DBIT")
    return direction::debit;
  return std::nullopt;
}

std::optional<entry_status> entry_status_from(std::string_view code) noexcept {
  using enum entry_status;
  if (code == "BOOK")
    return booked;
  if (code == "PDNG")
    return pending;
  if (code == "INFO")
    return information;
  if (code == "FUTR")
    return future;
  return std::nullopt;
}

void append_line(std::string& text, std::string_view more) {
  if (more.empty() || text.size() + more.size() > lines_bytes_max)
    return;
  if (!text.empty())
    text += ' ';
  text += more;
}

std::string quoted(std::string_view text) {
  return '"' + std::string{text.substr(0, quoted_bytes_max)} + '"';
}

} // namespace ducat::iso20022
