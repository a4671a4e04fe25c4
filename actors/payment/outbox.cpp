#include "payment/stored_attempt.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/history.hpp>
#include <ducat/payment/outbox.hpp>
#include <ducat/v1/state.pb.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace ducat::payment {

namespace {

constexpr std::uint64_t block_events = 256;
const std::string summary_key = "outbox";

std::string key_of_block(std::uint64_t block) {
  char text[24];
  std::snprintf(text, sizeof text, "e/%016llx", static_cast<unsigned long long>(block));
  return text;
}

void set(v1::EventPlace& into, const event_place& place) {
  into.set_index(place.index);
  into.set_number(place.number);
}

event_place place_in(const v1::EventPlace& stored) {
  return {stored.index(), stored.number()};
}

v1::StoredEvent stored(const event_record& event) {
  v1::StoredEvent row;
  set(*row.mutable_place(), event.place);
  row.set_type(static_cast<std::uint32_t>(event.type));
  row.set_payment(event.payment);
  row.set_seq(event.seq);
  row.set_at_ns(event.at.nanoseconds);
  row.set_state(static_cast<std::uint32_t>(event.then));
  row.set_captured(event.captured);
  row.set_refunded(event.refunded);
  row.set_refunds(event.refunds);
  row.set_authorized(event.authorized);
  if (event.attempts != nullptr)
    for (const attempt_record& each : *event.attempts)
      *row.add_attempts() = stored(each);
  return row;
}

std::optional<event_record> event_in(const v1::StoredEvent& row) {
  if (row.type() < 1 || row.type() > event_types ||
      row.state() < static_cast<std::uint32_t>(state::created) ||
      row.state() > static_cast<std::uint32_t>(state::exception))
    return std::nullopt;
  event_record event{.place = place_in(row.place()),
                     .seq = row.seq(),
                     .payment = row.payment(),
                     .at = {row.at_ns()},
                     .captured = row.captured(),
                     .refunded = row.refunded(),
                     .authorized = row.authorized(),
                     .refunds = static_cast<std::uint32_t>(row.refunds()),
                     .type = static_cast<event_type>(row.type()),
                     .then = static_cast<state>(row.state())};
  std::vector<attempt_record> attempts;
  for (const v1::StoredAttempt& each : row.attempts()) {
    auto attempt = attempt_in(each);
    if (!attempt)
      return std::nullopt;
    attempts.push_back(std::move(*attempt));
  }
  if (!attempts.empty())
    event.attempts = std::make_unique<const std::vector<attempt_record>>(std::move(attempts));
  return event;
}

} // namespace

event_place outbox::next_place(std::uint64_t index) const noexcept {
  const event_place last = newest();
  return {index, last.index == index ? last.number + 1 : 1};
}

void outbox::add(event_record event) {
  DUCAT_CHECK(newest() < event.place);
  const log_time now = event.at;
  events_.push_back(std::move(event));
  while (events_.size() > limits_.events ||
         events_.front().at.nanoseconds + limits_.age_ns < now.nanoseconds)
    forget_first();
}

void outbox::forget_first() {
  forgotten_ = events_.front().place;
  events_.pop_front();
  ++first_;
  is_told_ = false;
}

std::size_t outbox::first_after(const event_place& place) const {
  const auto found = std::ranges::upper_bound(events_, place, {}, &event_record::place);
  return static_cast<std::size_t>(found - events_.begin());
}

std::size_t outbox::first_since(log_time at) const {
  const auto found = std::ranges::lower_bound(events_, at, {}, &event_record::at);
  return static_cast<std::size_t>(found - events_.begin());
}

const event_record* outbox::find(const event_place& place) const {
  const auto found = std::ranges::lower_bound(events_, place, {}, &event_record::place);
  return found == events_.end() || found->place != place ? nullptr : &*found;
}

event_place outbox::newest() const noexcept {
  return events_.empty() ? forgotten_ : events_.back().place;
}

void outbox::begin_after(const event_place& place) {
  DUCAT_CHECK(newest() < place);
  forgotten_ = place;
  is_told_ = false;
}

ledger::kept_row outbox::row_of(std::uint64_t block) const {
  v1::StoredEvents row;
  const std::uint64_t begin = std::max(block * block_events, first_);
  const std::uint64_t end = std::min((block + 1) * block_events, first_ + events_.size());
  row.set_first(begin);
  for (std::uint64_t at = begin; at < end; ++at)
    *row.add_events() = stored(events_[at - first_]);
  return {key_of_block(block), row.SerializeAsString()};
}

std::vector<ledger::kept_row> outbox::take_changed_rows() {
  std::vector<ledger::kept_row> rows;
  for (; (emptied_ + 1) * block_events <= first_; ++emptied_)
    rows.push_back({key_of_block(emptied_), ""});
  const std::uint64_t end = first_ + events_.size();
  for (std::uint64_t block = std::max(kept_, first_) / block_events;
       kept_ < end && block * block_events < end; ++block)
    rows.push_back(row_of(block));
  kept_ = end;
  if (!std::exchange(is_told_, true)) {
    v1::StoredOutbox row;
    set(*row.mutable_forgotten(), forgotten_);
    row.set_first(first_);
    rows.push_back({summary_key, row.SerializeAsString()});
  }
  return rows;
}

bool outbox::restore(std::string_view key, std::string_view value) {
  const auto parse = [&](auto& into) {
    return into.ParseFromArray(value.data(), static_cast<int>(value.size()));
  };
  if (key == summary_key) {
    v1::StoredOutbox row;
    if (!parse(row) || row.first() < first_ || row.first() > first_ + events_.size())
      return false;
    while (first_ < row.first())
      forget_first();
    forgotten_ = place_in(row.forgotten());
    is_told_ = true;
    return true;
  }
  thread_local v1::StoredEvents row; // Of all blocks, so that their events' memory is used again.
  if (!key.starts_with("e/") || !parse(row))
    return false;
  if (row.events().empty())
    return ++emptied_, true;
  if (events_.empty())
    first_ = row.first();
  if (row.first() != first_ + events_.size())
    return false;
  for (const v1::StoredEvent& each : row.events()) {
    auto event = event_in(each);
    if (!event || !(newest() < event->place))
      return false;
    events_.push_back(std::move(*event));
  }
  kept_ = first_ + events_.size();
  return true;
}

} // namespace ducat::payment
