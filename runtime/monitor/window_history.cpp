#include "monitor/window_history.hpp"

#include <algorithm>
#include <iterator>

namespace ducat::monitor {

measured lasting(condition so, duration how_long) noexcept {
  const auto if_so = [how_long](bool is) { return is ? how_long : duration{}; };
  return {.observed = how_long,
          .serving = if_so(so.serving),
          .failed = if_so(so.has_failed()),
          .with_fault = if_so(so.fault_present),
          .serving_with_fault = if_so(so.fault_present && so.serving)};
}

window_history::window_history(duration part, std::int64_t parts, condition first, time_point begin)
    : part_{part}, parts_{parts}, before_{first}, begin_{begin} {}

std::int64_t window_history::part_of(time_point at) const noexcept {
  return at.time_since_epoch() / part_;
}

time_point window_history::oldest_at(time_point now) const noexcept {
  return std::max(begin_, time_point{(part_of(now) - parts_) * part_});
}

void window_history::change(condition next, time_point at, const measured& counts) {
  if (changes_.empty() || part_of(changes_.back().begin) != part_of(at)) {
    changes_.push_back({.begin = at, .end = at, .counts = counts, .after = next});
  } else {
    record& last = changes_.back();
    last.counts += lasting(last.after, at - last.end);
    last.counts += counts;
    last.end = at;
    last.after = next;
  }
  const auto kept = std::ranges::find_if(
      changes_, [oldest = oldest_at(at)](const record& each) { return each.begin >= oldest; });
  if (kept == changes_.begin())
    return;
  before_ = std::prev(kept)->after;
  changes_.erase(changes_.begin(), kept);
}

measured window_history::until(time_point now) const {
  time_point at = oldest_at(now);
  condition so = before_;
  measured sum;
  for (const record& each : changes_) {
    if (each.begin >= at) { // Otherwise it has left the window, whole.
      sum += lasting(so, each.begin - at);
      sum += each.counts;
      at = each.end;
    }
    so = each.after;
  }
  sum += lasting(so, now - at);
  return sum;
}

} // namespace ducat::monitor
