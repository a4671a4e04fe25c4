/// When a worker that fails gets nothing for a while. Pure: time comes in.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <deque>
#include <iosfwd>

namespace ducat::routing {

enum class breaker_state : std::uint8_t {
  closed,    ///< The worker gets requests.
  open,      ///< It gets none until the pause is over.
  half_open, ///< It has the probe and gets nothing else.
};

std::ostream& operator<<(std::ostream& out, breaker_state value);

/// The circuit breaker of one worker. Outcomes are counted only for requests sent since the last
/// change of state: a late one from before neither opens nor closes anything. `now` never goes
/// back.
class breaker {
public:
  /// Which state a request was sent in; each entry into a state is another one.
  using round = std::uint64_t;

  explicit breaker(const breaker_spec& spec) noexcept : spec_{spec} {}

  breaker_state state() const noexcept { return state_; }

  /// Returns whether the worker may get a request at `now`.
  bool lets_through(time_point now) const noexcept;

  /// A request goes to the worker, which lets_through() allows. Returns what to tell of its
  /// outcome.
  round sent();

  /// The outcome of a request that sent() gave `sent_in`. Each request has one.
  void succeeded(round sent_in);
  void failed(round sent_in, time_point now);

private:
  void enter(breaker_state state);
  void record(bool failure);
  bool is_too_much() const;

  breaker_spec spec_;
  breaker_state state_ = breaker_state::closed;
  round round_ = 0;
  time_point opened_at_{};     // Of the last time.
  std::uint32_t in_a_row_ = 0; // Failures in this round since the last success.
  std::deque<bool> recent_;    // Whether it was a failure; of this round, the last `sample`.
};

} // namespace ducat::routing
