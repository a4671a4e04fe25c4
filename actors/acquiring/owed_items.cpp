#include "acquiring/owed_items.hpp"

#include "payment/run.hpp"
#include "payment/stored_totals.hpp"

#include <ducat/payment/records.hpp>
#include <ducat/planted.hpp>

#include <algorithm>
#include <utility>

namespace ducat::acquiring {

namespace {

using payment::advice_kind;

payment::advice_record advice_of(const v1::OwedAdvice& owed) {
  const v1::Advice& shown = owed.advice();
  return {.kind = static_cast<advice_kind>(shown.kind()),
          .now = static_cast<payment::advice_state>(shown.state()),
          .attempt = shown.attempt(),
          .number = shown.stan(), // All that a message shows of it.
          .amount = shown.amount(),
          .at = {shown.created_at_ns()},
          .since = {shown.since_ns()}};
}

duration age(std::uint64_t since_ns, log_time now) {
  return std::chrono::nanoseconds{now.nanoseconds - std::min(now.nanoseconds, since_ns)};
}

/// How old it may become is for the log to say.
owed_item reversal(const v1::OpenAttempt& open) {
  payment::reverse_attempt ask{.attempt = payment::attempt_of(open.attempt()),
                               .currency = open.currency()};
  return {.as_stored = {.id = id_of(ask.attempt), .key = open.payment_id()},
          .ask = std::move(ask),
          .payment_id = open.payment_id(),
          .number = open.number()};
}

owed_item advice(const v1::OwedAdvice& owed, log_time now) {
  payment::send_advice ask{.id = owed.advice().id(),
                           .advice = advice_of(owed),
                           .original = payment::attempt_of(owed.original()),
                           .currency = owed.currency()};
  return {.as_stored = {.id = id_of_advice(ask.id),
                        .key = owed.payment_id(),
                        .age = age(owed.advice().since_ns(), now)},
          .ask = std::move(ask),
          .payment_id = owed.payment_id(),
          .number = owed.number()};
}

owed_item reconciliation(const v1::Acquirer& with) {
  payment::compare_totals ask{.number = with.number(),
                              .begun_at = {with.begun_at_ns()},
                              .currency = with.currency(),
                              .ours = payment::totals_in(with.ours())};
  return {.as_stored = {.id = id_of_reconciliation(with.number()),
                        .key = "reconciliation " + with.currency()},
          .ask = std::move(ask),
          .link = with.link()};
}

bool has_moved_something(const v1::AcquirerTotals& totals) {
  return totals.debits().count() + totals.debit_reversals().count() + totals.credits().count() +
             totals.credit_reversals().count() >
         0;
}

} // namespace

device::request_id id_of(const payment::attempt_record& attempt) {
  return {payment::number_of("attempt", attempt.id)};
}

device::request_id id_of_advice(const std::string& advice) {
  return {payment::number_of("advice", advice)};
}

device::request_id id_of_reconciliation(std::uint64_t number) {
  return {payment::number_of("reconciliation", std::to_string(number))};
}

std::vector<owed_item> items_in(const v1::Owed& owed, log_time now, bool may_have_been_sent) {
  std::vector<owed_item> all;
  for (const v1::OpenAttempt& each : owed.reversals())
    all.push_back(reversal(each));
  for (const v1::OwedAdvice& each : owed.advices())
    all.push_back(advice(each, now));
  for (const v1::Acquirer& each : owed.acquirers())
    if (each.state() == v1::Acquirer::BEGUN)
      all.push_back(reconciliation(each));
  for (owed_item& each : all)
    each.as_stored.sendings = may_have_been_sent ? 1 : 0;
  return all;
}

item_fate fate_of(const owed_item& item, const payment::acquirer_answer& heard) {
  const bool is_believed = heard.what == payment::attempt_event::in_doubt &&
                           planted::is_on(planted::bug::reversal_noted_unanswered);
  if (heard.what != payment::attempt_event::reversal_accepted && !is_believed)
    return {.was_sent = heard.what != payment::attempt_event::not_sent};
  item_fate fate{.done = v1::Command{}};
  auto& resolve = *fate.done->mutable_resolve_attempt();
  resolve.set_payment_id(item.payment_id);
  resolve.set_attempt(item.number);
  resolve.set_event(v1::ResolveAttempt::REVERSAL_ACCEPTED);
  resolve.set_reversal(std::get<payment::reverse_attempt>(item.ask).attempt.reversal_number);
  resolve.set_response_code(heard.response_code);
  return fate;
}

item_fate fate_of(const owed_item& item, const payment::advice_answer& heard) {
  const bool is_believed = heard.was_sent && planted::is_on(planted::bug::advice_noted_unanswered);
  if (!heard.is_acknowledged && !is_believed)
    return {.was_sent = heard.was_sent};
  item_fate fate{.done = v1::Command{}};
  auto& resolve = *fate.done->mutable_resolve_advice();
  resolve.set_payment_id(item.payment_id);
  resolve.set_advice(item.number);
  resolve.set_event(v1::ResolveAdvice::ACKNOWLEDGED);
  resolve.set_response_code(heard.response_code);
  return fate;
}

item_fate fate_of(const owed_item& item, const payment::totals_answer& heard) {
  if (!heard.was_compared)
    return {.was_sent = heard.was_sent};
  const auto& asked = std::get<payment::compare_totals>(item.ask);
  item_fate fate{.done = v1::Command{}};
  auto& told = *fate.done->mutable_reconcile_acquirer();
  told.set_link(item.link);
  told.set_currency(asked.currency);
  told.set_number(asked.number);
  told.set_event(heard.is_in_balance ? v1::ReconcileAcquirer::IN_BALANCE
                                     : v1::ReconcileAcquirer::OUT_OF_BALANCE);
  if (!heard.is_in_balance)
    *told.mutable_theirs() = payment::message_of(heard.theirs);
  return fate;
}

std::optional<v1::Command> exception_of(const owed_item& item, device::exhaustion why) {
  if (!std::holds_alternative<payment::send_advice>(item.ask))
    return std::nullopt;
  v1::Command command;
  auto& resolve = *command.mutable_resolve_advice();
  resolve.set_payment_id(item.payment_id);
  resolve.set_advice(item.number);
  resolve.set_event(v1::ResolveAdvice::EXHAUSTED);
  resolve.set_reason(why == device::exhaustion::tries ? "sent too often" : "sent for too long");
  return command;
}

bool is_cut_over(const device::unmatched& what) {
  return what.kind == device::unmatched_kind::request && what.what.mti() == "0800" &&
         what.what.find(70) == "201";
}

bool is_due(const v1::Acquirer& acquirer, const reconciliation_times& when, log_time now) {
  using namespace std::chrono;
  if (acquirer.owed() != 0 || acquirer.state() == v1::Acquirer::BEGUN)
    return false;
  if (acquirer.state() == v1::Acquirer::INTERRUPTED)
    return age(acquirer.begun_at_ns(), now) >= when.again_after;
  if (!has_moved_something(acquirer.totals()))
    return false;
  if (when.is_cut_over)
    return true;
  if (!when.at)
    return false;
  const auto today = nanoseconds{now.nanoseconds} % days{1};
  const auto since_then = today >= *when.at ? today - *when.at : today - *when.at + days{1};
  constexpr nanoseconds first_within = hours{1}; // Not at once because there was none before.
  return acquirer.begun_at_ns() == 0 ? since_then < first_within
                                     : age(acquirer.begun_at_ns(), now) > since_then;
}

} // namespace ducat::acquiring
