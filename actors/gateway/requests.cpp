#include "gateway/requests.hpp"

#include "gateway/codes.hpp"

#include <ducat/iso8583/elements.hpp>
#include <ducat/payment/currency.hpp>
#include <ducat/payment/records.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <initializer_list>
#include <utility>

namespace ducat::gateway {

namespace {

using iso8583::message;
using iso8583::message_class;
using iso8583::message_function;
using refused = tl::unexpected<std::string>;

std::string text_of(const message& from, int field) {
  return std::string{from.find(field).value_or("")};
}

bool is_digits(std::string_view text, std::size_t size) {
  return text.size() == size &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// What names it has to be there.
bool has_a_name(const message& request) {
  return is_digits(text_of(request, de::transmitted_at), 10) &&
         is_digits(text_of(request, de::stan), 6);
}

std::string own_key_of(const message& request, const terminal_profile& from) {
  return key_of(request.mti().at(1), from.id, text_of(request, de::transmitted_at),
                text_of(request, de::stan));
}

bool is_in_currency(const message& request, int field, const terminal_profile& of) {
  const auto told = request.find(field);
  if (!told)
    return true;
  char number[8];
  std::snprintf(number, sizeof number, "%03u", payment::find_currency(of.currency)->number);
  return *told == number;
}

std::string card_number_in(const message& request) {
  if (const auto number = request.find(de::card))
    return std::string{*number};
  const std::string track = text_of(request, de::track_2);
  return track.substr(0, track.find_first_of("=D"));
}

/// Returns the response code that refuses a payment; empty if nothing does.
std::string refusal_of(const message& request, const terminal_profile& from) {
  const auto amount = iso8583::parse_amount(text_of(request, de::amount));
  if (!has_a_name(request) || !amount || card_number_in(request).empty())
    return code::format_error;
  if (request.has(de::processing_code) && !text_of(request, de::processing_code).starts_with("00"))
    return code::invalid_transaction; // Goods and services only.
  if (!is_in_currency(request, de::currency, from))
    return code::invalid_transaction;
  if (*amount == 0)
    return code::invalid_amount;
  if (!from.merchant.empty() && request.has(de::merchant) &&
      text_of(request, de::merchant) != from.merchant)
    return code::invalid_merchant;
  return "";
}

/// What whoever looks for the payment in the terminal's books needs.
void add_names(const message& request, v1::CreatePayment& into) {
  const auto add = [&](const char* key, int field) {
    const std::string value = text_of(request, field);
    if (value.empty())
      return;
    v1::MetadataPair& pair = *into.add_metadata();
    pair.set_key(key);
    pair.set_value(value);
  };
  add("rrn", de::reference); // In ascending order of the keys.
  add("stan", de::stan);
  add("transmitted_at", de::transmitted_at);
}

v1::CreatePayment creation_of(const message& request, const terminal_profile& from,
                              const payment::pan& card) {
  v1::CreatePayment made;
  made.set_idempotency_key(own_key_of(request, from));
  made.set_from(from.from);
  made.set_to(from.to);
  made.set_amount(*iso8583::parse_amount(text_of(request, de::amount)));
  made.set_currency(from.currency);
  made.set_manual_capture(request.mti().at(1) == '1');
  made.set_card(card.masked());
  made.set_terminal(from.id);
  add_names(request, made);
  return made;
}

tl::expected<order, std::string> payment_of(const message& request, const iso8583::mti& type,
                                            const terminal_profile& from) {
  const bool is_advice = type.function == message_function::advice;
  if (std::string why = refusal_of(request, from); !why.empty())
    return refused{std::move(why)};
  if (is_advice && request.has(de::original)) // Of a payment that was asked for before.
    return refused{code::not_supported};
  auto card = payment::pan::parse(card_number_in(request));
  if (!card)
    return refused{code::invalid_card};
  order made{.kind = is_advice ? request_kind::advice : request_kind::payment,
             .key = own_key_of(request, from),
             .is_repeat = type.is_repeat};
  v1::CreatePayment creation = creation_of(request, from, *card);
  if (is_advice) {
    *made.command.mutable_record_advice()->mutable_payment() = std::move(creation);
    return made;
  }
  *made.command.mutable_create_payment() = std::move(creation);
  made.card = std::move(*card);
  return made;
}

tl::expected<order, std::string> reversal_of(const message& request, const terminal_profile& from) {
  const auto original = iso8583::parse_original_data(text_of(request, de::original));
  if (!has_a_name(request) || !original)
    return refused{code::format_error};
  const char kind = original->mti.at(1);
  if (kind != '1' && kind != '2')
    return refused{code::invalid_transaction};
  if (request.has(de::replacement)) // Of a part.
    return refused{code::not_supported};
  order made{.kind = request_kind::reversal, .key = own_key_of(request, from)};
  auto& reverse = *made.command.mutable_reverse_payment();
  reverse.set_idempotency_key(made.key);
  reverse.set_original_key(key_of(kind, from.id, original->transmitted_at, original->stan));
  reverse.set_terminal(from.id);
  return made;
}

/// A count of n 10 or a sum of n 16; 0 if it is missing.
std::optional<std::int64_t> number_in(const message& request, int field) {
  const std::string text = text_of(request, field);
  std::int64_t number = 0;
  if (text.empty())
    return number;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size() || number < 0)
    return std::nullopt;
  return number;
}

/// What stands of the payments in one direction: the reversals are `field` + 1.
std::optional<std::int64_t> standing(const message& request, int field) {
  const auto all = number_in(request, field);
  const auto reversed = number_in(request, field + 1);
  return all && reversed ? std::optional{*all - *reversed} : std::nullopt;
}

tl::expected<order, std::string> reconciliation_of(const message& request,
                                                   const terminal_profile& from) {
  const auto credits = standing(request, de::first_count);
  const auto debits = standing(request, de::first_count + 2);
  const auto credit_sum = standing(request, de::first_sum);
  const auto debit_sum = standing(request, de::first_sum + 2);
  if (!has_a_name(request) || !credits || !debits || !credit_sum || !debit_sum)
    return refused{code::format_error};
  order made{.kind = request_kind::reconciliation, .key = own_key_of(request, from)};
  auto& told = *made.command.mutable_reconcile_terminal();
  told.set_idempotency_key(made.key);
  told.set_terminal(from.id);
  told.set_currency(from.currency);
  told.set_debits(*debits);
  told.set_debit_amount(*debit_sum);
  told.set_credits(*credits);
  told.set_credit_amount(*credit_sum);
  return made;
}

} // namespace

std::string key_of(char message_class, const std::string& terminal, std::string_view transmitted_at,
                   std::string_view stan) {
  return std::string{"iso:"} + message_class + ':' + terminal + ':' + std::string{transmitted_at} +
         ':' + std::string{stan};
}

tl::expected<order, std::string> order_of(const message& request, const iso8583::mti& type,
                                          const terminal_profile& from) {
  switch (type.kind) {
  case message_class::authorization:
  case message_class::financial:
    return payment_of(request, type, from);
  case message_class::reversal:
    return reversal_of(request, from);
  case message_class::reconciliation:
    return reconciliation_of(request, from);
  case message_class::file_action:
  case message_class::administrative:
  case message_class::fee_collection:
  case message_class::network_management:
    break;
  }
  return refused{code::invalid_transaction};
}

v1::Command given_up(const order& of, const terminal_profile& from) {
  v1::Command command;
  auto& reverse = *command.mutable_reverse_payment();
  reverse.set_idempotency_key(of.key + ":given-up");
  reverse.set_original_key(of.key);
  reverse.set_terminal(from.id);
  return command;
}

std::string original_of(const order& reversal) {
  return reversal.command.reverse_payment().original_key();
}

v1::Command capture_of_part(const order& of) {
  v1::Command command;
  auto& capture = *command.mutable_capture_payment();
  capture.set_idempotency_key(of.key + ":part");
  capture.set_payment_id(payment::payment_id_of(of.key));
  return command;
}

} // namespace ducat::gateway
