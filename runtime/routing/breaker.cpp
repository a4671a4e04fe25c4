#include <ducat/breaker.hpp>

#include <algorithm>
#include <ostream>

namespace ducat::routing {

std::ostream& operator<<(std::ostream& out, breaker_state value) {
  switch (value) {
  case breaker_state::closed:
    return out << "closed";
  case breaker_state::open:
    return out << "open";
  case breaker_state::half_open:
    return out << "half_open";
  }
  return out << "unknown";
}

bool breaker::lets_through(time_point now) const noexcept {
  switch (state_) {
  case breaker_state::closed:
    return true;
  case breaker_state::open:
    return now - opened_at_ >= spec_.pause;
  case breaker_state::half_open:
    return false;
  }
  return false;
}

breaker::round breaker::sent() {
  if (state_ == breaker_state::open)
    enter(breaker_state::half_open);
  return round_;
}

void breaker::succeeded(round sent_in) {
  if (sent_in != round_)
    return;
  if (state_ == breaker_state::half_open)
    return enter(breaker_state::closed);
  record(false);
}

void breaker::failed(round sent_in, time_point now) {
  if (sent_in != round_)
    return;
  record(true);
  if (state_ != breaker_state::half_open && !is_too_much())
    return;
  enter(breaker_state::open);
  opened_at_ = now;
}

void breaker::enter(breaker_state state) {
  state_ = state;
  ++round_;
  in_a_row_ = 0;
  recent_.clear();
}

void breaker::record(bool failure) {
  in_a_row_ = failure ? in_a_row_ + 1 : 0;
  if (spec_.failure_percent == 0)
    return;
  recent_.push_back(failure);
  if (recent_.size() > spec_.sample)
    recent_.pop_front();
}

bool breaker::is_too_much() const {
  if (spec_.failures_max != 0 && in_a_row_ >= spec_.failures_max)
    return true;
  if (spec_.failure_percent == 0 || recent_.size() < spec_.sample)
    return false;
  const auto failures = static_cast<std::uint64_t>(std::ranges::count(recent_, true));
  return failures * 100 >= std::uint64_t{spec_.failure_percent} * spec_.sample;
}

} // namespace ducat::routing
