/// What clients ask for, as the client's record of calls names it.
#pragma once

#include <ducat/digest.hpp>

#include <array>
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

/// The first half of a SHA-256, which ids and bodies show as 32 hex digits.
using half_digest = std::array<std::uint8_t, 16>;

/// Returns the 32 lower-case hex digits of `value`.
std::string digits_of(const half_digest& value);

/// Returns what `digits` are the 32 lower-case hex digits of; nothing if they are not that.
std::optional<half_digest> half_digest_in(std::string_view digits) noexcept;

/// Returns what a payment id shows; nothing if `id` is not one that payment_id_of() can return.
std::optional<half_digest> payment_digest_in(std::string_view id) noexcept;

/// Returns the first half of SHA-256("payment\0" + idempotency key).
half_digest payment_digest_of(std::string_view idempotency_key);

/// Return "pay_" and the first 32 hex digits of SHA-256("payment\0" + idempotency key).
std::string payment_id_of(std::string_view idempotency_key);
std::string payment_id_of(const half_digest& digest);

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

/// Return what stands for what was asked, also as 32 hex digits: bodies with the same digits ask
/// for the same.
half_digest body_digest(const account_body& body);
half_digest body_digest(const payment_body& body);
half_digest body_digest(const change_body& body);
std::string body_hash(const account_body& body);
std::string body_hash(const payment_body& body);
std::string body_hash(const change_body& body);

} // namespace ducat::cli
