#include "settlement/reconcile_journal_line.hpp"

#include <ducat/settlement/acquirer_journal.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <istream>
#include <ostream>
#include <unordered_map>
#include <vector>

namespace ducat::settlement {

namespace {

/// What is known of each line when the journal is read for the second time.
constexpr std::uint8_t line_moves_money = 1;
constexpr std::uint8_t line_is_credit = 2;
constexpr std::uint8_t line_is_financial = 4;

/// What the first reading finds out.
struct journal_marks {
  std::vector<std::uint8_t> lines{};                            ///< By sequence - 1.
  std::unordered_map<std::uint64_t, std::uint64_t> reversals{}; ///< Sequences, by the original's.
  std::map<journal_account, std::uint64_t> restarts{};          ///< Empty names stand for all.
};

bool is_payment(const journal_line& line) {
  return line.effect == "authorised" || line.effect == "captured" || line.effect == "advice";
}

/// An advice about what has already moved money moves none, unless it is its refund.
bool moves_money(const journal_line& line, const journal_marks& before) {
  if (!is_payment(line) || !line.is_financial)
    return false;
  if (line.original == 0)
    return true;
  const std::uint8_t original = before.lines[line.original - 1];
  return (original & line_is_financial) == 0 ||
         (line.is_credit && (original & line_is_credit) == 0);
}

void mark(const journal_line& line, journal_marks& into) {
  const int marks = (moves_money(line, into) ? line_moves_money : 0) |
                    (line.is_credit ? line_is_credit : 0) |
                    (line.is_financial ? line_is_financial : 0);
  into.lines.push_back(static_cast<std::uint8_t>(marks));
  if (line.effect == "reversed" && line.original != 0)
    into.reversals.emplace(line.original, line.sequence);
  if (line.effect == "reconciled")
    into.restarts[{line.terminal, line.currency}] = line.sequence;
}

/// Returns the sequence of the last reconciliation in balance of the account; 0: there was none.
std::uint64_t restart_of(const journal_account& account, const journal_marks& in) {
  std::uint64_t newest = 0;
  for (const journal_account& each :
       {account, {account.first, ""}, {"", account.second}, journal_account{}}) {
    const auto found = in.restarts.find(each);
    if (found != in.restarts.end())
      newest = std::max(newest, found->second);
  }
  return newest;
}

bool add_to_tally(journal_tally& to, std::int64_t amount) {
  ++to.count;
  return !__builtin_add_overflow(to.amount, amount, &to.amount);
}

/// Counts a line that moves money, and its reversal; returns false if a sum is too large.
bool count(const journal_line& line, const journal_marks& marks, journal_contents& into) {
  const journal_account account{line.terminal, line.currency};
  const std::uint64_t restart = restart_of(account, marks);
  const auto reversal = marks.reversals.find(line.sequence);
  bool fits = true;
  const auto add = [&](journal_totals& to, bool is_reversal) {
    journal_tally& payments = line.is_credit ? to.credits : to.debits;
    journal_tally& reversals = line.is_credit ? to.credit_reversals : to.debit_reversals;
    fits = add_to_tally(is_reversal ? reversals : payments, line.amount) && fits;
  };
  add(into.totals[account], false);
  if (line.sequence > restart)
    add(into.totals_of_period[account], false);
  if (reversal == marks.reversals.end())
    return fits;
  add(into.totals[account], true);
  if (reversal->second > restart)
    add(into.totals_of_period[account], true);
  return fits;
}

reconciliation_item item_of(const journal_line& line, const journal_options& with) {
  std::uint32_t currency = 0;
  std::from_chars(line.currency.data(), line.currency.data() + line.currency.size(), currency);
  const std::uint32_t date = with.business_date(line.at_ms);
  return {.reference = reference_of(line.rrn, line.stan),
          .batch = with.acquirer + "-" + std::to_string(date) + "-" + line.currency,
          .amount = line.is_credit ? -line.amount : line.amount,
          .currency = currency,
          .fee = line.fee,
          .business_date = date};
}

using line_sink = std::function<result<void>(const journal_line&)>;

/// Gives each whole line away.
result<void> each_line(std::istream& from, const line_sink& sink) {
  std::uint64_t number = 0;
  for (std::string text; std::getline(from, text) && !from.eof();) {
    const auto line = parse_journal_line(text);
    const std::string where = "line " + std::to_string(++number) + ": ";
    if (!line)
      return fail(errc::corrupt, where + line.error().message);
    if (line->sequence != number || line->original >= number)
      return fail(errc::corrupt, where + "its sequence is not the next one");
    if (const auto taken = sink(*line); !taken)
      return fail(taken.error().code, where + taken.error().message);
  }
  return from.bad() ? fail(errc::io, "the journal cannot be read") : result<void>{};
}

} // namespace

result<journal_contents> read_journal(std::istream& from, const journal_options& with,
                                      const item_sink& sink) {
  journal_marks marks;
  const auto marked = each_line(from, [&](const journal_line& line) -> result<void> {
    mark(line, marks);
    return {};
  });
  if (!marked)
    return tl::unexpected(marked.error());
  from.clear();
  if (!from.seekg(0))
    return fail(errc::io, "the journal cannot be read twice");
  journal_contents contents;
  const auto read = each_line(from, [&](const journal_line& line) -> result<void> {
    if (line.sequence > marks.lines.size() ||
        (marks.lines[line.sequence - 1] & line_moves_money) == 0)
      return {}; // It has been written meanwhile, or moves nothing.
    if (!count(line, marks, contents))
      return fail(errc::corrupt, "a sum is too large");
    if (marks.reversals.contains(line.sequence))
      return {};
    ++contents.items;
    return sink(item_of(line, with));
  });
  if (!read)
    return tl::unexpected(read.error());
  return contents;
}

std::int64_t net_of(const journal_totals& of) {
  return of.debits.amount - of.debit_reversals.amount - of.credits.amount +
         of.credit_reversals.amount;
}

std::ostream& operator<<(std::ostream& out, const journal_totals& what) {
  const auto print = [&](const char* name, const journal_tally& each) {
    out << name << '=' << each.count << '/' << each.amount;
  };
  print("debits", what.debits);
  print(" debit_reversals", what.debit_reversals);
  print(" credits", what.credits);
  print(" credit_reversals", what.credit_reversals);
  return out;
}

std::uint32_t utc_date(std::int64_t at_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds{at_ms}};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
  const auto year = static_cast<std::uint32_t>(static_cast<int>(day.year()));
  return year * 10'000 + static_cast<std::uint32_t>(static_cast<unsigned>(day.month())) * 100 +
         static_cast<std::uint32_t>(static_cast<unsigned>(day.day()));
}

} // namespace ducat::settlement
