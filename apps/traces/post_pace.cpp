#include "traces/post_pace.hpp"

#include <algorithm>

namespace ducat::traces {

namespace {

constexpr std::uint64_t second_ns = 1'000'000'000;
constexpr std::uint64_t pause_max_s = 60; ///< Also of what the receiver asks for.
constexpr std::uint32_t doublings_max = 6;

std::uint64_t pause_s(std::uint32_t failures, std::uint64_t asked_s) noexcept {
  const std::uint64_t own = std::uint64_t{1} << std::min(failures, doublings_max);
  return std::min(asked_s == 0 ? own : asked_s, pause_max_s);
}

} // namespace

fate fate_of(std::uint32_t status) noexcept {
  if (status >= 200 && status < 300)
    return fate::sent;
  switch (status) {
  case 0:
  case 429:
  case 502:
  case 503:
  case 504:
    return fate::again;
  default:
    return fate::dropped;
  }
}

void post_pace::heard(fate what, std::uint64_t retry_after_s, log_time now) noexcept {
  is_under_way_ = false;
  if (what == fate::sent) {
    failures_ = 0;
    not_before_ = {};
    return;
  }
  if (what == fate::again)
    not_before_ = {now.nanoseconds + pause_s(failures_, retry_after_s) * second_ns};
  ++failures_;
}

} // namespace ducat::traces
