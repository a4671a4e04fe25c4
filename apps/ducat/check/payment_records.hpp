/// What the checker keeps of payments.
#pragma once

#include "check/books.hpp"
#include "check/effect.hpp"

#include <ducat/v1/journal.pb.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cli {

constexpr std::uint64_t second_ns = 1'000'000'000;

/// What has become of an attempt.
enum class attempt_phase : std::uint8_t {
  sent, ///< The outcome is not known.
  approved,
  declined,
  not_sent,
  reversing,
  reversed,
  exhausted ///< Nobody has accepted its reversal.
};

struct checked_attempt {
  static constexpr std::uint64_t no_reversal = ~std::uint64_t{0};

  std::string link;
  std::uint64_t number = 0;  ///< Among all attempts, advices and reconciliations.
  std::int64_t approved = 0; ///< The amount.
  v1::SendAttempt::Asked asked = v1::SendAttempt::UNSPECIFIED;
  attempt_phase now = attempt_phase::sent;
  bool is_part = false; ///< Approved for less.
  bool was_in_doubt = false;
  bool was_approved = false; ///< In time, for whatever amount.
  bool was_late = false;     ///< Approved while it was reversed.
  bool is_reversed_again = false;
  bool was_reversed_late = false; ///< Its reversal was accepted when it had been decided about.
  std::uint64_t deadline_ns = 0;  ///< Of its second reversal; 0: none.
  std::uint64_t reversal_over = no_reversal; ///< The one that was accepted last.

  bool is_open() const noexcept {
    return now == attempt_phase::sent || now == attempt_phase::reversing ||
           now == attempt_phase::exhausted;
  }
};

enum class advice_phase : std::uint8_t { owed, acknowledged, exhausted, settled };

/// A part of a digest is as good as a hash of it.
inline std::uint64_t hash_of_id(const half_digest& id) noexcept {
  std::uint64_t value = 0;
  std::memcpy(&value, id.data(), sizeof value);
  return value;
}

/// There are millions of them: places take four bytes, as in a place_index.
struct checked_payment {
  half_digest digest{};       ///< What its id shows.
  std::uint32_t number = 0;   ///< Its place among the payments.
  std::uint32_t creation = 0; ///< Its place among the effects.
  books::number from = books::none;
  books::number to = books::none;
  books::number held_for = books::none; ///< Payee of what is held.
  bool manual_capture = false;
  bool is_card = false;
  bool is_taken_back = false;
  std::string_view terminal{}; ///< Lives as long as the history.
  payment_snapshot now{};
  std::int64_t held = 0; ///< On the payer's account.
  std::int64_t disputed = 0;
  v1::DisputePayment::Event dispute = v1::DisputePayment::EVENT_UNSPECIFIED;
  std::int64_t dispute_amount = 0;
  std::uint64_t window = 0; ///< Of its capture; 0: its payee was no merchant.
  std::int64_t fee = 0;
  std::vector<checked_attempt> attempts{};
  std::vector<advice_phase> advices{};
  std::uint64_t deadline_ns = 0; ///< 0: none.

  std::string id() const { return payment_id_of(digest); }

  bool is_held() const noexcept {
    return now.phase == payment_phase::authorized ||
           now.phase == payment_phase::partially_authorized;
  }

  /// Returns whether nobody knows yet what comes of it.
  bool is_pending() const noexcept {
    return now.phase == payment_phase::authorizing || now.phase == payment_phase::in_doubt ||
           now.phase == payment_phase::exception;
  }

  bool has_open_attempt() const noexcept {
    for (const checked_attempt& each : attempts)
      if (each.is_open())
        return true;
    return false;
  }

  /// Returns what may still be refunded or disputed.
  std::int64_t left() const noexcept { return now.captured - now.refunded - disputed; }
};

} // namespace ducat::cli
