#include "monitor/window_history.hpp"

#include <ducat/availability.hpp>

#include <algorithm>
#include <array>

namespace ducat::monitor {

namespace {

using namespace std::chrono_literals;

double ratio(duration part, duration whole) noexcept {
  return static_cast<double>(part.count()) / static_cast<double>(whole.count());
}

window_history make_history(window what, condition first, time_point begin) {
  if (what == window::minute)
    return {1s, 60, first, begin};
  if (what == window::hour)
    return {1min, 60, first, begin};
  return {15min, 96, first, begin};
}

std::size_t place_of(window what) noexcept {
  return static_cast<std::size_t>(what) - static_cast<std::size_t>(window::minute);
}

duration share(duration whole, std::uint64_t parts) noexcept {
  return whole / static_cast<duration::rep>(parts);
}

} // namespace

std::string_view to_string(window value) noexcept {
  switch (value) {
  case window::start:
    return "start";
  case window::minute:
    return "1m";
  case window::hour:
    return "1h";
  case window::day:
    return "1d";
  }
  return "unknown";
}

std::optional<window> window_named(std::string_view name) noexcept {
  for (const window each : {window::start, window::minute, window::hour, window::day})
    if (name == to_string(each))
      return each;
  return std::nullopt;
}

measured& measured::operator+=(const measured& other) noexcept {
  observed += other.observed;
  serving += other.serving;
  failed += other.failed;
  with_fault += other.with_fault;
  serving_with_fault += other.serving_with_fault;
  failures += other.failures;
  repairs += other.repairs;
  repair_time += other.repair_time;
  return *this;
}

std::optional<double> availability_of(const measured& what) noexcept {
  if (what.observed == duration::zero())
    return std::nullopt;
  return ratio(what.serving, what.observed);
}

std::optional<double> fault_tolerance_of(const measured& what) noexcept {
  if (what.with_fault == duration::zero())
    return std::nullopt;
  return ratio(what.serving_with_fault, what.with_fault);
}

std::optional<duration> mtbf_of(const measured& what) noexcept {
  if (what.failures == 0)
    return std::nullopt;
  return share(what.serving, what.failures);
}

std::optional<duration> mttr_of(const measured& what) noexcept {
  if (what.repairs == 0)
    return std::nullopt;
  return share(what.repair_time, what.repairs);
}

struct availability_tracker::past {
  past(condition first, time_point begin)
      : recent{make_history(window::minute, first, begin), make_history(window::hour, first, begin),
               make_history(window::day, first, begin)} {}

  measured all;                         ///< Until the last change.
  std::array<window_history, 3> recent; ///< A minute, an hour, a day.
};

availability_tracker::availability_tracker(condition first, time_point now)
    : now_{first}, first_{now}, since_{now} {}

availability_tracker::availability_tracker(availability_tracker&&) noexcept = default;
availability_tracker& availability_tracker::operator=(availability_tracker&&) noexcept = default;
availability_tracker::~availability_tracker() = default;

/// Returns what the change to `next` counts.
measured availability_tracker::count(condition next, time_point at) {
  measured counts;
  if (next.has_failed() && !now_.has_failed()) {
    counts.failures = 1;
    failed_since_ = at;
  }
  if (next.serving && failed_since_) {
    counts.repairs = 1;
    counts.repair_time = at - *failed_since_;
  }
  if (!next.has_failed())
    failed_since_.reset();
  return counts;
}

void availability_tracker::set(condition next, time_point now) {
  if (next == now_)
    return;
  const time_point at = std::max(now, since_);
  const measured counts = count(next, at);
  if (past_ == nullptr)
    past_ = std::make_unique<past>(now_, first_);
  past_->all += lasting(now_, at - since_);
  past_->all += counts;
  for (window_history& each : past_->recent)
    each.change(next, at, counts);
  now_ = next;
  since_ = at;
}

measured availability_tracker::over(window what, time_point now) const {
  const time_point at = std::max(now, since_);
  if (what != window::start)
    return past_ != nullptr ? past_->recent.at(place_of(what)).until(at)
                            : make_history(what, now_, first_).until(at);
  measured sum = past_ != nullptr ? past_->all : measured{};
  sum += lasting(now_, at - since_);
  return sum;
}

} // namespace ducat::monitor
