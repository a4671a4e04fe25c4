#include "decide.hpp"

#include <ducat/iso8583/display.hpp>
#include <ducat/iso8583/elements.hpp>

#include <algorithm>
#include <array>

namespace ducat::acquirer {

namespace {

using iso8583::message;
using iso8583::message_class;
using iso8583::message_function;
using iso8583::mti;

std::string text_of(const message& from, int field) {
  return std::string{from.find(field).value_or("")};
}

message_key key_of(const message& request) {
  return {.kind = request.mti().at(1),
          .stan = text_of(request, 11),
          .transmitted_at = text_of(request, 7),
          .terminal = text_of(request, 41)};
}

bool has_all(const message& request, std::initializer_list<int> fields) {
  return std::ranges::all_of(fields, [&](int field) { return request.has(field); });
}

/// Returns the effect that `request` would have, without its kind and answer.
effect effect_of(const book& known, const message& request) {
  return {.sequence = known.next_sequence(),
          .mti = request.mti(),
          .key = key_of(request),
          .rrn = text_of(request, 37),
          .processing_code = text_of(request, 3),
          .amount_minor = iso8583::parse_amount(text_of(request, 4)).value_or(0),
          .currency = text_of(request, 49),
          .masked_pan = iso8583::masked_pan(text_of(request, 2))};
}

decision refuse(const char* code) {
  return {.code = code};
}

/// The effect happens, and the answer says what it says.
decision carry_out(effect what, effect_kind kind, const std::string& code) {
  what.kind = kind;
  what.response_code = code;
  return {.code = code, .approval_code = what.approval_code, .done = std::move(what)};
}

/// The answer is as the first time.
decision repeat(const effect& first) {
  return {.code = first.response_code, .approval_code = first.approval_code, .is_known = true};
}

bool has_same_content(const effect& first, const effect& again) {
  return first.amount_minor == again.amount_minor && first.currency == again.currency &&
         first.processing_code == again.processing_code && first.rrn == again.rrn;
}

decision known_or_clash(const effect& first, const effect& again) {
  return has_same_content(first, again) ? repeat(first) : refuse(response::duplicate);
}

std::string approval_code_of(const effect& what) {
  const std::string digits = std::to_string(what.sequence % 1'000'000);
  return std::string(6 - digits.size(), '0') + digits;
}

decision decide_payment(const book& known, const message& request, const std::string& code) {
  if (!has_all(request, {4, 7, 11}))
    return refuse(response::format_error);
  effect made = effect_of(known, request);
  if (const effect* const first = known.find(made.key))
    return known_or_clash(*first, made);
  if (known.is_reversed_ahead(made.key, {made.key.terminal, made.rrn}))
    return carry_out(std::move(made), effect_kind::declined, response::no_action);
  if (made.amount_minor == 0)
    return carry_out(std::move(made), effect_kind::declined, response::invalid_amount);
  if (!code.empty())
    return carry_out(std::move(made), effect_kind::declined, code);
  made.approval_code = approval_code_of(made);
  const bool is_financial = made.key.kind == '2';
  return carry_out(std::move(made), is_financial ? effect_kind::captured : effect_kind::authorised,
                   response::approved);
}

/// Which message field 90 names, of the same terminal; nothing if it names none.
std::optional<message_key> original_key_of(const message& request) {
  const auto read = iso8583::parse_original_data(text_of(request, 90));
  if (!read || read->stan == "000000")
    return std::nullopt;
  return message_key{.kind = read->mti.at(1),
                     .stan = read->stan,
                     .transmitted_at = read->transmitted_at,
                     .terminal = text_of(request, 41)};
}

/// Field 90 alone decides if there is one: another attempt of the payment has the same reference.
const effect* original_of(const book& known, const effect& made,
                          const std::optional<message_key>& named) {
  return named ? known.find(*named) : known.find(reference{made.key.terminal, made.rrn});
}

decision decide_advice(const book& known, const message& request) {
  if (!has_all(request, {4, 7, 11}))
    return refuse(response::format_error);
  effect made = effect_of(known, request);
  if (const effect* const first = known.find(made.key))
    return known_or_clash(*first, made);
  if (known.is_reversed_ahead(made.key, {made.key.terminal, made.rrn}))
    return carry_out(std::move(made), effect_kind::declined, response::no_action);
  const auto named = original_key_of(request);
  if (const effect* const original = original_of(known, made, named)) {
    made.original = original->sequence;
    made.original_key = original->key;
  }
  return carry_out(std::move(made), effect_kind::advice, response::approved);
}

decision decide_reversal(const book& known, const message& request) {
  effect made = effect_of(known, request);
  const auto named = original_key_of(request);
  if (!has_all(request, {7, 11}) || (!named && made.rrn.empty()))
    return refuse(response::format_error);
  if (named && named->kind != '1' && named->kind != '2')
    return refuse(response::invalid_transaction);
  if (request.has(95))
    return refuse(response::not_supported);
  if (const effect* const first = known.find(made.key))
    return repeat(*first);
  const effect* const original = original_of(known, made, named);
  if (original == nullptr) {
    made.original_key = named.value_or(message_key{});
    return carry_out(std::move(made), effect_kind::reversed, response::approved);
  }
  if (original->kind == effect_kind::declined || known.is_reversed(*original))
    return {.code = response::approved, .is_known = true};
  made.original = original->sequence;
  made.original_key = original->key;
  made.amount_minor = original->amount_minor;
  made.currency = original->currency;
  return carry_out(std::move(made), effect_kind::reversed, response::approved);
}

decision decide_reconciliation(const book& known, const message& request) {
  if (!has_all(request, {7, 11}))
    return refuse(response::format_error);
  effect made = effect_of(known, request);
  made.currency = text_of(request, 50);
  decision made_of_it;
  if (const effect* const first = known.find(made.key)) {
    made_of_it = repeat(*first);
    made_of_it.is_balanced = true;
    return made_of_it;
  }
  const totals sums = known.totals_of(made.key.terminal, made.currency);
  if (is_in_balance(sums, request)) {
    made_of_it = carry_out(std::move(made), effect_kind::reconciled, response::approved);
    made_of_it.is_balanced = true;
    return made_of_it;
  }
  return {.code = response::approved, .sums = sums};
}

decision decide_network(const message& request) {
  constexpr std::array others{"161", "201", "301"}; // Key change, cut-over, echo.
  const std::string what = text_of(request, 70);
  if (what.empty())
    return refuse(response::format_error);
  if (what == "001" || what == "002")
    return {.code = response::approved, .sign_on = what == "001"};
  return refuse(std::ranges::find(others, what) != others.end() ? response::approved
                                                                : response::invalid_transaction);
}

bool is_advice(const mti& type) {
  return type.function == message_function::advice;
}

} // namespace

decision decide(const book& known, const session& from, const message& request, const mti& type,
                const std::string& decline_code) {
  if (type.kind == message_class::network_management)
    return decide_network(request);
  if (!from.is_signed_on)
    return refuse(response::not_signed_on);
  switch (type.kind) {
  case message_class::authorization:
  case message_class::financial:
    return is_advice(type) ? decide_advice(known, request)
                           : decide_payment(known, request, decline_code);
  case message_class::reversal:
    return decide_reversal(known, request);
  case message_class::reconciliation:
    return decide_reconciliation(known, request);
  case message_class::file_action: // A batch upload after a reconciliation out of balance.
    return refuse(response::approved);
  default:
    return refuse(response::invalid_transaction);
  }
}

} // namespace ducat::acquirer
