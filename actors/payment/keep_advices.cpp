/// Advices and acquirers in the payment machine's store: see keep.cpp.

#include "payment/stored_advice.hpp"
#include "payment/stored_totals.hpp"

#include <ducat/fatal.hpp>
#include <ducat/payment/currency.hpp>
#include <ducat/payment/machine.hpp>

#include <algorithm>

namespace ducat::payment {

v1::Tally message_of(const tally& what) {
  v1::Tally out;
  out.set_count(what.count);
  out.set_amount(what.amount);
  return out;
}

v1::AcquirerTotals message_of(const acquirer_totals& what) {
  v1::AcquirerTotals out;
  *out.mutable_debits() = message_of(what.debits);
  *out.mutable_debit_reversals() = message_of(what.debit_reversals);
  *out.mutable_credits() = message_of(what.credits);
  *out.mutable_credit_reversals() = message_of(what.credit_reversals);
  return out;
}

tally tally_in(const v1::Tally& from) {
  return {.count = from.count(), .amount = from.amount()};
}

acquirer_totals totals_in(const v1::AcquirerTotals& from) {
  return {.debits = tally_in(from.debits()),
          .debit_reversals = tally_in(from.debit_reversals()),
          .credits = tally_in(from.credits()),
          .credit_reversals = tally_in(from.credit_reversals())};
}

v1::StoredAdvice stored(const advice_record& advice) {
  v1::StoredAdvice row;
  row.set_kind(static_cast<std::uint32_t>(advice.kind));
  row.set_state(static_cast<std::uint32_t>(advice.now));
  row.set_attempt(advice.attempt);
  row.set_number(advice.number);
  row.set_amount(advice.amount);
  row.set_response_code(advice.response_code);
  row.set_reason(advice.reason);
  row.set_at_ns(advice.at.nanoseconds);
  row.set_since_ns(advice.since.nanoseconds);
  row.set_resolved_at_ns(advice.resolved_at.nanoseconds);
  return row;
}

std::optional<advice_record> advice_in(const v1::StoredAdvice& row) {
  const bool is_good = (row.kind() == 1 || row.kind() == 2) && row.state() >= 1 &&
                       row.state() <= static_cast<std::uint32_t>(advice_state::settled) &&
                       row.attempt() != 0 && row.number() != 0;
  if (!is_good)
    return std::nullopt;
  return advice_record{.kind = static_cast<advice_kind>(row.kind()),
                       .now = static_cast<advice_state>(row.state()),
                       .attempt = row.attempt(),
                       .number = row.number(),
                       .amount = row.amount(),
                       .response_code = row.response_code(),
                       .reason = row.reason(),
                       .at = {row.at_ns()},
                       .since = {row.since_ns()},
                       .resolved_at = {row.resolved_at_ns()}};
}

void machine::take_changed_accounts(std::vector<ledger::kept_row>& into) {
  for (const account_key& of : std::exchange(changed_accounts_, {})) {
    const acquirer_account& account = acquirers_.at(of);
    v1::StoredAcquirer row;
    row.set_link(of.first);
    row.set_ledger(of.second);
    *row.mutable_totals() = message_of(account.totals);
    *row.mutable_uncertain() = message_of(account.uncertain);
    row.set_period(account.periods);
    row.set_number(account.newest.number);
    row.set_state(static_cast<std::uint32_t>(account.newest.now));
    row.set_begun_at_ns(account.newest.begun_at.nanoseconds);
    *row.mutable_told() = message_of(account.newest.told);
    *row.mutable_counted() = message_of(account.newest.counted);
    *row.mutable_counted_uncertain() = message_of(account.newest.counted_uncertain);
    *row.mutable_theirs() = message_of(account.newest.theirs);
    into.push_back({"r/" + of.first + "/" + std::string{find_currency(of.second)->code},
                    row.SerializeAsString()});
  }
}

void machine::restore(const v1::StoredAcquirer& stored) {
  if (!find_currency(stored.ledger()) ||
      stored.state() > static_cast<std::uint32_t>(reconciliation_state::interrupted))
    end_process({errc::corrupt, "the state of the payments is damaged: acquirer " + stored.link()});
  acquirers_[{stored.link(), stored.ledger()}] = {
      .totals = totals_in(stored.totals()),
      .uncertain = tally_in(stored.uncertain()),
      .periods = stored.period(),
      .newest = {.number = stored.number(),
                 .now = static_cast<reconciliation_state>(stored.state()),
                 .begun_at = {stored.begun_at_ns()},
                 .told = totals_in(stored.told()),
                 .counted = totals_in(stored.counted()),
                 .counted_uncertain = tally_in(stored.counted_uncertain()),
                 .theirs = totals_in(stored.theirs())}};
  attempts_ = std::max(attempts_, stored.number());
}

} // namespace ducat::payment
