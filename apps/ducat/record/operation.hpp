/// What clients ask for, as the client's record of calls names it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ducat::cli {

enum class operation_kind : std::uint8_t { account, payment, capture, void_payment, refund };

/// Returns the word for `kind` in files: account, payment, capture, void, refund.
std::string_view to_string(operation_kind kind) noexcept;

/// Returns the kind that `word` stands for, if it is one.
std::optional<operation_kind> operation_kind_of(std::string_view word) noexcept;

/// One operation: the same kind and key again is the same operation. An account's key is its id;
/// the keys of all other kinds are one name space.
struct operation_id {
  operation_kind kind = operation_kind::payment;
  std::string key;
};

/// Returns what two ids share if, and only if, they are the same key of the same name space.
std::string name_of(const operation_id& id);

/// Returns "pay_" and the first 32 hex digits of SHA-256("payment\0" + idempotency key).
std::string payment_id_of(std::string_view idempotency_key);

/// Returns "ref_" and the first 32 hex digits of SHA-256("refund\0" + idempotency key).
std::string refund_id_of(std::string_view idempotency_key);

struct account_body {
  std::string_view currency;
  bool overdraft = false;
};

struct payment_body {
  std::string_view from;
  std::string_view to;
  std::int64_t amount = 0;
  std::string_view currency;
  bool manual_capture = false;
  std::string_view description{};
  std::vector<std::pair<std::string_view, std::string_view>> metadata{}; ///< By key.
};

/// Of a capture, void or refund.
struct change_body {
  operation_kind kind;
  std::string_view payment_id;
  std::int64_t amount = 0; ///< 0 means all.
};

/// Return 32 hex digits that stand for what was asked: bodies with the same digits ask for the
/// same.
std::string body_hash(const account_body& body);
std::string body_hash(const payment_body& body);
std::string body_hash(const change_body& body);

} // namespace ducat::cli
