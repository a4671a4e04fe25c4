#include "settlement/calendar_of.hpp"

#include <ducat/settlement/acquirer_journal.hpp>
#include <ducat/settlement/business_dates.hpp>

#include <algorithm>
#include <memory>

namespace ducat::settlement {

namespace {

/// The cut that was looked up last, and of what time.
struct last_cut {
  log_time after{};
  cut_time next{};

  bool is_next_of(log_time at) const {
    return after.nanoseconds <= at.nanoseconds && at.nanoseconds < next.at.nanoseconds;
  }
};

} // namespace

std::function<std::uint32_t(std::int64_t)> dates_by(const v1::Calendar& calendar) {
  constexpr std::uint64_t nanoseconds_per_millisecond = 1'000'000;
  const auto of = calendar_of(calendar);
  if (check(of) != calendar_problem::none)
    return utc_date;
  auto cut = std::make_shared<last_cut>();
  return [of, cut](std::int64_t at_ms) {
    const log_time at{static_cast<std::uint64_t>(std::max<std::int64_t>(at_ms, 0)) *
                      nanoseconds_per_millisecond};
    if (!cut->is_next_of(at))
      *cut = {.after = at, .next = next_cut(of, at)};
    return cut->next.business_date;
  };
}

} // namespace ducat::settlement
