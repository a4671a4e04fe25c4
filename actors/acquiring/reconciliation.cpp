/// Reconciliation in the words of ISO 8583: DE74 to DE77 are counts, DE86 to DE89 sums, DE97 the
/// net.

#include "acquiring/field_text.hpp"

#include <ducat/acquiring/messages.hpp>
#include <ducat/payment/currency.hpp>

#include <array>
#include <charconv>
#include <optional>

namespace ducat::acquiring {

namespace {

using payment::acquirer_totals;
using payment::tally;

constexpr int first_count = 74;
constexpr int first_sum = 86;
constexpr int net = 97;
constexpr int settlement = 66;

/// In the order of the fields.
constexpr std::array tallies{&acquirer_totals::credits, &acquirer_totals::credit_reversals,
                             &acquirer_totals::debits, &acquirer_totals::debit_reversals};

std::string net_of(const acquirer_totals& of) {
  const std::int64_t sum =
      of.credits.amount + of.debit_reversals.amount - of.debits.amount - of.credit_reversals.amount;
  return (sum < 0 ? "D" : "C") + digits_of(static_cast<std::uint64_t>(sum < 0 ? -sum : sum), 16);
}

/// A field that is missing says zero.
template <class Number>
std::optional<Number> count_in(const iso8583::message& from, int field) {
  const std::string_view text = from.find(field).value_or("0");
  Number value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

std::optional<acquirer_totals> totals_in(const iso8583::message& from) {
  acquirer_totals read;
  for (int i = 0; i < static_cast<int>(tallies.size()); ++i) {
    const auto count = count_in<std::int64_t>(from, first_count + i);
    const auto sum = count_in<std::int64_t>(from, first_sum + i);
    if (!count || !sum)
      return std::nullopt;
    read.*tallies[static_cast<std::size_t>(i)] = {.count = static_cast<std::uint64_t>(*count),
                                                  .amount = *sum};
  }
  return read;
}

} // namespace

result<iso8583::message> reconciliation_of(const payment::compare_totals& what,
                                           const profile& with) {
  const auto currency = payment::find_currency(what.currency);
  if (!currency)
    return fail(errc::invalid_argument, "a message cannot have that currency");
  iso8583::message made{what.is_repeat ? "0501" : "0500"};
  made.set(7, transmitted_at(what.begun_at));
  made.set(11, digits_of(payment::stan_of(what.number), 6));
  made.set(41, with.terminal);
  made.set(42, with.merchant);
  made.set(50, digits_of(currency->number, 3));
  for (int i = 0; i < static_cast<int>(tallies.size()); ++i) {
    const tally& each = what.ours.*tallies[static_cast<std::size_t>(i)];
    made.set(first_count + i, digits_of(each.count, 10));
    made.set(first_sum + i, digits_of(static_cast<std::uint64_t>(each.amount), 16));
  }
  made.set(net, net_of(what.ours));
  return made;
}

payment::totals_answer answer_to_reconciliation(const iso8583::message& answer) {
  const auto said = answer.find(settlement);
  if (said == "1")
    return {.was_compared = true, .is_in_balance = true};
  const auto theirs = totals_in(answer);
  if (said != "2" || !theirs)
    return {};
  return {.was_compared = true, .theirs = *theirs};
}

} // namespace ducat::acquiring
