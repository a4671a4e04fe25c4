#include <ducat/payment/acquirer_totals.hpp>

#include <ostream>

namespace ducat::payment {

namespace {

std::ostream& operator<<(std::ostream& out, const tally& what) {
  return out << what.count << '/' << what.amount;
}

/// Of all that `ours` counts, so much is not in `theirs`.
bool is_less_by(const tally& ours, const tally& theirs, const tally& by) noexcept {
  return ours.count == theirs.count + by.count && ours.amount == theirs.amount + by.amount;
}

} // namespace

std::ostream& operator<<(std::ostream& out, const acquirer_totals& what) {
  return out << "debits " << what.debits << " reversed " << what.debit_reversals << " credits "
             << what.credits << " reversed " << what.credit_reversals;
}

tally since(const tally& all, const tally& before) noexcept {
  return {.count = all.count - before.count, .amount = all.amount - before.amount};
}

acquirer_totals since(const acquirer_totals& all, const acquirer_totals& before) noexcept {
  return {.debits = since(all.debits, before.debits),
          .debit_reversals = since(all.debit_reversals, before.debit_reversals),
          .credits = since(all.credits, before.credits),
          .credit_reversals = since(all.credit_reversals, before.credit_reversals)};
}

bool agree(const acquirer_totals& ours, const acquirer_totals& theirs,
           const tally& uncertain) noexcept {
  if (ours.credits != theirs.credits || ours.credit_reversals != theirs.credit_reversals)
    return false;
  if (theirs.debits.count > ours.debits.count || theirs.debits.amount > ours.debits.amount)
    return false;
  const tally less = since(ours.debits, theirs.debits);
  return less.count <= uncertain.count && less.amount <= uncertain.amount &&
         is_less_by(ours.debit_reversals, theirs.debit_reversals, less);
}

std::string_view to_string(reconciliation_state value) noexcept {
  switch (value) {
    using enum reconciliation_state;
  case none:
    return "none";
  case begun:
    return "begun";
  case in_balance:
    return "in_balance";
  case out_of_balance:
    return "out_of_balance";
  case interrupted:
    return "interrupted";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, reconciliation_state value) {
  return out << to_string(value);
}

reconciliation_verdict judge(const acquirer_account& account,
                             const reconciliation_answer& heard) noexcept {
  // What was told was true of both at the moment when the acquirer looked, whatever came after it.
  if (heard.is_in_balance)
    return reconciliation_verdict::close;
  if (!heard.was_quiet || account.totals != account.newest.counted)
    return reconciliation_verdict::interrupt;
  if (heard.theirs != account.newest.told &&
      agree(account.newest.counted, heard.theirs, account.newest.counted_uncertain))
    return reconciliation_verdict::tell_them;
  return reconciliation_verdict::differ;
}

} // namespace ducat::payment
