#include "alerts/outbox.hpp"

#include <algorithm>

namespace ducat::alerts {

namespace {

constexpr std::size_t letters_max = 1'000;
constexpr std::uint64_t pause_ns = 1'000'000'000;
constexpr std::uint64_t pause_max_ns = 60 * pause_ns;
constexpr std::uint32_t doublings_max = 6;

} // namespace

bool outbox::put(std::string body) {
  const bool is_full = letters_.size() >= letters_max;
  if (is_full)
    letters_.pop_front();
  letters_.push_back({++newest_, std::move(body)});
  return is_full;
}

std::optional<outbox::letter> outbox::next(log_time now) {
  if (under_way_ != 0 || letters_.empty() || now < not_before_)
    return std::nullopt;
  under_way_ = letters_.front().id;
  return letters_.front();
}

void outbox::heard(bool is_told, log_time now) {
  const std::uint64_t id = std::exchange(under_way_, 0);
  if (is_told) {
    failures_ = 0;
    not_before_ = {};
    if (!letters_.empty() && letters_.front().id == id)
      letters_.pop_front();
    return;
  }
  const std::uint64_t pause = pause_ns << std::min(failures_, doublings_max);
  ++failures_;
  not_before_ = {now.nanoseconds + std::min(pause, pause_max_ns)};
}

} // namespace ducat::alerts
