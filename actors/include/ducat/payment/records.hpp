/// What the payment machine remembers: accounts, payments, refunds and idempotency keys.
#pragma once

#include <ducat/digest.hpp>
#include <ducat/ledger/types.hpp>
#include <ducat/payment/acquirer_totals.hpp>
#include <ducat/payment/advice.hpp>
#include <ducat/payment/attempt.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ducat::payment {

/// A named account; its balances are in the book.
struct account_record {
  std::string id;
  ledger::account_id number; ///< Its id in the book: number_of("account", id).
  std::uint32_t ledger = 0;  ///< The currency's ISO 4217 number.
  bool overdraft = false;
  std::uint64_t index = 0; ///< Of the log entry that opened it.
  std::string owner{};     ///< The merchant who may use it; empty: none.
};

/// What belongs to one merchant: where it is in the lists of all, ascending.
struct owned {
  std::vector<std::uint64_t> accounts{};
  std::vector<std::uint64_t> payments{};
};

/// Values are on the wire (ducat.v1.Payment.State): never renumber.
enum class state : std::uint8_t {
  created = 1,    ///< Recorded with its key; the hold is not decided.
  authorized = 2, ///< The amount is held.
  captured = 3,   ///< Posted to the payee, the rest released. Final but for refunds.
  voided = 4,     ///< The hold was released. Final.
  declined = 5,   ///< The hold was refused. Final.

  // Only of a card payment.
  authorizing = 6,          ///< Sent to an acquirer, without an outcome.
  partially_authorized = 7, ///< As authorized, for less than the amount.
  in_doubt = 8,             ///< Sent, outcome unknown: a reversal is under way.
  reversed = 9,             ///< It was in doubt; the reversal was accepted. Final.
  failed = 10,              ///< It was never sent. Final.
  expired = 11,             ///< Not confirmed, or not captured, in time. Final.
  exception = 12,           ///< The reversal was not accepted in time; the amount is in suspense.
};

/// Returns whether money is held, to be captured or released.
constexpr bool is_authorized(state value) noexcept {
  return value == state::authorized || value == state::partially_authorized;
}

/// Returns whether nobody knows yet what comes of it: its callers are to ask again.
constexpr bool is_pending(state value) noexcept {
  return value == state::authorizing || value == state::in_doubt || value == state::exception;
}

/// How long is waited for what. Deadlines are instants of the log's clock, so that a replay has the
/// same effects at the same entries.
struct payment_timers {
  std::uint64_t confirm_s = 24 * 3600;  ///< From its creation until it is sent.
  std::uint64_t hold_s = 7 * 24 * 3600; ///< From the approval until it is captured.
  std::uint64_t reversal_s = 24 * 3600; ///< From the doubt until it is an exception.
};

constexpr payment_timers timers;
constexpr std::uint32_t answer_timeout_ms_max = 300'000;
constexpr std::size_t attempts_max = 8;

std::string_view to_string(state value) noexcept;
std::ostream& operator<<(std::ostream& out, state value);

/// What a caller keeps with a payment: key and value. Invariant: the keys ascend.
using metadata = std::vector<std::pair<std::string, std::string>>;

struct refund_record {
  std::string id;
  std::int64_t amount = 0;
  log_time at;
  std::string decline_code; ///< Empty if the money was moved.
};

/// Invariants: 0 <= refunded, refunded + disputed <= captured <= authorized <= amount; captured > 0
/// only in state captured; of the attempts that are not reversed again only the last one may not
/// allow_another().
struct payment_record {
  std::string id;
  std::string key; ///< The idempotency key of its creation.
  state now = state::created;
  std::uint32_t from = 0; ///< Position of the account in the machine's table.
  std::uint32_t to = 0;
  std::int64_t amount = 0; ///< Minor units.
  bool manual_capture = false;
  std::string description;
  metadata extra{}; ///< What its creation gave.
  std::int64_t captured = 0;
  std::int64_t refunded = 0;
  std::string decline_code;
  std::vector<refund_record> refunds{};
  std::string card{};          ///< First six and last four digits; empty: no card payment.
  std::int64_t authorized = 0; ///< What may be captured.
  std::vector<attempt_record> attempts{};
  std::string failure_reason{};         ///< Why it was given up without being sent.
  std::vector<advice_record> advices{}; ///< What the acquirer is told.
  std::string timeline{};               ///< A v1::Timeline.
  std::string terminal{};               ///< Where it was made; empty: at no terminal.
  bool taken_back = false; ///< The terminal has reversed it. It has no further attempt.
  std::uint64_t window =
      0; ///< Of settlement, in which it was captured; 0: its payee is no merchant.
  std::uint32_t business_date = 0; ///< The same, yyyymmdd.
  std::int64_t disputed = 0;       ///< What its payer disputes, or was given back for that.
  std::int64_t fee = 0;            ///< What its capture costs the payee.
  std::uint32_t events = 0;        ///< How many it has had: one for each row of the timeline.
  log_time deadline{};             ///< When something is due though nobody asks; 0: nothing is.
  log_time at;                     ///< Of its creation.
  std::uint64_t sequence = 0;      ///< Its place in the order of creation.
};

/// Returns what may still be refunded or disputed.
constexpr std::int64_t left_of(const payment_record& payment) noexcept {
  return payment.captured - payment.refunded - payment.disputed;
}

/// Which of a node's links to an acquirer carries payments.
struct link_grant {
  std::string link;
  std::uint64_t epoch = 0; ///< Of the first grant 1, and one more each time.
  std::uint64_t index = 0; ///< Of the entry that holds it.
  log_time at;
};

/// How a payment stood at some moment, so that a replay answers as the first time.
struct snapshot {
  state then = state::created;
  std::int64_t captured = 0;
  std::int64_t refunded = 0;
  std::size_t refunds = 0; ///< How many of its refunds there were.
};

/// Of a terminal, since its last reconciliation in balance. A payment that was taken back counts in
/// both. Invariant: reversals <= debits, unless what they took back was reconciled before.
struct terminal_totals {
  tally debits{};
  tally debit_reversals{};
  std::uint64_t reconciliations = 0;
};

/// What a key was used for. One key names one request, whatever its operation. Without a payment it
/// is that of a reversal of something unknown, or of a reconciliation.
struct key_record {
  digest fingerprint{}; ///< SHA-256 of the caller's request.
  std::string payment_id;
  std::uint64_t index = 0;         ///< Of the newest entry with an effect of this request.
  std::optional<snapshot> reply{}; ///< Nothing while the request has steps left.
};

/// Returns whether the key is that of a payment that was reversed before it came.
bool is_reversed_ahead(const key_record& key) noexcept;

enum class next_step : std::uint8_t { none = 0, authorize = 1, capture = 2, send = 3 };

/// Returns the step that a payment's creation is still waiting for.
next_step next_step_of(state now, bool manual_capture, bool is_card) noexcept;

/// Ids are functions of what they name, so that a retry finds what the first try made:
/// "pay_" and "ref_" with the first 32 hex digits of SHA-256("payment" NUL key), ("refund" NUL
/// key).
std::string payment_id_of(std::string_view idempotency_key);
std::string refund_id_of(std::string_view idempotency_key);

/// Returns the id in the book: the first 128 bits of SHA-256(kind NUL name).
u128 number_of(std::string_view kind, std::string_view name);

} // namespace ducat::payment
