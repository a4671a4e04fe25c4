#include "sim/client_request.hpp"

#include <ducat/payment/card.hpp>

namespace ducat::cli {

client_request account_request(const std::string& id, bool overdraft) {
  client_request made{.id = {operation_kind::account, id},
                      .body = body_hash(account_body{.currency = "EUR", .overdraft = overdraft}),
                      .command = {}};
  v1::OpenAccount& opened = *made.command.mutable_open_account();
  opened.set_id(id);
  opened.set_currency("EUR");
  opened.set_overdraft(overdraft);
  return made;
}

client_request payment_request(const wanted_payment& what) {
  client_request made{.id = {operation_kind::payment, what.key},
                      .body = body_hash(payment_body{.from = what.from,
                                                     .to = what.to,
                                                     .amount = what.amount,
                                                     .currency = "EUR",
                                                     .manual_capture = what.is_manual}),
                      .command = {}};
  v1::CreatePayment& created = *made.command.mutable_create_payment();
  created.set_idempotency_key(what.key);
  created.set_from(what.from);
  created.set_to(what.to);
  created.set_amount(what.amount);
  created.set_currency("EUR");
  created.set_manual_capture(what.is_manual);
  if (what.is_by_card)
    created.set_card(payment::pan::parse(simulated_card).value().masked());
  made.is_by_card = what.is_by_card;
  return made;
}

client_request change_request(operation_kind kind, const std::string& payment, std::int64_t amount,
                              const std::string& key_suffix) {
  const std::string id = payment_id_of(payment);
  const std::string key = payment + "-" + std::string{to_string(kind)} + key_suffix;
  client_request made{.id = {kind, key},
                      .body =
                          body_hash(change_body{.kind = kind, .payment_id = id, .amount = amount}),
                      .command = {}};
  const auto fill = [&](auto& command) {
    command.set_payment_id(id);
    command.set_idempotency_key(key);
  };
  if (kind == operation_kind::capture) {
    fill(*made.command.mutable_capture_payment());
    made.command.mutable_capture_payment()->set_amount(amount);
  } else if (kind == operation_kind::refund) {
    fill(*made.command.mutable_refund_payment());
    made.command.mutable_refund_payment()->set_amount(amount);
  } else {
    fill(*made.command.mutable_void_payment());
  }
  return made;
}

} // namespace ducat::cli
