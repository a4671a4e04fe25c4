/// Short ways to write the commands of the payment machine.
#pragma once

#include <ducat/v1/journal.pb.h>

#include <cstdint>
#include <string>

namespace ducat::testing {

inline v1::Command open_account(const std::string& id, bool overdraft,
                                const std::string& currency = "EUR") {
  v1::Command command;
  auto& open = *command.mutable_open_account();
  open.set_id(id);
  open.set_currency(currency);
  open.set_overdraft(overdraft);
  return command;
}

inline v1::Command create_payment(const std::string& key, const std::string& from,
                                  const std::string& to, std::int64_t amount, bool manual = false) {
  v1::Command command;
  auto& create = *command.mutable_create_payment();
  create.set_idempotency_key(key);
  create.set_from(from);
  create.set_to(to);
  create.set_amount(amount);
  create.set_currency("EUR");
  create.set_manual_capture(manual);
  return command;
}

inline v1::Command authorize_payment(const std::string& id) {
  v1::Command command;
  command.mutable_authorize_payment()->set_payment_id(id);
  return command;
}

inline v1::Command capture_payment(const std::string& id, const std::string& key,
                                   std::int64_t amount = 0) {
  v1::Command command;
  auto& capture = *command.mutable_capture_payment();
  capture.set_payment_id(id);
  capture.set_idempotency_key(key);
  capture.set_amount(amount);
  return command;
}

inline v1::Command void_payment(const std::string& id, const std::string& key) {
  v1::Command command;
  auto& release = *command.mutable_void_payment();
  release.set_payment_id(id);
  release.set_idempotency_key(key);
  return command;
}

inline v1::Command refund_payment(const std::string& id, const std::string& key,
                                  std::int64_t amount = 0) {
  v1::Command command;
  auto& refund = *command.mutable_refund_payment();
  refund.set_payment_id(id);
  refund.set_idempotency_key(key);
  refund.set_amount(amount);
  return command;
}

} // namespace ducat::testing
