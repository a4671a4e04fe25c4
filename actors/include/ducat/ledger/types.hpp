/// The records of the ledger: accounts, transfers, their ids and flags.
#pragma once

#include <ducat/time.hpp>
#include <ducat/u128.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string_view>

namespace ducat::ledger {

/// The latest timestamp of an event, as TigerBeetle has it: 63 bits, in the year 2262.
constexpr log_time timestamp_max{(std::uint64_t{1} << 63) - 1};

/// Names an account. 0 means "none"; 0 and u128_max are never the id of an account.
struct account_id {
  u128 value = 0;

  friend constexpr auto operator<=>(const account_id&, const account_id&) = default;
};

/// Names a transfer, for ever: the id is its idempotency key. 0 and u128_max as for account_id.
struct transfer_id {
  u128 value = 0;

  friend constexpr auto operator<=>(const transfer_id&, const transfer_id&) = default;
};

/// Bits on the wire and on disk: never reuse one.
enum class account_flags : std::uint16_t {
  none = 0,
  linked = 1 << 0, ///< The next event of the batch belongs to the same chain.
  debits_must_not_exceed_credits = 1 << 1,
  credits_must_not_exceed_debits = 1 << 2, ///< Excludes debits_must_not_exceed_credits.
  history = 1 << 3,  ///< Its balances after each movement are kept, to be asked for later.
  imported = 1 << 4, ///< Brings its own timestamp, from before the ledger; for whole batches.
  closed = 1 << 5,   ///< Takes part in nothing but the void of a pending transfer.
};

/// Bits on the wire and on disk: never reuse one.
enum class transfer_flags : std::uint16_t {
  none = 0,
  linked = 1 << 0,           ///< The next event of the batch belongs to the same chain.
  pending = 1 << 1,          ///< Reserves the amount until a later transfer posts or voids it.
  post_pending = 1 << 2,     ///< Posts all or a part of `pending_id` and releases the rest.
  void_pending = 1 << 3,     ///< Releases all of `pending_id`.
  balancing_debit = 1 << 4,  ///< Moves at most what the debit account has left (see transfer).
  balancing_credit = 1 << 5, ///< Moves at most what the credit account has left.
  closing_debit = 1 << 6,    ///< Closes the debit account; only with `pending`.
  closing_credit = 1 << 7,   ///< Closes the credit account; only with `pending`.
  imported = 1 << 8,         ///< As for account_flags.
};

template <class T>
concept flag_set = std::same_as<T, account_flags> || std::same_as<T, transfer_flags>;

template <flag_set T>
constexpr T operator|(T a, T b) noexcept {
  return static_cast<T>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}

template <flag_set T>
constexpr T operator&(T a, T b) noexcept {
  return static_cast<T>(static_cast<std::uint16_t>(a) & static_cast<std::uint16_t>(b));
}

/// Returns every bit that `a` does not have, known or not.
template <flag_set T>
constexpr T operator~(T a) noexcept {
  return static_cast<T>(static_cast<std::uint16_t>(~static_cast<std::uint16_t>(a)));
}

/// Returns whether `flags` and `wanted` have a bit in common.
template <flag_set T>
constexpr bool has(T flags, T wanted) noexcept {
  return (flags & wanted) != T::none;
}

/// What the book holds about an account, and, with zero balances and timestamp, the request to
/// create one.
/// Invariant: debits_pending + debits_posted and credits_pending + credits_posted fit in a u128.
struct account {
  account_id id;
  u128 debits_pending = 0; ///< Reserved by pending transfers, in minor units of the ledger.
  u128 debits_posted = 0;  ///< Only grows.
  u128 credits_pending = 0;
  u128 credits_posted = 0; ///< Only grows.
  u128 user_data_128 = 0;  ///< User data is the caller's; the book only compares it.
  std::uint64_t user_data_64 = 0;
  std::uint32_t user_data_32 = 0;
  std::uint32_t ledger = 0; ///< Asset and scale; money never crosses ledgers. Not 0.
  std::uint16_t code = 0;   ///< The caller's kind of account. Not 0.
  account_flags flags = account_flags::none;
  log_time timestamp; ///< When it was created; zero in a request that is not imported.

  friend bool operator==(const account&, const account&) = default;
};

/// One movement from the debit account to the credit account. Immutable once created.
struct transfer {
  transfer_id id;
  account_id debit_account_id;  ///< May be zero when posting or voiding: taken from the pending.
  account_id credit_account_id; ///< Likewise.
  u128 amount = 0;        ///< Minor units; 0 is legal. u128_max on a post means the whole pending
                          ///< amount, 0 on a void likewise. A balancing transfer moves less if the
                          ///< account has less left. The stored transfer has what it moved.
  transfer_id pending_id; ///< What a post or void resolves; zero for all others.
  u128 user_data_128 = 0; ///< Zero user data of a post or void is taken from the pending.
  std::uint64_t user_data_64 = 0;
  std::uint32_t user_data_32 = 0;
  std::uint32_t timeout = 0; ///< Seconds after which a pending transfer expires; 0 = never. Zero
                             ///< for all others.
  std::uint32_t ledger = 0;  ///< That of both accounts; may be zero when posting or voiding.
  std::uint16_t code = 0;    ///< The caller's reason for it; may be zero when posting or voiding.
  transfer_flags flags = transfer_flags::none;
  log_time timestamp; ///< When it was created; zero in a request that is not imported.

  friend bool operator==(const transfer&, const transfer&) = default;
};

/// The request to move back what a transfer moved.
struct reversal {
  transfer_id id;      ///< Of the transfer that moves it back; as for every transfer.
  transfer_id reverts; ///< A transfer that moved money: no pending and no void one.
  bool force = false;  ///< Also if it breaks the bounds of an account.
};

/// What became of a pending transfer. It leaves `pending` at most once and never returns.
enum class pending_status : std::uint8_t {
  pending = 1,
  posted = 2,
  voided = 3,
  expired = 4, ///< Its timeout passed on the ledger's clock.
};

std::string_view to_string(pending_status status) noexcept;

std::ostream& operator<<(std::ostream& out, account_id id);
std::ostream& operator<<(std::ostream& out, transfer_id id);
std::ostream& operator<<(std::ostream& out, pending_status status);
std::ostream& operator<<(std::ostream& out, const account& a);
std::ostream& operator<<(std::ostream& out, const transfer& t);

/// Returns a well mixed hash of an id; ids are often sequential or share their high half.
constexpr std::size_t hash_id(u128 id) noexcept {
  std::uint64_t bits = low_half(id) ^ (high_half(id) * 0x9E3779B97F4A7C15u);
  bits = (bits ^ (bits >> 33)) * 0xFF51AFD7ED558CCDu;
  return static_cast<std::size_t>(bits ^ (bits >> 33));
}

} // namespace ducat::ledger

template <>
struct std::hash<ducat::ledger::account_id> {
  using is_avalanching = void; // Tells Boost's tables that the bits need no more mixing.

  std::size_t operator()(ducat::ledger::account_id id) const noexcept {
    return ducat::ledger::hash_id(id.value);
  }
};

template <>
struct std::hash<ducat::ledger::transfer_id> {
  using is_avalanching = void; // Tells Boost's tables that the bits need no more mixing.

  std::size_t operator()(ducat::ledger::transfer_id id) const noexcept {
    return ducat::ledger::hash_id(id.value);
  }
};
