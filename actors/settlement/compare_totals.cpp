#include <ducat/settlement/compare_totals.hpp>

namespace ducat::settlement {

namespace {

journal_tally tally_of(const v1::Tally& from) {
  return {.count = from.count(), .amount = from.amount()};
}

journal_tally sum(const journal_tally& a, const journal_tally& b) {
  return {.count = a.count + b.count, .amount = a.amount + b.amount};
}

journal_tally less(const journal_tally& all, const journal_tally& reversed) {
  return {.count = all.count - reversed.count, .amount = all.amount - reversed.amount};
}

} // namespace

std::string_view to_string(totals_verdict value) noexcept {
  switch (value) {
  case totals_verdict::agree:
    return "agree";
  case totals_verdict::reversals_differ:
    return "reversals_differ";
  case totals_verdict::differ:
    return "differ";
  }
  return "";
}

journal_totals period_of(const journal_contents& journal, std::string_view currency) {
  journal_totals all;
  for (const auto& [account, totals] : journal.totals_of_period)
    if (account.second == currency)
      all = sum(all, totals);
  return all;
}

journal_totals sum(const journal_totals& a, const journal_totals& b) {
  return {.debits = sum(a.debits, b.debits),
          .debit_reversals = sum(a.debit_reversals, b.debit_reversals),
          .credits = sum(a.credits, b.credits),
          .credit_reversals = sum(a.credit_reversals, b.credit_reversals)};
}

totals_verdict compare(const v1::AcquirerTotals& ours, const journal_totals& theirs) {
  const journal_totals own{.debits = tally_of(ours.debits()),
                           .debit_reversals = tally_of(ours.debit_reversals()),
                           .credits = tally_of(ours.credits()),
                           .credit_reversals = tally_of(ours.credit_reversals())};
  if (own == theirs)
    return totals_verdict::agree;
  const bool stands_the_same =
      less(own.debits, own.debit_reversals) == less(theirs.debits, theirs.debit_reversals) &&
      less(own.credits, own.credit_reversals) == less(theirs.credits, theirs.credit_reversals);
  return stands_the_same ? totals_verdict::reversals_differ : totals_verdict::differ;
}

} // namespace ducat::settlement
