/// Advices in the payment machine: what an acquirer is told until it acknowledges it. An advice
/// comes into being in the entry whose effect it tells of.

#include "payment/limits.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <algorithm>

namespace ducat::payment {

namespace {

bool is_somebodys(advice_event what) {
  return what == advice_event::retried || what == advice_event::settled;
}

} // namespace

/// What was only authorised is captured by an advice. What the acquirer has captured in full is
/// given back as far as we do not capture it.
void machine::owe_capture(const proposal& where, payment_record& payment) {
  if (payment.attempts.empty())
    return;
  const attempt_record& attempt = payment.attempts.back();
  if (attempt.asked == asked_for::authorization)
    owe(where, payment, advice_kind::capture, payment.captured);
  else if (payment.captured < attempt.approved_amount)
    owe(where, payment, advice_kind::refund, attempt.approved_amount - payment.captured);
}

void machine::owe(const proposal& where, payment_record& payment, advice_kind kind,
                  std::int64_t amount) {
  if (payment.attempts.empty() || payment.attempts.back().asked == asked_for::unknown)
    return;
  payment.advices.push_back({.kind = kind,
                             .attempt = static_cast<std::uint32_t>(payment.attempts.size()),
                             .number = ++attempts_,
                             .amount = amount,
                             .at = where.at,
                             .since = where.at});
  keep_in_lists(payment, payment.advices.size() - 1);
  note(where, payment, std::string{to_string(kind)} + "_owed", std::to_string(amount));
}

/// Lists the advice where its state says that it belongs.
void machine::keep_in_lists(const payment_record& payment, std::size_t place) {
  const advice_record& advice = payment.advices[place];
  const std::string& link = payment.attempts[advice.attempt - 1].link;
  const auto list_if = [&](bool is_listed, std::map<std::string, advice_list>& in) {
    if (is_listed)
      in[link][advice.number] = {payment.sequence, place};
    else if (const auto found = in.find(link); found != in.end())
      found->second.erase(advice.number);
  };
  list_if(advice.now == advice_state::owed, owed_);
  list_if(advice.now == advice_state::exhausted, exhausted_);
}

void machine::remember_advices(const payment_record& payment) {
  for (std::size_t i = 0; i < payment.advices.size(); ++i) {
    attempts_ = std::max(attempts_, payment.advices[i].number);
    keep_in_lists(payment, i);
  }
}

machine::decision machine::check(const v1::ResolveAdvice& command) const {
  const payment_record* payment = find_payment(command.payment_id());
  if (payment == nullptr)
    return refuse(refusal::payment_not_found, "id");
  if (command.advice() == 0 || command.advice() > payment->advices.size())
    return refuse(refusal::advice_not_found, "advice");
  if (command.event() < v1::ResolveAdvice::ACKNOWLEDGED ||
      command.event() > v1::ResolveAdvice::SETTLED)
    return refuse(refusal::command_malformed, "event");
  const auto what = static_cast<advice_event>(command.event());
  if (is_somebodys(what) &&
      (command.reason().empty() || command.reason().size() > reason_length_max))
    return refuse(refusal::reason_invalid, "reason");
  if (state_after(payment->advices[command.advice() - 1].now, what))
    return {};
  return is_somebodys(what) ? refuse(refusal::advice_not_exhausted, "advice")
                            : replay(keys_.at(payment->key));
}

v1::Outcome machine::apply(const proposal& where, const v1::ResolveAdvice& command) {
  payment_record& payment = payment_at(command.payment_id());
  const std::size_t place = command.advice() - 1;
  advice_record& advice = payment.advices[place];
  const auto what = static_cast<advice_event>(command.event());
  const auto next = state_after(advice.now, what);
  DUCAT_CHECK(next.has_value());
  advice.now = *next;
  advice.reason = command.reason();
  if (!command.response_code().empty())
    advice.response_code = command.response_code();
  if (what == advice_event::retried)
    advice.since = where.at;
  if (what == advice_event::acknowledged)
    count_advice(payment, advice);
  if (what == advice_event::acknowledged || what == advice_event::settled)
    advice.resolved_at = where.at;
  keep_in_lists(payment, place);
  note(where, payment, std::string{to_string(advice.kind)} + "_" + std::string{to_string(what)},
       command.reason().empty() ? command.response_code() : command.reason());
  tell(where, payment);
  note_changed(payment, payment.key);
  return outcome_now(payment, where.index);
}

} // namespace ducat::payment
