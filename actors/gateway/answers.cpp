#include "gateway/answers.hpp"

#include "gateway/codes.hpp"

#include <ducat/iso8583/elements.hpp>
#include <ducat/iso8583/mti.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace ducat::gateway {

namespace {

using iso8583::message;
using enum verdict::kind;

constexpr std::array echoed{3,  4,  7,  11, 12, 13, 32, 33, 37, 41, 42, 49,
                            50, 70, 74, 75, 76, 77, 86, 87, 88, 89, 90, 97};

verdict answered(std::string code) {
  return {.code = std::move(code)};
}

/// The refusals of the payment machine, by name.
const char* code_of(const v1::Error& refused) {
  const std::string& why = refused.code();
  if (why == "payment_reversed_ahead" || why == "payment_refunded")
    return code::no_action;
  if (why == "idempotency_key_reused")
    return code::duplicate;
  if (why == "payment_not_found")
    return code::no_such_payment;
  if (why == "reversal_not_covered")
    return code::not_covered;
  return code::malfunction; // An account is missing, or in another currency.
}

bool is_response_code(const std::string& text) {
  return text.size() == 2 &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0; });
}

/// The acquirer's own code, unless it says something else than no.
std::string code_of_decline(const std::string& why) {
  if (why.starts_with("exceeds_"))
    return code::not_covered;
  const bool is_decline = is_response_code(why) && why != code::approved &&
                          why != code::approved_in_part && why != "08" && why != "11";
  return is_decline ? why : code::declined;
}

std::string approval_code_of(const v1::Payment& payment) {
  return payment.attempts_size() == 0 ? "" : payment.attempts().rbegin()->approval_code();
}

verdict approval(const v1::Payment& payment, std::int64_t amount) {
  const bool is_part = amount < payment.amount();
  return {.code = is_part ? code::approved_in_part : code::approved,
          .approval_code = approval_code_of(payment),
          .amount = is_part ? amount : 0};
}

/// The same whoever has taken it back, so that a repeat is told what its first was.
const char* code_of_taken_back(const v1::Payment& payment) {
  if (payment.attempts_size() == 0)
    return code::not_available;
  const v1::Attempt& last = *payment.attempts().rbegin();
  const bool was_for_less = last.approved_amount() != 0 && !last.late_approval() &&
                            last.approved_amount() < last.amount();
  return was_for_less ? code::not_covered : code::in_doubt;
}

verdict on_payment(const v1::Payment& payment, const terminal_profile& from) {
  if (payment.taken_back())
    return answered(code_of_taken_back(payment));
  const bool is_manual = payment.capture_method() == v1::MANUAL;
  switch (payment.state()) {
  case v1::Payment::CAPTURED:
    return approval(payment, is_manual ? payment.authorized() : payment.captured());
  case v1::Payment::AUTHORIZED:
    return is_manual ? approval(payment, payment.amount()) : verdict{.what = take_back};
  case v1::Payment::PARTIALLY_AUTHORIZED:
    if (!from.partial)
      return {.what = take_back};
    return is_manual ? approval(payment, payment.authorized()) : verdict{.what = capture};
  case v1::Payment::DECLINED:
    return answered(code_of_decline(payment.decline_code()));
  case v1::Payment::FAILED:
    return answered(code::not_available);
  case v1::Payment::REVERSED:
    return answered(code::in_doubt);
  case v1::Payment::VOIDED:
  case v1::Payment::EXPIRED:
    return answered(code::no_action);
  default: // Nobody knows, or nobody has come to it: it must not be paid behind the terminal's
           // back.
    return {.what = take_back};
  }
}

verdict on_advice(const v1::Payment& payment) {
  const bool is_refused = payment.state() == v1::Payment::DECLINED;
  return answered(is_refused ? code_of_decline(payment.decline_code()) : code::approved);
}

void echo(const message& request, int field, message& into) {
  if (const auto text = request.find(field))
    into.set(field, std::string{*text});
}

/// Behind its first byte a TPDU of five has two addresses: where to, and where from.
std::string turned(std::string tpdu) {
  if (tpdu.size() == 5)
    std::swap_ranges(tpdu.begin() + 1, tpdu.begin() + 3, tpdu.begin() + 3);
  return tpdu;
}

std::string digits(std::uint64_t number, std::size_t size) {
  const std::string text = std::to_string(number);
  return std::string(size - std::min(size, text.size()), '0') + text;
}

std::string net_of(const v1::TerminalTotals& of) {
  const std::int64_t net = of.debit_reversal_amount() - of.debit_amount();
  return (net < 0 ? "D" : "C") + digits(static_cast<std::uint64_t>(net < 0 ? -net : net), 16);
}

/// In balance they are the terminal's own, which are echoed.
void add_totals(const v1::TerminalTotals& of, message& into) {
  into.set(de::settlement_code, of.in_balance() ? "1" : "2");
  if (of.in_balance())
    return;
  const std::array<std::pair<std::uint64_t, std::int64_t>, 4> sums{
      {{0, 0},
       {0, 0},
       {of.debits(), of.debit_amount()},
       {of.debit_reversals(), of.debit_reversal_amount()}}};
  for (int i = 0; i < 4; ++i) {
    const auto& [count, sum] = sums.at(static_cast<std::size_t>(i));
    into.set(de::first_count + i, digits(count, 10));
    into.set(de::first_sum + i, digits(static_cast<std::uint64_t>(sum), 16));
  }
  into.set(de::net, net_of(of));
}

} // namespace

verdict verdict_on(request_kind done, const v1::Outcome& outcome, const terminal_profile& from) {
  if (outcome.has_error())
    return answered(code_of(outcome.error()));
  switch (done) {
  case request_kind::payment:
    return on_payment(outcome.payment(), from);
  case request_kind::advice:
    return on_advice(outcome.payment());
  case request_kind::reversal:
    return answered(code::approved);
  case request_kind::reconciliation:
    return {.code = code::approved, .totals = outcome.terminal_totals()};
  }
  return {.what = silence};
}

verdict verdict_on_given_up(const v1::Outcome& outcome, const terminal_profile& from) {
  if (outcome.has_error()) // It stands, and cannot be taken back.
    return {.what = silence};
  if (outcome.reversal().effect() == v1::Reversal::AHEAD)
    return answered(code::not_available);
  const verdict says = on_payment(outcome.payment(), from);
  return says.what == answer ? says : verdict{.what = silence};
}

bool is_approval(const verdict& says) noexcept {
  return says.what == answer &&
         (says.code == code::approved || says.code == code::approved_in_part);
}

verdict verdict_on_taken_back(const verdict& says) {
  return is_approval(says) ? answered(code::in_doubt) : says;
}

message answer_to(const message& request) {
  message made{iso8583::response_to(request.mti()).value_or(request.mti())};
  made.set_tpdu(turned(request.tpdu()));
  for (const int field : echoed)
    echo(request, field, made);
  return made;
}

message completed(message begun, const verdict& says) {
  if (says.amount != 0)
    begun.set(de::amount, iso8583::amount_text(says.amount).value_or(""));
  if (!says.approval_code.empty())
    begun.set(de::approval_code, says.approval_code);
  begun.set(de::response_code, says.code);
  if (says.totals)
    add_totals(*says.totals, begun);
  return begun;
}

message refusal(const message& request, const std::string& code) {
  return completed(answer_to(request), {.code = code});
}

} // namespace ducat::gateway
