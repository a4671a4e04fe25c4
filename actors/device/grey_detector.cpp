#include "device/grey_detector.hpp"

namespace ducat::device {

void grey_detector::written(time_point now) {
  if (!silent_since_)
    silent_since_ = now;
}

void grey_detector::answered(bool are_others_waiting, time_point now) {
  count(false);
  timeouts_in_silence_ = 0;
  silent_since_.reset();
  if (are_others_waiting)
    silent_since_ = now;
}

void grey_detector::timed_out() {
  count(true);
  ++timeouts_in_silence_;
}

std::optional<std::string> grey_detector::suspicion(time_point now) const {
  if (timeouts_ >= options_.timeouts_max)
    return std::to_string(timeouts_) + " of the last " + std::to_string(sample_.size()) +
           " requests timed out";
  if (const auto due = look_again_at(); due && now >= *due)
    return "no request was answered for " +
           std::to_string(std::chrono::floor<std::chrono::seconds>(now - *silent_since_).count()) +
           " s";
  return std::nullopt;
}

std::optional<time_point> grey_detector::look_again_at() const {
  if (!silent_since_ || timeouts_in_silence_ < options_.silence_timeouts)
    return std::nullopt;
  return *silent_since_ + options_.silence;
}

void grey_detector::reset() {
  sample_.clear();
  timeouts_ = 0;
  timeouts_in_silence_ = 0;
  silent_since_.reset();
}

void grey_detector::count(bool timeout) {
  sample_.push_back(timeout);
  timeouts_ += timeout ? 1 : 0;
  if (sample_.size() <= options_.sample)
    return;
  timeouts_ -= sample_.front() ? 1 : 0;
  sample_.pop_front();
}

} // namespace ducat::device
