#include "client/table.hpp"
#include "settle/reconcile_report.hpp"

#include <ducat/payment/currency.hpp>

#include <algorithm>
#include <sstream>

namespace ducat::cli {

namespace {

using settlement::difference_class;

constexpr std::size_t differences_shown = 50;

std::string count_and_amount(std::int64_t count, std::int64_t amount) {
  return std::to_string(count) + " / " + std::to_string(amount);
}

std::string code_of(std::uint32_t currency) {
  const auto known = payment::find_currency(currency);
  return known ? std::string{known->code} : std::to_string(currency);
}

void add_sums(table& rows, const char* leg, const settlement::leg_sums& of) {
  for (const auto& [currency, sums] : of.by_currency) {
    rows.add({leg, code_of(currency), count_and_amount(sums.internal_count, sums.internal),
              count_and_amount(sums.count_differences, sums.differences),
              count_and_amount(sums.external_count, sums.external)});
    if (sums.internal_fees != 0 || sums.external_fees != 0)
      rows.add({"  fees", code_of(currency), std::to_string(sums.internal_fees),
                std::to_string(sums.fee_differences + sums.fees_not_compared),
                std::to_string(sums.external_fees)});
  }
}

void print_sums(std::ostream& out, const reconcile_result& of) {
  table rows{{{"LEG"},
              {"CURRENCY"},
              {"INTERNAL", align::right},
              {"+ DIFFERENCES", align::right},
              {"= EXTERNAL", align::right}}};
  add_sums(rows, "acquirer", of.found.sums.acquirer);
  add_sums(rows, "bank", of.found.sums.bank);
  rows.print(out);
}

void print_classes(std::ostream& out, const reconcile_result& of) {
  table rows{{{"CLASS"}, {"ACQUIRER", align::right}, {"BANK", align::right}}};
  for (std::uint8_t number = 1; number <= settlement::difference_classes; ++number) {
    const auto what = static_cast<difference_class>(number);
    rows.add({std::string{to_string(what)}, std::to_string(of.found.sums.acquirer.count(what)),
              std::to_string(of.found.sums.bank.count(what))});
  }
  rows.print(out);
}

std::string text_of(const v1::SettlementStatement& said) {
  std::string text = std::to_string(said.amount()) + " " + said.currency();
  if (said.has_fee())
    text += " fee " + std::to_string(said.fee());
  return text;
}

void print_differences(std::ostream& out, const reconcile_result& of) {
  if (of.found.to_open.empty())
    return;
  table rows{{{"DIFFERENCE"},
              {"LEG"},
              {"REFERENCE"},
              {"WINDOW", align::right},
              {"INTERNAL", align::right},
              {"EXTERNAL", align::right},
              {"EXCEPTION"}}};
  const std::size_t shown = std::min(of.found.to_open.size(), differences_shown);
  for (std::size_t place = 0; place < shown; ++place) {
    const settlement::new_exception& each = of.found.to_open[place];
    const v1::SettlementDifference& what = each.difference;
    rows.add({v1::SettlementDifference::Class_Name(what.what()),
              v1::SettlementDifference::Leg_Name(what.leg()), printable(what.reference()),
              std::to_string(what.window()), what.has_internal() ? text_of(what.internal()) : "",
              what.has_external() ? text_of(what.external()) : "", each.id});
  }
  out << '\n';
  rows.print(out);
  if (shown < of.found.to_open.size())
    out << "and " << of.found.to_open.size() - shown << " more\n";
}

void print_members(std::ostream& out, const settlement::window_report& found) {
  const settlement::member_counts& counts = found.members;
  out << "compared " << counts.compared << ", carried from before " << counts.carried
      << "; not to be reconciled: " << counts.other_acquirer << " through other acquirers, "
      << counts.no_card << " without a card, " << counts.no_number
      << " that the acquirer has nothing of\n";
  if (found.given_back != 0)
    out << found.given_back << " captured for less than the acquirer had, and given back there\n";
}

void print_totals(std::ostream& out, const compared_totals& totals) {
  const auto line = [&](const char* name, const v1::Tally& ours,
                        const settlement::journal_tally& theirs) {
    return std::vector<std::string>{
        name, count_and_amount(static_cast<std::int64_t>(ours.count()), ours.amount()),
        count_and_amount(static_cast<std::int64_t>(theirs.count), theirs.amount)};
  };
  const v1::AcquirerTotals& ours = totals.ours.totals();
  table rows{{{"TOTALS (0500)"}, {"OURS", align::right}, {"JOURNAL", align::right}}};
  rows.add(line("paid", ours.debits(), totals.theirs.debits));
  rows.add(line("reversed", ours.debit_reversals(), totals.theirs.debit_reversals));
  rows.add(line("refunded", ours.credits(), totals.theirs.credits));
  rows.add(line("refunds reversed", ours.credit_reversals(), totals.theirs.credit_reversals));
  out << '\n';
  rows.print(out);
  out << "since the last reconciliation in balance, of which there were " << totals.ours.periods()
      << ": " << to_string(totals.verdict);
  if (totals.ours.owed() != 0)
    out << "; " << totals.ours.owed() << " messages are not acknowledged yet";
  out << '\n';
}

void print_effects(std::ostream& out, const reconcile_result& of) {
  out << '\n' << of.found.to_open.size() << " new differences, " << of.found.known << " known; ";
  if (of.request.is_dry)
    out << of.found.seen.size() << " seen: nothing was changed (--dry-run)\n";
  else
    out << of.done.opened << " exceptions opened, " << of.done.disposed
        << " disposed of as LATE_MATCHED, " << of.done.open << " of the window open\n";
  if (of.found.seen_by_nobody != 0)
    out << of.found.seen_by_nobody << " seen now, whose rule leaves them to somebody\n";
  if (of.done.is_final)
    out << "window " << of.request.window << " is final\n";
}

} // namespace

std::string reconcile_text(const reconcile_result& of) {
  std::ostringstream out;
  out << "window " << of.request.window << " of " << of.request.currency << " with "
      << of.request.acquirer << ", business date " << of.window.business_date() << '\n';
  print_members(out, of.found);
  if (of.dates.after >= of.dates.through)
    out << "what only the acquirer has of that date, and its batch, is of a later window\n";
  out << '\n';
  print_sums(out, of);
  out << '\n';
  print_classes(out, of);
  print_differences(out, of);
  if (of.totals)
    print_totals(out, *of.totals);
  print_effects(out, of);
  for (const auto& [file, note] : of.notes)
    out << printable(file) << ": " << printable(to_string(note)) << '\n';
  return out.str();
}

} // namespace ducat::cli
