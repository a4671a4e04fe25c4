/// How a batch of events becomes outcomes: chains are all-or-nothing.
#pragma once

#include <ducat/ledger/types.hpp>

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <span>

namespace ducat::ledger {

template <class Event>
bool is_linked(const Event& event) {
  return has(event.flags, decltype(event.flags)::linked);
}

template <class Event>
bool is_imported(const Event& event) {
  return has(event.flags, decltype(event.flags)::imported);
}

/// Returns how many events at the front of `rest` form its first chain; 1 for an unlinked event.
template <class Event>
std::size_t chain_length(std::span<const Event> rest) {
  const auto end = std::ranges::find_if_not(rest, is_linked<Event>);
  const auto linked = static_cast<std::size_t>(end - rest.begin());
  return std::min(linked + 1, rest.size());
}

/// Fails the whole chain because of its member `failed`, whose outcome stays as it is: undoes the
/// members before it, newest first.
template <class Event, class Outcome, class Undo>
void break_chain(std::span<const Event> chain, std::span<Outcome> outcomes, std::size_t failed,
                 Undo undo) {
  for (std::size_t done = failed; done > 0; --done)
    undo();
  std::ranges::fill(outcomes.first(failed), Outcome::linked_event_failed);
  std::ranges::fill(outcomes.subspan(failed + 1), Outcome::linked_event_failed);
  if (is_linked(chain.back()))
    outcomes.back() = Outcome::linked_event_chain_open;
}

/// Runs one chain. `create(event, position)` returns the outcome and has an effect only if it is
/// ok; `undo()` reverts the newest effect.
template <class Event, class Outcome, class Create, class Undo>
void run_chain(std::span<const Event> chain, std::span<Outcome> outcomes, Create create,
               Undo undo) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const bool open = i + 1 == chain.size() && is_linked(chain[i]);
    outcomes[i] = open ? Outcome::linked_event_chain_open : create(chain[i], i);
    if (outcomes[i] != Outcome::ok)
      return break_chain(chain, outcomes, i, undo);
  }
}

/// Runs a whole batch, chain by chain. `create` gets the event's position in the batch.
template <class Event, class Outcome, class Create, class Undo>
void run_batch(std::span<const Event> batch, std::span<Outcome> outcomes, Create create,
               Undo undo) {
  for (std::size_t first = 0; first < batch.size();) {
    const std::size_t length = chain_length(batch.subspan(first));
    run_chain(
        batch.subspan(first, length), outcomes.subspan(first, length),
        [&](const Event& event, std::size_t i) { return create(event, first + i); }, undo);
    first += length;
  }
}

/// Checks the timestamp of an event of a batch that is imported or not, and is of the time `batch`.
template <class Outcome, class Event>
Outcome check_timestamp(const Event& event, bool imported, log_time batch) {
  if (imported && !is_imported(event))
    return Outcome::imported_event_expected;
  if (!imported && is_imported(event))
    return Outcome::imported_event_not_expected;
  if (!imported)
    return event.timestamp == log_time{} ? Outcome::ok : Outcome::timestamp_must_be_zero;
  if (event.timestamp == log_time{} || event.timestamp > timestamp_max)
    return Outcome::imported_event_timestamp_out_of_range;
  if (event.timestamp >= batch)
    return Outcome::imported_event_timestamp_must_not_advance;
  return Outcome::ok;
}

} // namespace ducat::ledger
