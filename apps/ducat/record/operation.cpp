#include "record/operation.hpp"

#include <ducat/digest.hpp>

namespace ducat::cli {

namespace {

constexpr std::size_t id_digits = 32;

std::string id_of(std::string_view prefix, std::string_view kind, std::string_view key) {
  const digest value = sha256({kind, std::string_view{"\0", 1}, key});
  return std::string{prefix} + to_hex(value).substr(0, id_digits);
}

/// Lengths keep fields apart, whatever they hold.
std::string hash_of_fields(const std::vector<std::string_view>& fields) {
  std::string text;
  for (const std::string_view field : fields)
    text.append(std::to_string(field.size())).append(":").append(field);
  return to_hex(sha256({text})).substr(0, id_digits);
}

std::string_view word_of(bool value) {
  return value ? "1" : "0";
}

} // namespace

std::string_view to_string(operation_kind kind) noexcept {
  switch (kind) {
  case operation_kind::account:
    return "account";
  case operation_kind::payment:
    return "payment";
  case operation_kind::capture:
    return "capture";
  case operation_kind::void_payment:
    return "void";
  case operation_kind::refund:
    return "refund";
  }
  return "?";
}

std::optional<operation_kind> operation_kind_of(std::string_view word) noexcept {
  for (const operation_kind kind :
       {operation_kind::account, operation_kind::payment, operation_kind::capture,
        operation_kind::void_payment, operation_kind::refund})
    if (word == to_string(kind))
      return kind;
  return std::nullopt;
}

std::string name_of(const operation_id& id) {
  return (id.kind == operation_kind::account ? "a" : "k") + id.key;
}

std::string payment_id_of(std::string_view idempotency_key) {
  return id_of("pay_", "payment", idempotency_key);
}

std::string refund_id_of(std::string_view idempotency_key) {
  return id_of("ref_", "refund", idempotency_key);
}

std::string body_hash(const account_body& body) {
  return hash_of_fields({"account", body.currency, word_of(body.overdraft)});
}

std::string body_hash(const payment_body& body) {
  const std::string amount = std::to_string(body.amount);
  std::vector<std::string_view> fields{"payment",       body.from,     body.to,
                                       amount,          body.currency, word_of(body.manual_capture),
                                       body.description};
  for (const auto& [key, value] : body.metadata)
    fields.insert(fields.end(), {key, value});
  return hash_of_fields(fields);
}

std::string body_hash(const change_body& body) {
  const std::string amount = std::to_string(body.amount);
  return hash_of_fields({to_string(body.kind), body.payment_id, amount});
}

} // namespace ducat::cli
