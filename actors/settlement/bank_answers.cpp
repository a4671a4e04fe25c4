#include <ducat/iso20022/amount.hpp>
#include <ducat/iso20022/csv.hpp>
#include <ducat/settlement/bank_answers.hpp>

#include <algorithm>
#include <charconv>
#include <ostream>

namespace ducat::settlement {

namespace {

using iso20022::bank_entry;
using iso20022::direction;
using iso20022::transaction;

/// Takes a number without leading zeros off the front, and the '-' before it.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  if (text.size() < 2 || text[0] != '-' || text[1] < '1' || text[1] > '9')
    return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  if (failure != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Returns what stands behind the prefix: a currency and one or two numbers.
std::optional<payout_ref> ref_in(std::string_view text, std::string_view prefix, bool has_place) {
  constexpr std::size_t code_length = 3;
  if (!text.starts_with(prefix) || text.size() < prefix.size() + code_length)
    return std::nullopt;
  payout_ref made{.currency = std::string{text.substr(prefix.size(), code_length)}};
  if (!std::ranges::all_of(made.currency, [](char c) { return c >= 'A' && c <= 'Z'; }))
    return std::nullopt;
  text.remove_prefix(prefix.size() + code_length);
  const auto batch = take_number(text);
  const auto place = batch && has_place ? take_number(text) : std::optional<std::uint64_t>{0};
  if (!batch || !place || !text.empty())
    return std::nullopt;
  made.batch = *batch;
  made.place = *place;
  return made;
}

/// Both ids of an order are the payout's; a bank may give back only one of them.
std::optional<payout_ref> payout_named(const std::string& end_to_end_id,
                                       const std::string& instruction_id) {
  const bool is_given = !end_to_end_id.empty() && end_to_end_id != "NOTPROVIDED";
  return payout_known_as(is_given ? end_to_end_id : instruction_id);
}

bool is_return(const bank_entry& entry, const std::string& reason) {
  return !reason.empty() || entry.reversal ||
         entry.bank_code.find("RRTN") != std::string::npos || // ISO: reversal due to a return.
         entry.bank_code.find("RPCR") != std::string::npos;   // ... to a payment cancellation.
}

/// Whether the transfers come to the entry's amount, as far as the bank tells theirs.
bool adds_up(const bank_entry& entry) {
  std::optional<std::int64_t> sum = 0;
  for (const transaction& each : entry.transactions) {
    if (!each.amount)
      return entry.transactions.size() == 1;
    if (each.amount->currency != entry.amount.currency)
      return false;
    const bool adds = each.side.value_or(entry.side) == entry.side;
    sum = sum ? iso20022::add(*sum, adds ? each.amount->minor : -each.amount->minor) : sum;
  }
  return sum == entry.amount.minor;
}

bank_answer doubt(bank_answer of, std::string why) {
  of.what = bank_says::doubtful;
  of.text = std::move(why);
  return of;
}

/// What the booking of money to one side says of a payout.
bank_answer answer_of(const bank_entry& entry, direction side, bank_answer of) {
  if (entry.status != iso20022::entry_status::booked) {
    of.what = bank_says::waiting;
    return of;
  }
  if (side == direction::debit) {
    of.what = bank_says::booked;
    return entry.reversal ? doubt(std::move(of), "a debit that takes back a credit")
                          : std::move(of);
  }
  of.what = bank_says::returned;
  return is_return(entry, of.reason)
             ? std::move(of)
             : doubt(std::move(of), "a credit that does not say that it is a return");
}

bank_answer answer_of(const bank_entry& entry, const transaction& one, bank_answer of) {
  of.reason = one.return_reason;
  of.text = one.return_text;
  of.amount = one.amount;
  if (!of.amount && entry.transactions.size() == 1)
    of.amount = entry.amount;
  of = answer_of(entry, one.side.value_or(entry.side), std::move(of));
  if (of.what == bank_says::waiting)
    return of;
  return adds_up(entry) ? std::move(of)
                        : doubt(std::move(of), "the transfers do not come to the entry's amount");
}

/// The batch that an entry without payouts names.
std::optional<payout_ref> batch_of(const bank_entry& entry) {
  for (const std::string* id : {&entry.batch_payment_id, &entry.batch_message_id})
    if (auto found = batch_known_as(*id))
      return found;
  if (entry.transactions.size() != 1)
    return std::nullopt;
  const transaction& only = entry.transactions.front();
  for (const std::string* id : {&only.payment_id, &only.message_id, &only.end_to_end_id})
    if (auto found = batch_known_as(*id))
      return found;
  return std::nullopt;
}

bank_answer answer_of_batch(const bank_entry& entry, bank_answer of) {
  of.amount = entry.amount;
  if (!entry.transactions.empty()) {
    of.reason = entry.transactions.front().return_reason;
    of.text = entry.transactions.front().return_text;
  }
  of = answer_of(entry, entry.side, std::move(of));
  return of.what == bank_says::returned
             ? doubt(std::move(of), "a credit of a batch names none of its payouts")
             : of;
}

/// Passes on what statements say.
class statement_answers final : public iso20022::statement_visitor {
public:
  statement_answers(answers_report& report, const answer_visitor& visitor)
      : report_{report}, visitor_{visitor} {}

  void on_statement(const iso20022::statement_head& head) override { account_ = head.account; }

  void on_entry(bank_entry entry) override {
    report_.not_ours += answers_in(entry, account_, visitor_);
  }

  void on_end(const iso20022::statement_totals&) override {}

private:
  answers_report& report_;
  const answer_visitor& visitor_;
  std::string account_;
};

} // namespace

std::string payout_ref::batch_id() const {
  return "pob_" + currency + '_' + std::to_string(batch);
}

std::string payout_ref::id() const {
  return place == 0 ? batch_id()
                    : "po_" + currency + '_' + std::to_string(batch) + '_' + std::to_string(place);
}

std::optional<payout_ref> payout_known_as(std::string_view end_to_end_id) {
  return ref_in(end_to_end_id, "po-", true);
}

std::optional<payout_ref> batch_known_as(std::string_view message_id) {
  return ref_in(message_id, "pob-", false);
}

std::string_view to_string(bank_says value) noexcept {
  constexpr std::string_view names[] = {"booked", "returned", "rejected", "waiting", "doubtful"};
  return names[static_cast<std::size_t>(value)];
}

std::ostream& operator<<(std::ostream& out, bank_says value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, const bank_answer& what) {
  out << "line " << what.line << ": " << what.of.id() << ' ' << what.what;
  if (what.amount)
    out << ", " << *what.amount;
  return out << ", account \"" << what.account << "\", reason \"" << what.reason << "\", \""
             << what.text << '"';
}

std::size_t answers_in(const bank_entry& entry, const std::string& account,
                       const answer_visitor& visitor) {
  const auto begun = [&](payout_ref of) {
    return bank_answer{.line = entry.line,
                       .of = std::move(of),
                       .account = account,
                       .booked_on = entry.booking_date};
  };
  std::size_t ours = 0;
  for (const transaction& each : entry.transactions)
    if (auto found = payout_named(each.end_to_end_id, each.instruction_id)) {
      visitor(answer_of(entry, each, begun(*std::move(found))));
      ++ours;
    }
  if (ours > 0)
    return entry.transactions.size() - ours;
  if (auto batch = batch_of(entry)) {
    visitor(answer_of_batch(entry, begun(*std::move(batch))));
    return 0;
  }
  return std::max<std::size_t>(entry.transactions.size(), 1);
}

std::optional<bank_answer> answer_in(const iso20022::order_status& status) {
  using iso20022::status_level;
  auto of = payout_named(status.original_end_to_end_id, status.original_id);
  if (status.level != status_level::transaction) {
    of = batch_known_as(status.original_payment_id);
    if (!of && status.level == status_level::message)
      of = batch_known_as(status.original_message_id);
  }
  if (!of)
    return std::nullopt;
  bank_answer said{.line = status.line,
                   .what = bank_says::waiting,
                   .of = *std::move(of),
                   .reason = status.reason,
                   .text = status.text};
  switch (iso20022::state_of(status.code)) {
  case iso20022::order_state::rejected:
    said.what = bank_says::rejected;
    return said;
  case iso20022::order_state::unknown:
    return doubt(std::move(said), "the status \"" + status.code + "\" is not known");
  case iso20022::order_state::pending:
  case iso20022::order_state::accepted:
  case iso20022::order_state::settled:
  case iso20022::order_state::partly:
    break;
  }
  return said;
}

std::string_view to_string(bank_file value) noexcept {
  constexpr std::string_view names[] = {"statement", "status report", "entries as CSV"};
  return names[static_cast<std::size_t>(value)];
}

bank_file kind_of(std::string_view beginning) {
  if (beginning.starts_with("\xEF\xBB\xBF"))
    beginning.remove_prefix(3);
  const auto at = beginning.find_first_not_of(" \t\r\n");
  if (at == std::string_view::npos || beginning[at] != '<')
    return beginning.starts_with("\xFF\xFE") || beginning.starts_with("\xFE\xFF")
               ? bank_file::statement
               : bank_file::entries_csv;
  for (const std::string_view root : {"CstmrPmtStsRpt", "FIToFIPmtStsRpt"})
    if (beginning.find(root) != std::string_view::npos)
      return bank_file::status_report;
  return bank_file::statement;
}

answers_report read_answers(const iso20022::byte_source& bytes, bank_file kind,
                            const answer_visitor& visitor) {
  answers_report report;
  if (kind == bank_file::statement) {
    statement_answers answers{report, visitor};
    report.import = read_statements(bytes, answers);
  } else if (kind == bank_file::entries_csv) {
    report.import = iso20022::read_entries_csv(
        bytes, [&](const bank_entry& entry) { report.not_ours += answers_in(entry, "", visitor); });
  } else {
    report.import = iso20022::read_status_report(bytes, [&](const iso20022::order_status& status) {
      if (auto said = answer_in(status))
        visitor(*std::move(said));
      else
        ++report.not_ours;
    });
  }
  return report;
}

} // namespace ducat::settlement
