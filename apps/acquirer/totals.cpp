#include "totals.hpp"

#include <string>

namespace ducat::acquirer {

namespace {

constexpr int first_count = 74;
constexpr int first_amount = 86;
constexpr int net_amount = 97;

std::string digits(std::uint64_t number, std::size_t size) {
  const std::string text = std::to_string(number);
  return std::string(size - std::min(size, text.size()), '0') + text;
}

tally& operator+=(tally& into, const tally& more) {
  into.count += more.count;
  into.amount_minor += more.amount_minor;
  return into;
}

std::string net_of(const totals& of) {
  const std::int64_t net = of.credits.amount_minor + of.debit_reversals.amount_minor -
                           of.debits.amount_minor - of.credit_reversals.amount_minor;
  return (net < 0 ? "D" : "C") + digits(static_cast<std::uint64_t>(net < 0 ? -net : net), 16);
}

bool is_zero(std::string_view text) {
  return text.find_first_not_of("CD0") == std::string_view::npos;
}

} // namespace

totals& totals::operator+=(const totals& more) {
  credits += more.credits;
  credit_reversals += more.credit_reversals;
  debits += more.debits;
  debit_reversals += more.debit_reversals;
  return *this;
}

void write_totals(const totals& from, iso8583::message& into) {
  int offset = 0;
  for (const tally* each :
       {&from.credits, &from.credit_reversals, &from.debits, &from.debit_reversals}) {
    into.set(first_count + offset, digits(each->count, 10));
    into.set(first_amount + offset, digits(static_cast<std::uint64_t>(each->amount_minor), 16));
    ++offset;
  }
  into.set(net_amount, net_of(from));
}

bool is_in_balance(const totals& own, const iso8583::message& request) {
  iso8583::message expected;
  write_totals(own, expected);
  for (const auto& [field, value] : expected.fields()) {
    const std::string_view given = request.find(field).value_or("0");
    if (given != value.data && !(is_zero(given) && is_zero(value.data)))
      return false;
  }
  return true;
}

} // namespace ducat::acquirer
