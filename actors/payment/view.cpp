#include "payment/view.hpp"

#include "payment/limits.hpp"
#include "settlement/book.hpp"
#include "settlement/exception_book.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/currency.hpp>
#include <ducat/payment/decline_class.hpp>
#include <ducat/payment/errors.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/planted.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace ducat::payment {

namespace {

/// Sums over a ledger may pass 63 bits; one account's are clipped there rather than wrapped.
std::int64_t clipped(u128 value) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return value > static_cast<u128>(most) ? most : static_cast<std::int64_t>(value);
}

std::int64_t difference(u128 credits, u128 debits) {
  return credits >= debits ? clipped(credits - debits) : -clipped(debits - credits);
}

v1::Refund view_of(const refund_record& refund) {
  v1::Refund out;
  out.set_id(refund.id);
  out.set_amount(refund.amount);
  out.set_created_at_ns(refund.at.nanoseconds);
  out.set_state(refund.decline_code.empty() ? v1::Refund::SUCCEEDED : v1::Refund::DECLINED);
  out.set_decline_code(refund.decline_code);
  return out;
}

/// Where a page of `limit` records begins and ends. Requires limit_is_valid.
struct page {
  std::size_t begin;
  std::size_t end;
};

page page_after(std::optional<std::size_t> last, std::uint32_t limit, std::size_t total) {
  const std::size_t begin = last ? *last + 1 : 0;
  return {begin, std::min(total, begin + (limit == 0 ? page_size_default : limit))};
}

} // namespace

v1::Outcome machine::answer(const decision& decided, const v1::Command& command) const {
  if (decided.what == decision::kind::refuse)
    return refused(decided.why, decided.param);
  v1::Outcome out;
  if (decided.change != nullptr) {
    out = outcome_of_change(*decided.change);
  } else if (command.has_pass_time()) {
    // Nothing is due.
  } else if (const std::string* endpoint = webhook_of(command)) {
    out = webhook_outcome(*endpoint);
  } else if (command.has_settlement()) {
    out = outcome_of_settlement(command.settlement());
  } else if (command.has_settlement_exception()) {
    out = outcome_of_exceptions(command.settlement_exception());
  } else if (command.has_reconcile_acquirer()) {
    const auto& asked = command.reconcile_acquirer();
    *out.mutable_acquirers()->add_data() =
        view_of_account({asked.link(), find_currency(asked.currency())->number});
  } else if (command.has_reverse_payment()) {
    out = outcome_of_reversal(*decided.key);
  } else if (command.has_reconcile_terminal()) {
    out = outcome_of_reconciliation(decided, command.reconcile_terminal());
  } else if (command.has_grant_link()) {
    out = outcome_of_grant(command.grant_link());
  } else if (command.has_send_attempt() || command.has_resolve_attempt() ||
             command.has_give_up_payment() || command.has_resolve_advice()) {
    out = outcome_now(*find_payment(decided.key->payment_id), decided.key->index);
  } else if (decided.account != nullptr) {
    *out.mutable_account() = view(*decided.account);
    out.set_index(decided.account->index);
  } else {
    out = outcome_of(*decided.key, command.refund_payment().idempotency_key());
  }
  out.set_replayed(decided.what == decision::kind::replay);
  return out;
}

/// Returns the payment as the request behind `key` left it. `own_key` finds the refund it made.
v1::Outcome machine::outcome_of(const key_record& key, const std::string& own_key) const {
  v1::Outcome out;
  if (key.payment_id.empty()) {
    out.set_index(key.index);
    return out;
  }
  const payment_record* payment = find_payment(key.payment_id);
  DUCAT_CHECK(payment != nullptr);
  *out.mutable_payment() =
      view(*payment, planted::is_on(planted::bug::answer_recomputed) ? std::nullopt : key.reply);
  out.set_index(key.index);
  const auto refund =
      std::ranges::find(payment->refunds, refund_id_of(own_key), &refund_record::id);
  if (refund != payment->refunds.end())
    *out.mutable_refund() = view_of(*refund);
  return out;
}

/// Returns the payment as it is: an attempt may go on when its creation was answered long ago.
v1::Outcome machine::outcome_now(const payment_record& payment, std::uint64_t index) const {
  v1::Outcome out;
  *out.mutable_payment() = view(payment, std::nullopt);
  out.set_index(index);
  return out;
}

v1::Account machine::view(const account_record& account) const {
  const ledger::account* held = book_.find(account.number);
  DUCAT_CHECK(held != nullptr);
  v1::Account out;
  out.set_id(account.id);
  out.set_currency(std::string{find_currency(account.ledger)->code});
  out.set_overdraft(account.overdraft);
  out.set_balance(difference(held->credits_posted, held->debits_posted));
  out.set_available(difference(held->credits_posted, held->debits_posted + held->debits_pending));
  out.set_debits_posted(clipped(held->debits_posted));
  out.set_credits_posted(clipped(held->credits_posted));
  out.set_debits_pending(clipped(held->debits_pending));
  out.set_credits_pending(clipped(held->credits_pending));
  out.set_created_at_ns(held->timestamp.nanoseconds);
  out.set_owner(account.owner);
  return out;
}

v1::Payment machine::view(const payment_record& payment,
                          const std::optional<snapshot>& then) const {
  const snapshot at = then.value_or(snapshot{.then = payment.now,
                                             .captured = payment.captured,
                                             .refunded = payment.refunded,
                                             .refunds = payment.refunds.size()});
  v1::Payment out;
  out.set_id(payment.id);
  out.set_state(static_cast<v1::Payment::State>(at.then));
  out.set_from(accounts_[payment.from].id);
  out.set_to(accounts_[payment.to].id);
  out.set_amount(payment.amount);
  out.set_currency(std::string{find_currency(accounts_[payment.from].ledger)->code});
  out.set_capture_method(payment.manual_capture ? v1::MANUAL : v1::AUTOMATIC);
  out.set_description(payment.description);
  out.set_captured(at.captured);
  out.set_refunded(at.refunded);
  out.set_decline_code(at.then == state::declined ? payment.decline_code : "");
  for (std::size_t i = 0; i < at.refunds; ++i)
    *out.add_refunds() = view_of(payment.refunds[i]);
  out.set_created_at_ns(payment.at.nanoseconds);
  out.set_card(payment.card);
  out.set_authorized(payment.card.empty() ? 0 : payment.authorized);
  out.set_failure_reason(at.then == state::failed ? payment.failure_reason : "");
  out.set_terminal(payment.terminal);
  out.set_taken_back(payment.taken_back);
  for (const attempt_record& each : payment.attempts)
    *out.add_attempts() = view_of(each);
  for (std::size_t i = 0; i < payment.advices.size(); ++i)
    *out.add_advices() = view_of(payment.advices[i], advice_id_of(payment.id, i + 1));
  out.mutable_metadata()->insert(payment.extra.begin(), payment.extra.end());
  return out;
}

v1::Payment machine::view_with_timeline(const payment_record& payment) const {
  v1::Payment out = view(payment, std::nullopt);
  v1::Timeline timeline;
  DUCAT_CHECK(timeline.ParseFromString(payment.timeline));
  *out.mutable_timeline() = std::move(*timeline.mutable_events());
  if (payment.window != 0) {
    *out.mutable_settlement() = settlement_->membership(payment.to, payment.window);
    out.mutable_settlement()->set_business_date(payment.business_date);
    out.set_disputed(payment.disputed);
  }
  return out;
}

v1::Outcome machine::ask(const v1::Question& question) const {
  if (auto answered = ask_as_merchant(question))
    return std::move(*answered);
  switch (question.kind_case()) {
  case v1::Question::kAccount:
    return ask(question.account());
  case v1::Question::kAccounts:
    return ask(question.accounts());
  case v1::Question::kPayment:
    return ask(question.payment());
  case v1::Question::kPayments:
    return ask(question.payments());
  case v1::Question::kSummary:
    return summary();
  case v1::Question::kOpenAttempts:
    return ask(question.open_attempts());
  case v1::Question::kLinkGrants:
    return link_grants();
  case v1::Question::kTerminalTotals:
    return ask(question.terminal_totals());
  case v1::Question::kOwed:
    return ask(question.owed());
  case v1::Question::kAcquirers:
    return ask(question.acquirers());
  case v1::Question::kExceptions:
    return ask(question.exceptions());
  case v1::Question::kEvents:
    return ask(question.events(), nullptr);
  case v1::Question::kEvent:
    return ask(question.event(), nullptr);
  case v1::Question::kWebhooks:
  case v1::Question::kDeliveries:
  case v1::Question::kEndpoints:
    return ask_webhooks(question);
  case v1::Question::kSettlement:
    return ask(question.settlement());
  case v1::Question::kSettlementExceptions:
    return list_exceptions(question.settlement_exceptions());
  case v1::Question::kAudit:
    return ask(question.audit());
  case v1::Question::kChanges:
    return ask(question.changes());
  case v1::Question::KIND_NOT_SET:
    break;
  }
  return refused(refusal::command_malformed, "");
}

v1::Outcome machine::ask(const v1::GetAccountRequest& question) const {
  const account_record* account = find_account(question.id());
  if (account == nullptr)
    return refused(refusal::account_not_found, "id");
  v1::Outcome out;
  *out.mutable_account() = view(*account);
  return out;
}

v1::Outcome machine::ask(const v1::ListAccountsRequest& question) const {
  if (question.limit() > page_size_max)
    return refused(refusal::limit_invalid, "limit");
  std::optional<std::size_t> last;
  if (const auto found = accounts_by_id_.find(question.starting_after());
      found != accounts_by_id_.end())
    last = found->second;
  if (!last && !question.starting_after().empty())
    return refused(refusal::cursor_not_found, "starting_after");
  const page rows = page_after(last, question.limit(), accounts_.size());
  v1::Outcome out;
  auto& reply = *out.mutable_accounts();
  for (std::size_t i = rows.begin; i < rows.end; ++i)
    *reply.add_data() = view(accounts_[i]);
  reply.set_has_more(rows.end < accounts_.size());
  return out;
}

v1::Outcome machine::ask(const v1::GetPaymentRequest& question) const {
  const payment_record* payment = find_payment(question.id());
  if (payment == nullptr)
    return refused(refusal::payment_not_found, "id");
  v1::Outcome out;
  *out.mutable_payment() = view_with_timeline(*payment);
  return out;
}

v1::Outcome machine::ask(const v1::ListOpenAttemptsRequest& question) const {
  v1::Outcome out;
  auto& reply = *out.mutable_open_attempts();
  if (!deadlines_.empty())
    reply.set_next_deadline_ns(deadlines_.begin()->first.nanoseconds);
  for (const std::uint64_t sequence : open_) {
    const payment_record& payment = payments_[sequence];
    for (std::size_t i = 0; i < payment.attempts.size(); ++i) {
      const attempt_record& attempt = payment.attempts[i];
      const bool is_open = attempt.now == attempt_state::sent || owes_reversal(attempt.now);
      if (!is_open || (!question.link().empty() && attempt.link != question.link()))
        continue;
      if (question.limit() != 0 &&
          static_cast<std::uint32_t>(reply.data_size()) == question.limit())
        return out;
      auto& open = *reply.add_data();
      open.set_payment_id(payment.id);
      open.set_currency(std::string{find_currency(accounts_[payment.from].ledger)->code});
      *open.mutable_attempt() = view_of(attempt);
      open.set_number(static_cast<std::uint32_t>(i + 1));
    }
  }
  return out;
}

v1::Outcome machine::ask(const v1::ListPaymentsRequest& question) const {
  if (question.limit() > page_size_max)
    return refused(refusal::limit_invalid, "limit");
  std::optional<std::size_t> last;
  if (const payment_record* payment = find_payment(question.starting_after()))
    last = payment->sequence;
  if (!last && !question.starting_after().empty())
    return refused(refusal::cursor_not_found, "starting_after");
  const page rows = page_after(last, question.limit(), payments_.size());
  v1::Outcome out;
  auto& reply = *out.mutable_payments();
  for (std::size_t i = rows.begin; i < rows.end; ++i)
    *reply.add_data() = view(payments_[i], std::nullopt);
  reply.set_has_more(rows.end < payments_.size());
  return out;
}

namespace {

void add_counts(const payment_counts& counts, v1::StatusReply& to) {
  for (std::size_t i = 0; i < states_end; ++i)
    if (counts.states()[i] != 0)
      (*to.mutable_payments_by_state())[std::string{to_string(static_cast<state>(i))}] =
          counts.states()[i];
  for (std::size_t i = 0; i < decline_classes; ++i)
    (*to.mutable_declines_by_class())[std::string{to_string(static_cast<decline_class>(i))}] =
        counts.declines()[i];
}

} // namespace

v1::Outcome machine::summary() const {
  v1::Outcome out;
  auto& reply = *out.mutable_summary();
  reply.set_accounts(accounts_.size());
  reply.set_payments(payments_.size());
  add_counts(counts_, reply);
  for (const auto& [number, sums] : book_.totals()) {
    auto& totals = *reply.add_totals();
    totals.set_currency(std::string{find_currency(number)->code});
    totals.set_debits_posted(ducat::to_string(sums.debits_posted));
    totals.set_credits_posted(ducat::to_string(sums.credits_posted));
    totals.set_debits_pending(ducat::to_string(sums.debits_pending));
    totals.set_credits_pending(ducat::to_string(sums.credits_pending));
    totals.set_in_balance(sums.debits_posted == sums.credits_posted &&
                          sums.debits_pending == sums.credits_pending);
  }
  add_time_in_doubt(reply);
  settlement_->add_figures(*reply.mutable_settlement());
  reply.mutable_settlement()->set_exceptions_open(exceptions_->open_count());
  return out;
}

} // namespace ducat::payment
