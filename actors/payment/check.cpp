#include "payment/fingerprint.hpp"
#include "payment/ids.hpp"
#include "payment/key_check.hpp"
#include "payment/metadata.hpp"
#include "settlement/book.hpp"
#include "settlement/ids.hpp"

#include <ducat/payment/currency.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/planted.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/payment.pb.h>

#include <algorithm>

namespace ducat::payment {

namespace {

constexpr std::size_t terminal_length_max = 16;
constexpr std::size_t description_length_max = 255;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// First six and last four digits, and nothing in between: a number of 13 to 19 digits.
bool is_masked_card(std::string_view card) {
  if (card.size() < 13 || card.size() > 19)
    return false;
  const std::string_view middle = card.substr(6, card.size() - 10);
  return std::ranges::all_of(card.substr(0, 6), is_digit) &&
         std::ranges::all_of(card.substr(card.size() - 4), is_digit) &&
         middle.find_first_not_of('*') == middle.npos;
}

bool is_terminal(std::string_view id) {
  return !id.empty() && id.size() <= terminal_length_max && std::ranges::all_of(id, is_printable);
}

} // namespace

machine::decision machine::refuse(refusal why, std::string_view param) {
  return {.what = decision::kind::refuse, .why = why, .param = param};
}

machine::decision machine::replay(const key_record& key) {
  return {.what = decision::kind::replay, .key = &key};
}

/// A known key is good for the same request only.
machine::decision machine::replay_or_reuse(const key_record& key,
                                           const google::protobuf::MessageLite& request) {
  if (key.fingerprint != fingerprint_of(request) &&
      !planted::is_on(planted::bug::key_with_other_body))
    return refuse(refusal::idempotency_key_reused, "idempotency_key");
  return replay(key);
}

machine::decision machine::check(const v1::Command& command) const {
  if (const auto refused = check_principal(command))
    return *refused;
  const decision now = check_by_kind(command);
  return now.what == decision::kind::commit && waits_for_second(command) ? check_change(command)
                                                                         : now;
}

machine::decision machine::check_by_kind(const v1::Command& command) const {
  switch (command.kind_case()) {
  case v1::Command::kOpenAccount:
    return check(command.open_account());
  case v1::Command::kCreatePayment:
    return check(command.create_payment());
  case v1::Command::kAuthorizePayment:
    return check(command.authorize_payment());
  case v1::Command::kCapturePayment:
    return check(command.capture_payment());
  case v1::Command::kVoidPayment:
    return check(command.void_payment());
  case v1::Command::kRefundPayment:
    return check(command.refund_payment());
  case v1::Command::kSendAttempt:
    return check(command.send_attempt());
  case v1::Command::kResolveAttempt:
    return check(command.resolve_attempt());
  case v1::Command::kPassTime:
    return check(command.pass_time());
  case v1::Command::kGrantLink:
    return check(command.grant_link());
  case v1::Command::kGiveUpPayment:
    return check(command.give_up_payment());
  case v1::Command::kReversePayment:
    return check(command.reverse_payment());
  case v1::Command::kRecordAdvice:
    return check(command.record_advice());
  case v1::Command::kReconcileTerminal:
    return check(command.reconcile_terminal());
  case v1::Command::kResolveAdvice:
    return check(command.resolve_advice());
  case v1::Command::kDecidePayment:
    return check(command.decide_payment());
  case v1::Command::kReconcileAcquirer:
    return check(command.reconcile_acquirer());
  case v1::Command::kPutEndpoint:
  case v1::Command::kRemoveEndpoint:
  case v1::Command::kNoteDeliveries:
  case v1::Command::kReplayEvents:
    return check_webhook(command);
  case v1::Command::kSettlement:
    return check(command.settlement());
  case v1::Command::kSettlementException:
    return check(command.settlement_exception());
  case v1::Command::kRecordAudit:
    return check(command.record_audit());
  case v1::Command::kDecideChange:
    return check(command.decide_change(), command.principal());
  case v1::Command::KIND_NOT_SET:
    break;
  }
  return refuse(refusal::command_malformed);
}

machine::decision machine::check(const v1::OpenAccount& command) const {
  if (!is_account_id(command.id()))
    return refuse(refusal::account_id_invalid, "id");
  const auto currency = find_currency(command.currency());
  if (!currency)
    return refuse(refusal::currency_unknown, "currency");
  if (settlement::is_hub_account(command.id()))
    return refuse(refusal::account_of_settlement, "id");
  if (!command.owner().empty() && !is_account_id(command.owner()))
    return refuse(refusal::owner_invalid, "owner");
  const account_record* known = find_account(command.id());
  if (known == nullptr)
    return {};
  if (known->ledger != currency->number || known->overdraft != command.overdraft() ||
      known->owner != command.owner())
    return refuse(refusal::account_exists, "id");
  return {.what = decision::kind::replay, .account = known};
}

machine::decision machine::check(const v1::CreatePayment& command) const {
  return check_creation(command, command);
}

/// `request` is what the key stands for: the creation itself, or the advice that it is in.
machine::decision machine::check_creation(const v1::CreatePayment& command,
                                          const google::protobuf::MessageLite& request) const {
  if (const refusal why = check_key(command.idempotency_key()); why != refusal::none)
    return refuse(why, "idempotency_key");
  if (!is_account_id(command.from()))
    return refuse(refusal::account_id_invalid, "from");
  if (!is_account_id(command.to()))
    return refuse(refusal::account_id_invalid, "to");
  if (command.from() == command.to())
    return refuse(refusal::accounts_must_be_different, "to");
  if (command.amount() <= 0)
    return refuse(refusal::amount_must_be_positive, "amount");
  if (!find_currency(command.currency()))
    return refuse(refusal::currency_unknown, "currency");
  if (command.description().size() > description_length_max)
    return refuse(refusal::description_too_long, "description");
  if (!command.card().empty() && !is_masked_card(command.card()))
    return refuse(refusal::card_invalid, "card");
  if (!command.terminal().empty() && !is_terminal(command.terminal()))
    return refuse(refusal::terminal_invalid, "terminal");
  if (const refusal why = check_metadata(command); why != refusal::none)
    return refuse(why, "metadata");
  if (const key_record* key = find_key(command.idempotency_key()))
    return is_reversed_ahead(*key) ? refuse(refusal::payment_reversed_ahead, "idempotency_key")
                                   : replay_or_reuse(*key, request);
  return check_parties(command);
}

/// What is settled is summed: amounts have a limit there. Settlement's own accounts are no parties.
machine::decision machine::check_parties(const v1::CreatePayment& command) const {
  const account_record* from = find_account(command.from());
  if (from == nullptr)
    return refuse(refusal::account_not_found, "from");
  const account_record* to = find_account(command.to());
  if (to == nullptr)
    return refuse(refusal::account_not_found, "to");
  const std::uint32_t ledger = find_currency(command.currency())->number;
  if (from->ledger != ledger)
    return refuse(refusal::currency_mismatch, "from");
  if (to->ledger != ledger)
    return refuse(refusal::currency_mismatch, "to");
  const settlement::account_table all{accounts_, accounts_by_id_};
  for (const char* side : {"from", "to"})
    if (settlement_->is_own_account(*side == 'f' ? command.from() : command.to(), all))
      return refuse(refusal::account_of_settlement, side);
  return command.amount() > settlement::settled_amount_max &&
                 settlement_->is_settled(all.place_of(command.from()), all.place_of(command.to()))
             ? refuse(refusal::amount_too_large, "amount")
             : decision{};
}

machine::decision machine::check(const v1::AuthorizePayment& command) const {
  const payment_record* payment = find_payment(command.payment_id());
  if (payment == nullptr)
    return refuse(refusal::payment_not_found, "id");
  return payment->now == state::created && payment->card.empty() ? decision{}
                                                                 : replay(keys_.at(payment->key));
}

/// What every change of a payment has to pass before the payment's state matters; nothing if it
/// does.
std::optional<machine::decision>
machine::check_change(const std::string& key, const std::string& payment_id, std::int64_t amount,
                      const google::protobuf::MessageLite& request) const {
  if (const refusal why = check_key(key); why != refusal::none)
    return refuse(why, "idempotency_key");
  if (amount < 0)
    return refuse(refusal::amount_must_not_be_negative, "amount");
  if (const key_record* known = find_key(key))
    return replay_or_reuse(*known, request);
  if (find_payment(payment_id) == nullptr)
    return refuse(refusal::payment_not_found, "id");
  return std::nullopt;
}

machine::decision machine::check(const v1::CapturePayment& command) const {
  if (command.idempotency_key().empty())
    return check_capture_of_creation(command);
  if (const auto decided =
          check_change(command.idempotency_key(), command.payment_id(), command.amount(), command))
    return *decided;
  const payment_record& payment = *find_payment(command.payment_id());
  if (is_pending(payment.now))
    return refuse(refusal::payment_in_doubt, "id");
  const bool may_be_twice =
      payment.now == state::captured && planted::is_on(planted::bug::captured_twice);
  if (!is_authorized(payment.now) && !may_be_twice)
    return refuse(refusal::payment_not_authorized, "id");
  if (command.amount() > payment.authorized)
    return refuse(refusal::amount_exceeds_authorized, "amount");
  return {};
}

/// The capture that an automatic payment's creation asks for has no key of its own, and takes all.
machine::decision machine::check_capture_of_creation(const v1::CapturePayment& command) const {
  const payment_record* payment = find_payment(command.payment_id());
  if (payment == nullptr)
    return refuse(refusal::payment_not_found, "id");
  if (payment->manual_capture || command.amount() != 0)
    return refuse(refusal::idempotency_key_missing, "idempotency_key");
  return payment->now == state::authorized ? decision{} : replay(keys_.at(payment->key));
}

machine::decision machine::check(const v1::VoidPayment& command) const {
  if (const auto decided =
          check_change(command.idempotency_key(), command.payment_id(), 0, command))
    return *decided;
  const payment_record& payment = *find_payment(command.payment_id());
  if (is_pending(payment.now))
    return refuse(refusal::payment_in_doubt, "id");
  const bool may_be_captured =
      payment.now == state::captured && planted::is_on(planted::bug::void_after_capture);
  if (!is_authorized(payment.now) && !may_be_captured)
    return refuse(refusal::payment_not_authorized, "id");
  return {};
}

machine::decision machine::check(const v1::RefundPayment& command) const {
  const auto decided =
      check_change(command.idempotency_key(), command.payment_id(), command.amount(), command);
  const bool is_made_again = decided && decided->what == decision::kind::replay &&
                             planted::is_on(planted::bug::refund_key_ignored);
  if (decided && !is_made_again)
    return *decided;
  const payment_record& payment = *find_payment(command.payment_id());
  if (payment.now != state::captured)
    return refuse(refusal::payment_not_captured, "id");
  const std::int64_t left = left_of(payment);
  if ((left == 0 || command.amount() > left) && !planted::is_on(planted::bug::refund_over_captured))
    return refuse(refusal::amount_exceeds_captured, "amount");
  return {};
}

const key_record* machine::find_key(const std::string& key) const {
  const auto found = keys_.find(key);
  return found == keys_.end() ? nullptr : &found->second;
}

const payment_record* machine::find_payment(const std::string& id) const {
  const auto found = payments_by_id_.find(id);
  return found == payments_by_id_.end() ? nullptr : &payments_[found->second];
}

const account_record* machine::find_account(const std::string& id) const {
  const auto found = accounts_by_id_.find(id);
  return found == accounts_by_id_.end() ? nullptr : &accounts_[found->second];
}

} // namespace ducat::payment
