/// What is delivered to an endpoint, and when. Pure: no actor, no socket, no clock.
#pragma once

#include <ducat/payment/event.hpp>
#include <ducat/time.hpp>
#include <ducat/webhook/delivery_rules.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ducat::webhook {

using payment::event_place;

/// A delivery that the log knows of: it is to be tried, or tried again.
struct open_delivery {
  event_place event;
  std::uint32_t attempts = 0; ///< How many there have been.
  log_time next_at{};
};

/// How an endpoint stands in the log.
struct standing {
  std::uint64_t revision = 0;
  event_place cursor{};    ///< Every event of its types up to here is settled or open.
  std::uint64_t noted = 0; ///< How many batches are in the log.
  std::vector<open_delivery> open{};
};

/// What became of one attempt.
struct attempt_answer {
  std::uint32_t status = 0; ///< Of HTTP; 0: there was no answer.
  std::string problem{};    ///< Why it was not delivered; never the body of an answer.
  std::uint64_t retry_after_s = 0;
};

/// What is to be written into the log about an event.
struct delivery_note {
  enum class kind : std::uint8_t { open = 1, delivered = 2, dead = 3 };

  event_place event;
  kind what = kind::open;
  std::uint32_t attempts = 0;
  log_time next_at;
  std::uint32_t status = 0;
  std::string problem{};
};

/// One command's worth.
struct note_batch {
  std::uint64_t revision = 0;
  std::uint64_t after = 0; ///< How many batches were before it.
  event_place from;
  event_place cursor;
  std::vector<delivery_note> notes{};
  std::string disable_reason{};
};

/// An event that is to be delivered.
struct pending_event {
  std::string payment_id;
  std::string body;
};

/// The deliveries of one endpoint. Events of a payment go out in order, one at a time: the next one
/// when the one before was delivered or is dead; those of different payments in parallel. What was
/// not noted when a life ends is delivered again by the next one.
class delivery_core {
public:
  explicit delivery_core(delivery_rules rules = {}) : rules_{std::move(rules)} {}

  /// Begins anew from what the log says. Answers to what is under way are no longer expected.
  void begin(const standing& from);

  /// Returns open events, the first ones, of which only the place is known: `most` at most.
  std::vector<event_place> missing(std::size_t most) const;

  /// Says what a missing event is, or that it is not to be had.
  void provide(const event_place& event, pending_event what);
  void give_up(const event_place& event, std::string why);

  /// Returns how many more events it takes: those that are not noted yet count.
  std::size_t room() const noexcept;

  /// Returns up to where events were taken.
  const event_place& taken() const noexcept { return taken_; }

  /// Takes the next event of the endpoint's types. One that is open is not taken twice.
  void take(const event_place& event, pending_event what);

  /// Notes that there is none of its types up to there.
  void skip_to(const event_place& event);

  /// Returns the events whose turn it is. They are under way until heard().
  std::vector<event_place> begin_due(log_time now);

  /// Returns an event that is under way.
  const pending_event& event_at(const event_place& event) const { return *items_.at(event).what; }

  void heard(const event_place& event, const attempt_answer& answer, log_time now);

  /// Returns what the log does not know yet, if there is anything. One batch at a time: until
  /// noted() there is no other.
  std::optional<note_batch> take_notes();

  /// The batch is in the log.
  void noted();

  std::size_t under_way() const noexcept { return under_way_; }

  /// Returns until when the breaker lets nothing pass.
  log_time paused_until() const noexcept { return paused_until_; }

private:
  struct item {
    std::optional<pending_event> what{}; ///< Nothing: it is missing.
    std::uint32_t attempts = 0;
    log_time next_at;
    bool is_under_way = false;
  };

  bool may_begin(log_time now) const;
  void note(const event_place& event, delivery_note::kind what, const item& of,
            const attempt_answer& answer);
  void succeed();
  void fail(log_time now);
  event_place settle();

  delivery_rules rules_;
  std::map<event_place, item> items_;
  std::map<event_place, delivery_note> notes_; ///< Not in the log, and in no batch.
  std::uint64_t revision_ = 0;
  std::uint64_t batches_ = 0; ///< That are in the log.
  event_place logged_;        ///< The cursor in the log.
  event_place taken_;
  std::optional<event_place> offered_; ///< The cursor of the batch under way.
  std::string disable_reason_;
  std::size_t under_way_ = 0;

  // The breaker.
  std::uint32_t failures_ = 0; ///< In a row.
  log_time paused_until_;
  std::uint64_t pause_ns_ = 0; ///< The last one; 0: it is closed.
};

} // namespace ducat::webhook
