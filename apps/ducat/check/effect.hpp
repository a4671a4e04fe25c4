/// What the log says became of one operation.
#pragma once

#include "record/operation.hpp"

#include <cstdint>
#include <string_view>

namespace ducat::cli {

enum class payment_phase : std::uint8_t {
  created,
  authorized,
  captured,
  voided,
  declined,
  authorizing, ///< This and what follows: of card payments only.
  partially_authorized,
  in_doubt,
  reversed,
  failed,
  expired,
  exception
};

/// Returns the name that the API has for it, such as CAPTURED.
std::string_view to_string(payment_phase phase) noexcept;

/// A payment as a caller is shown it.
struct payment_snapshot {
  payment_phase phase = payment_phase::created;
  std::int64_t amount = 0;
  std::int64_t captured = 0;
  std::int64_t refunded = 0;
};

struct effect {
  operation_kind kind = operation_kind::payment;
  bool declined = false;
  bool settled = false;     ///< No step is left: the answer stays as it is for ever.
  std::string_view key;     ///< Lives as long as the history.
  half_digest body{};       ///< body_digest() of what the log holds.
  half_digest payment_id{}; ///< Nothing for an account.
  std::uint64_t index = 0;  ///< The entry with the last effect of this operation.
  payment_snapshot then{};  ///< The payment after that effect.
};

} // namespace ducat::cli
