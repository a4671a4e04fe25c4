#include "settlement/calendar_of.hpp"

#include <ducat/settlement/calendar_cut.hpp>

#include <algorithm>

namespace ducat::settlement {

cut_rule cut_by_calendar() {
  return [](const v1::Calendar& from, const v1::Window& open,
            log_time now) -> std::optional<std::uint32_t> {
    const calendar of = calendar_of(from);
    if (check(of) != calendar_problem::none)
      return std::nullopt;
    std::optional<std::uint32_t> date;
    for (cut_time cut = next_cut(of, {open.opened_at_ns()}); cut.at.nanoseconds <= now.nanoseconds;
         cut = next_cut(of, cut.at))
      date = std::max(cut.next_business_date, open.business_date());
    return date;
  };
}

} // namespace ducat::settlement
