/// Acquirers in the payment machine: what was moved with each, reconciliations, and what only
/// somebody can decide. What counts when is chosen so that, with nothing open, both sides have
/// counted the same.

#include "payment/stored_totals.hpp"
#include "payment/view.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/currency.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <algorithm>

namespace ducat::payment {

namespace {

constexpr int exceptions_max = 1'000;

} // namespace

// Counting ---------------------------------------------------------------------------------------

machine::account_key machine::account_of(const payment_record& payment,
                                         const attempt_record& attempt) const {
  return {attempt.link, accounts_[payment.from].ledger};
}

acquirer_account& machine::change_account(const account_key& of) {
  if (keeper_.is_keeping())
    changed_accounts_.insert(of);
  return acquirers_[of];
}

/// Of what is only authorised nothing has moved.
void machine::count_approval(const payment_record& payment, const attempt_record& attempt) {
  if (attempt.asked == asked_for::financial)
    change_account(account_of(payment, attempt)).totals.debits.add(attempt.approved_amount);
}

/// What was approved, or decided to have been paid, has been counted then. Of what was in doubt
/// nobody knows whether the acquirer ever had it: it has counted it on both sides or on none.
void machine::count_reversal(const payment_record& payment, const attempt_record& attempt) {
  if (attempt.asked != asked_for::financial)
    return;
  acquirer_account& account = change_account(account_of(payment, attempt));
  const bool was_counted =
      attempt.in_doubt_at == log_time{} || (attempt.approved_amount != 0 && !attempt.was_late);
  if (was_counted)
    return account.totals.debit_reversals.add(attempt.approved_amount);
  account.totals.debits.add(attempt.amount);
  account.totals.debit_reversals.add(attempt.amount);
  account.uncertain.add(attempt.amount);
}

void machine::count_advice(const payment_record& payment, const advice_record& advice) {
  acquirer_account& account =
      change_account(account_of(payment, payment.attempts[advice.attempt - 1]));
  (advice.kind == advice_kind::refund ? account.totals.credits : account.totals.debits)
      .add(advice.amount);
}

/// Returns how much is not acknowledged over the link.
std::uint64_t machine::owed_over(const std::string& link) const {
  std::uint64_t all = 0;
  for (const auto* lists : {&owed_, &exhausted_})
    if (const auto found = lists->find(link); found != lists->end())
      all += found->second.size();
  for (const std::uint64_t sequence : open_)
    for (const attempt_record& each : payments_[sequence].attempts)
      if (each.link == link && (each.now == attempt_state::sent || owes_reversal(each.now)))
        ++all;
  return all;
}

// Reconciling ------------------------------------------------------------------------------------

machine::decision machine::check(const v1::ReconcileAcquirer& command) const {
  const auto currency = find_currency(command.currency());
  if (!currency)
    return refuse(refusal::currency_unknown, "currency");
  const auto found = acquirers_.find({command.link(), currency->number});
  if (found == acquirers_.end())
    return refuse(refusal::acquirer_not_found, "link");
  const reconciliation& newest = found->second.newest;
  const bool is_begun = newest.now == reconciliation_state::begun;
  switch (command.event()) {
  case v1::ReconcileAcquirer::BEGUN:
    if (is_begun)
      return {.what = decision::kind::replay};
    if (owed_over(command.link()) != 0)
      return refuse(refusal::acquirer_not_quiet, "link");
    return {};
  case v1::ReconcileAcquirer::IN_BALANCE:
  case v1::ReconcileAcquirer::OUT_OF_BALANCE:
    return is_begun && newest.number == command.number() ? decision{}
                                                         : decision{.what = decision::kind::replay};
  default:
    return refuse(refusal::command_malformed, "event");
  }
}

v1::Outcome machine::apply(const proposal& where, const v1::ReconcileAcquirer& command) {
  const account_key of{command.link(), find_currency(command.currency())->number};
  acquirer_account& account = change_account(of);
  if (command.event() == v1::ReconcileAcquirer::BEGUN) {
    begin_reconciliation(where, of, account.totals);
  } else {
    const reconciliation_answer heard{.is_in_balance =
                                          command.event() == v1::ReconcileAcquirer::IN_BALANCE,
                                      .theirs = totals_in(command.theirs()),
                                      .was_quiet = owed_over(of.first) == 0};
    switch (judge(account, heard)) {
    case reconciliation_verdict::close:
      close_period(account);
      break;
    case reconciliation_verdict::tell_them:
      begin_reconciliation(where, of, heard.theirs);
      break;
    case reconciliation_verdict::interrupt:
      account.newest.now = reconciliation_state::interrupted;
      break;
    case reconciliation_verdict::differ:
      account.newest.now = reconciliation_state::out_of_balance;
      account.newest.theirs = heard.theirs;
      break;
    }
  }
  v1::Outcome out;
  *out.mutable_acquirers()->add_data() = view_of_account(of);
  out.set_index(where.index);
  return out;
}

void machine::begin_reconciliation(const proposal& where, const account_key& of,
                                   const acquirer_totals& told) {
  acquirer_account& account = change_account(of);
  account.newest = {.number = ++attempts_,
                    .now = reconciliation_state::begun,
                    .begun_at = where.at,
                    .told = told,
                    .counted = account.totals,
                    .counted_uncertain = account.uncertain};
}

/// What has come since it began belongs to the next period.
void machine::close_period(acquirer_account& account) const {
  account.totals = since(account.totals, account.newest.counted);
  account.uncertain = since(account.uncertain, account.newest.counted_uncertain);
  account.newest.now = reconciliation_state::in_balance;
  ++account.periods;
}

// Questions --------------------------------------------------------------------------------------

v1::Acquirer machine::view_of_account(const account_key& of) const {
  const acquirer_account& account = acquirers_.at(of);
  v1::Acquirer out;
  out.set_link(of.first);
  out.set_currency(std::string{find_currency(of.second)->code});
  *out.mutable_totals() = message_of(account.totals);
  out.set_owed(owed_over(of.first));
  out.set_periods(account.periods);
  const reconciliation& newest = account.newest;
  if (newest.now == reconciliation_state::none)
    return out;
  out.set_state(static_cast<v1::Acquirer::State>(newest.now));
  out.set_number(newest.number);
  out.set_stan(stan_of(newest.number));
  out.set_begun_at_ns(newest.begun_at.nanoseconds);
  *out.mutable_ours() = message_of(newest.told);
  if (newest.now == reconciliation_state::out_of_balance)
    *out.mutable_theirs() = message_of(newest.theirs);
  return out;
}

v1::Outcome machine::ask(const v1::ListAcquirersRequest&) const {
  v1::Outcome out;
  auto& reply = *out.mutable_acquirers();
  for (const auto& [of, account] : acquirers_)
    *reply.add_data() = view_of_account(of);
  return out;
}

namespace {

/// A refund of what was never captured there would give money away: it waits until somebody has
/// decided about the capture.
bool is_held_up(const payment_record& payment, std::size_t place) {
  const auto end = payment.advices.begin() + static_cast<std::ptrdiff_t>(place);
  return std::any_of(payment.advices.begin(), end,
                     [](const advice_record& each) { return each.now == advice_state::exhausted; });
}

} // namespace

v1::Outcome machine::ask(const v1::ListOwedRequest& question) const {
  v1::Outcome out;
  auto& reply = *out.mutable_owed();
  v1::Question open;
  open.mutable_open_attempts()->set_link(question.link());
  v1::Outcome all = ask(open);
  for (v1::OpenAttempt& each : *all.mutable_open_attempts()->mutable_data())
    if (each.attempt().state() != v1::Attempt::SENT &&
        (question.limit() == 0 || reply.reversals_size() < static_cast<int>(question.limit())))
      *reply.add_reversals() = std::move(each);
  if (const auto list = owed_.find(question.link()); list != owed_.end())
    for (const auto& [number, place] : list->second) {
      if (question.limit() != 0 && reply.advices_size() >= static_cast<int>(question.limit()))
        break;
      const payment_record& payment = payments_[place.first];
      const advice_record& advice = payment.advices[place.second];
      if (is_held_up(payment, place.second))
        continue;
      auto& owed = *reply.add_advices();
      owed.set_payment_id(payment.id);
      *owed.mutable_advice() = view_of(advice, advice_id_of(payment.id, place.second + 1));
      *owed.mutable_original() = view_of(payment.attempts[advice.attempt - 1]);
      owed.set_currency(std::string{find_currency(accounts_[payment.from].ledger)->code});
      owed.set_number(static_cast<std::uint32_t>(place.second + 1));
    }
  for (const auto& [of, account] : acquirers_)
    if (of.first == question.link())
      *reply.add_acquirers() = view_of_account(of);
  return out;
}

v1::Outcome machine::ask(const v1::ListExceptionsRequest&) const {
  v1::Outcome out;
  auto& reply = *out.mutable_exceptions();
  const auto add = [&](v1::Exception::Kind kind, const std::string& link, std::uint32_t ledger,
                       log_time since) -> v1::Exception* {
    if (reply.data_size() == exceptions_max) {
      reply.set_has_more(true);
      return nullptr;
    }
    v1::Exception& made = *reply.add_data();
    made.set_kind(kind);
    made.set_link(link);
    made.set_currency(std::string{find_currency(ledger)->code});
    made.set_since_ns(since.nanoseconds);
    return &made;
  };
  for (const std::uint64_t sequence : open_) {
    const payment_record& payment = payments_[sequence];
    for (const attempt_record& attempt : payment.attempts) {
      if (attempt.now != attempt_state::exception)
        continue;
      if (auto* made = add(v1::Exception::PAYMENT, attempt.link, accounts_[payment.from].ledger,
                           std::max(attempt.in_doubt_at, attempt.sent_at))) {
        made->set_payment_id(payment.id);
        made->set_amount(attempt.amount);
        made->set_what("nobody has accepted the reversal");
      }
    }
  }
  for (const auto& [link, list] : exhausted_)
    for (const auto& [number, place] : list) {
      const payment_record& payment = payments_[place.first];
      const advice_record& advice = payment.advices[place.second];
      if (auto* made =
              add(v1::Exception::ADVICE, link, accounts_[payment.from].ledger, advice.since)) {
        made->set_payment_id(payment.id);
        made->set_advice(static_cast<std::uint32_t>(place.second + 1));
        made->set_amount(advice.amount);
        made->set_what("nobody has acknowledged the " + std::string{to_string(advice.kind)} +
                       ": too many or too old (" + advice.reason + ")");
      }
    }
  for (const auto& [of, account] : acquirers_)
    if (account.newest.now == reconciliation_state::out_of_balance)
      if (auto* made =
              add(v1::Exception::RECONCILIATION, of.first, of.second, account.newest.begun_at))
        made->set_what("out of balance");
  return out;
}

} // namespace ducat::payment
