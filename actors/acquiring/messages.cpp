#include "acquiring/field_text.hpp"

#include <ducat/acquiring/messages.hpp>
#include <ducat/iso8583/elements.hpp>
#include <ducat/iso8583/mti.hpp>
#include <ducat/payment/currency.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <limits>
#include <optional>
#include <string_view>

namespace ducat::acquiring {

namespace {

using payment::acquirer_answer;
using payment::attempt_event;

/// Data elements of ISO 8583:1987.
namespace de {
constexpr int card = 2;
constexpr int processing_code = 3;
constexpr int amount = 4;
constexpr int transmitted_at = 7;
constexpr int stan = 11;
constexpr int reference = 37;
constexpr int approval_code = 38;
constexpr int response_code = 39;
constexpr int terminal = 41;
constexpr int merchant = 42;
constexpr int currency = 49;
constexpr int original = 90;
} // namespace de

/// Why a reversal is sent: nothing was heard in time.
constexpr const char* timed_out = "68";

/// The message's type says what was asked for; attempts of before that was recorded were sent as
/// the configuration says.
std::string mti_of(const payment::attempt_record& attempt, const profile& with) {
  switch (attempt.asked) {
  case payment::asked_for::authorization:
    return "0100";
  case payment::asked_for::financial:
    return "0200";
  case payment::asked_for::unknown:
    break;
  }
  return with.mti;
}

tl::unexpected<error> cannot_write(const char* what) {
  return fail(errc::invalid_argument, std::string{"a message cannot have that "} + what);
}

bool is_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Returns a message with what a request and its reversal have in common.
result<iso8583::message> about(const payment::attempt_record& attempt, const std::string& currency,
                               const profile& with) {
  const auto amount = iso8583::amount_text(attempt.amount);
  if (!amount)
    return cannot_write("amount");
  const auto known = payment::find_currency(currency);
  if (!known)
    return cannot_write("currency");
  iso8583::message made{mti_of(attempt, with)};
  made.set(de::processing_code, with.processing_code);
  made.set(de::amount, *amount);
  made.set(de::transmitted_at, transmitted_at(attempt.sent_at));
  made.set(de::stan, digits_of(attempt.stan, 6));
  made.set(de::reference, payment::rrn_of(attempt));
  made.set(de::terminal, with.terminal);
  made.set(de::merchant, with.merchant);
  made.set(de::currency, digits_of(known->number, 3));
  return made;
}

std::string text_in(const iso8583::message& from, int field) {
  return std::string{from.find(field).value_or("")};
}

/// Returns the number in a field of digits; nothing if it is none, or 0.
std::optional<std::uint64_t> number_in(const iso8583::message& from, int field) {
  const std::string text = text_in(from, field);
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = problem == std::errc{} && end == text.data() + text.size();
  return is_number && number != 0 ? std::optional{number} : std::nullopt;
}

/// Returns DE90, which names `original`.
std::optional<std::string> name_of(const iso8583::message& original) {
  const auto named = iso8583::original_data_of(original);
  return named ? iso8583::to_text(*named) : std::nullopt;
}

acquirer_answer conflict(const char* why) {
  return {.what = attempt_event::conflicted, .reason = why};
}

} // namespace

result<void> check(const profile& with) {
  const auto wrong = [](const char* field) {
    return fail(errc::invalid_argument, std::string{"`"} + field + "` cannot be put in a message");
  };
  if (with.mti != "0100" && with.mti != "0200")
    return wrong("mti");
  if (with.processing_code.size() != 6 || !is_digits(with.processing_code))
    return wrong("processing_code");
  if (with.terminal.size() != 8)
    return wrong("terminal");
  if (with.merchant.size() != 15)
    return wrong("merchant");
  return {};
}

result<iso8583::message> request_of(const payment::authorize_attempt& what, const profile& with) {
  if (!what.card)
    return fail(errc::invalid_argument, "the card number is not known here any more");
  auto made = about(what.attempt, what.currency, with);
  if (made)
    made->set(de::card, std::string{what.card->reveal()});
  return made;
}

result<iso8583::message> reversal_of(const payment::reverse_attempt& what, const profile& with) {
  auto original = about(what.attempt, what.currency, with);
  if (!original)
    return original;
  const auto text = name_of(*original);
  if (!text)
    return cannot_write("original");
  iso8583::message made = std::move(*original);
  made.set_mti(what.is_repeat ? "0421" : "0420");
  if (what.attempt.is_reversed_again) {
    made.set(de::transmitted_at, transmitted_at(what.attempt.reversal_at));
    made.set(de::stan, digits_of(payment::stan_of(what.attempt.reversal_number), 6));
  }
  made.set(de::response_code, timed_out);
  made.set(de::original, *text);
  return made;
}

result<iso8583::message> advice_of(const payment::send_advice& what, const profile& with) {
  auto original = about(what.original, what.currency, with);
  if (!original)
    return original;
  const auto text = name_of(*original);
  const auto amount = iso8583::amount_text(what.advice.amount);
  if (!text || !amount)
    return cannot_write(text ? "amount" : "original");
  iso8583::message made = std::move(*original);
  made.set_mti(what.is_repeat ? "0221" : "0220");
  if (what.advice.kind == payment::advice_kind::refund)
    made.set(de::processing_code, "20" + with.processing_code.substr(2));
  made.set(de::amount, *amount);
  made.set(de::transmitted_at, transmitted_at(what.advice.at));
  made.set(de::stan, digits_of(payment::stan_of(what.advice.number), 6));
  if (!what.original.approval_code.empty())
    made.set(de::approval_code, what.original.approval_code);
  made.set(de::original, *text);
  return made;
}

payment::advice_answer answer_to_advice(const iso8583::message& answer) {
  const std::string code = text_in(answer, de::response_code);
  const bool is_acknowledged = code == "00";
  return {.is_acknowledged = is_acknowledged,
          .response_code = code,
          .reason = is_acknowledged ? "" : "the advice was answered " + code};
}

payment::acquirer_answer answer_of(const iso8583::message& answer,
                                   const payment::authorize_attempt& asked, const profile& with) {
  const std::string code = text_in(answer, de::response_code);
  if (code.empty())
    return {.what = attempt_event::in_doubt, .reason = "the answer has no response code"};
  if (with.unclear.contains(code))
    return {.what = attempt_event::in_doubt,
            .response_code = code,
            .reason = "answered " + code + ", which is no definite decline"};
  if (code != "00" && code != "10")
    return {.what = attempt_event::declined,
            .response_code = code,
            .may_reroute = with.reroutable.contains(code)};
  const auto currency = payment::find_currency(asked.currency);
  if (answer.has(de::currency) &&
      (!currency || text_in(answer, de::currency) != digits_of(currency->number, 3)))
    return conflict("approved in another currency");
  const auto amount = answer.has(de::amount)
                          ? iso8583::parse_amount(text_in(answer, de::amount))
                          : std::optional{code == "00" ? asked.attempt.amount : 0};
  if (!amount || *amount == 0 || *amount > asked.attempt.amount ||
      (code == "00" && *amount != asked.attempt.amount))
    return conflict("approved for another amount");
  return {.what = *amount == asked.attempt.amount ? attempt_event::approved
                                                  : attempt_event::partially_approved,
          .amount = *amount,
          .approval_code = text_in(answer, de::approval_code),
          .response_code = code};
}

std::optional<late_approval> late_approval_in(const iso8583::message& answer) {
  static const std::set<std::string> approvals{"00", "08", "10", "11", "16"};
  const std::string code = text_in(answer, de::response_code);
  const auto number = number_in(answer, de::reference);
  const auto stan = number_in(answer, de::stan);
  const bool is_answer = answer.mti() == "0110" || answer.mti() == "0210";
  if (!is_answer || !approvals.contains(code) || !number || !stan)
    return std::nullopt;
  const auto amount = iso8583::parse_amount(text_in(answer, de::amount));
  return late_approval{.number = *number,
                       .stan = static_cast<std::uint32_t>(*stan),
                       .amount = amount.value_or(std::numeric_limits<std::int64_t>::max()),
                       .approval_code = text_in(answer, de::approval_code),
                       .response_code = code};
}

payment::acquirer_answer answer_to_reversal(const iso8583::message& answer,
                                            const payment::reverse_attempt& asked) {
  const std::string code = text_in(answer, de::response_code);
  const bool is_unknown_there = code == "21" || code == "25";
  const bool is_accepted =
      code == "00" || (is_unknown_there && asked.since_sent >= request_lifetime);
  return {.what = is_accepted ? attempt_event::reversal_accepted : attempt_event::in_doubt,
          .response_code = code,
          .reason = is_accepted ? "" : "the reversal was answered " + code};
}

} // namespace ducat::acquiring
