/// The events that are kept, in the order of the log. Pure.
#pragma once

#include <ducat/payment/event.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

namespace ducat::ledger {
struct kept_row;
}

namespace ducat::payment {

/// An event: what of its payment the payment itself does not say any more. There may be a million.
struct event_record {
  event_place place;
  std::uint32_t seq = 0;     ///< 1, 2, 3 … of the payment.
  std::uint64_t payment = 0; ///< Its place in the order of creation.
  log_time at;
  std::int64_t captured = 0;
  std::int64_t refunded = 0;
  std::int64_t authorized = 0;
  std::uint32_t refunds = 0;
  event_type type = event_type::payment_created;
  state then = state::created;
  std::unique_ptr<const std::vector<attempt_record>> attempts{}; ///< Null if there were none.
};

struct outbox_limits {
  std::size_t events = 1'000'000;
  std::uint64_t age_ns = std::uint64_t{30} * 24 * 3600 * 1'000'000'000; ///< By the log's clock.
};

/// Keeps the newest events, within limits. It has rows in the machine's store:
///
///   "e/" block, 16 hex    v1.StoredEvents; empty if none of them is kept any more
///   "outbox"              v1.StoredOutbox
class outbox {
public:
  explicit outbox(outbox_limits limits = {}) : limits_{limits} {}

  /// Returns the place of the next event of the entry.
  event_place next_place(std::uint64_t index) const noexcept;

  /// Requires a place after all others. Forgets what is too much, or too old by then.
  void add(event_record event);

  std::size_t size() const noexcept { return events_.size(); }

  const event_record& operator[](std::size_t at) const { return events_[at]; }

  /// Returns where the first event after the place stands, or size().
  std::size_t first_after(const event_place& place) const;

  /// Returns where the first event stands that occurred then or later, or size().
  std::size_t first_since(log_time at) const;

  /// Returns the event at the place; nullptr if it is not kept, or never was.
  const event_record* find(const event_place& place) const;

  /// Returns whether there may have been events after the place that are not kept.
  bool has_gap_after(const event_place& place) const noexcept { return place < forgotten_; }

  /// Returns the place of the newest event that there was; 0.0 if there was none.
  event_place newest() const noexcept;

  /// Notes that there may have been events up to the place, of which nothing is known.
  void begin_after(const event_place& place);

  /// Returns the rows that differ from those that were taken before.
  std::vector<ledger::kept_row> take_changed_rows();

  /// Takes a row back; rows come by key. Returns false if it is no row of an outbox, or damaged.
  bool restore(std::string_view key, std::string_view value);

private:
  ledger::kept_row row_of(std::uint64_t block) const;
  void forget_first();

  outbox_limits limits_;
  std::deque<event_record> events_;
  std::uint64_t first_ = 0;   ///< How many there were before the first of events_.
  std::uint64_t kept_ = 0;    ///< So many, from the very first, have been in a row.
  std::uint64_t emptied_ = 0; ///< So many blocks have been emptied.
  event_place forgotten_;     ///< The newest that is not kept.
  bool is_told_ = false;      ///< Whether the row "outbox" says so.
};

} // namespace ducat::payment
