#include <ducat/settlement/calendar.hpp>
#include <ducat/settlement/calendar_cut.hpp>

#include <algorithm>

namespace ducat::settlement {

namespace {

calendar calendar_of(const v1::Calendar& from) {
  return {.time_zone = from.time_zone(),
          .cut_offs = {from.cut_offs().begin(), from.cut_offs().end()},
          .weekend = {from.weekend().begin(), from.weekend().end()},
          .holidays = {from.holidays().begin(), from.holidays().end()}};
}

} // namespace

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
