/// The kinds of transfer, by their flags.
#pragma once

#include <ducat/ledger/types.hpp>

namespace ducat::ledger {

constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;

inline bool is_pending(const transfer& t) {
  return has(t.flags, transfer_flags::pending);
}

inline bool is_post(const transfer& t) {
  return has(t.flags, transfer_flags::post_pending);
}

inline bool is_void(const transfer& t) {
  return has(t.flags, transfer_flags::void_pending);
}

/// Returns whether `t` resolves a pending transfer.
inline bool resolves(const transfer& t) {
  return is_post(t) || is_void(t);
}

/// Returns when `pending`, which has a timeout, expires. It fits: check_transfer.cpp saw to it.
inline log_time expires_at(const transfer& pending) {
  return {pending.timestamp.nanoseconds + pending.timeout * nanoseconds_per_second};
}

/// Returns how much of `pending` the post or void `request` is about.
inline u128 resolved_amount(const transfer& request, const transfer& pending) {
  const u128 whole = is_post(request) ? u128_max : u128{0};
  return request.amount == whole ? pending.amount : request.amount;
}

} // namespace ducat::ledger
