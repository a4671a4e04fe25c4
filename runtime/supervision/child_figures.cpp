#include "supervision/child_probe.hpp"
#include "supervision/child_slot.hpp"

#include <ducat/child_figures.hpp>

#include <algorithm>

namespace ducat {

void router_probe::refused(errc why) noexcept {
  if (why == errc::overloaded)
    overloaded.fetch_add(1, std::memory_order_relaxed);
  else if (why == errc::unavailable)
    unavailable.fetch_add(1, std::memory_order_relaxed);
  else if (why == errc::deadline_exceeded)
    late.fetch_add(1, std::memory_order_relaxed);
}

router_figures router_probe::read() const noexcept {
  return {.in_flight = in_flight.load(std::memory_order_relaxed),
          .workers_able = workers_able.load(std::memory_order_relaxed),
          .breakers_open = breakers_open.load(std::memory_order_relaxed),
          .overloaded = overloaded.load(std::memory_order_relaxed),
          .unavailable = unavailable.load(std::memory_order_relaxed),
          .late = late.load(std::memory_order_relaxed)};
}

child_figures figures_of(const handle& name) {
  const auto slot = slot_of(name);
  return slot ? slot->figures() : child_figures{};
}

std::uint32_t restarts_left(const supervisor_flags& flags, const std::vector<time_point>& restarts,
                            time_point now) {
  const auto in_window =
      std::ranges::count_if(restarts, [&](time_point each) { return each >= now - flags.window; });
  const auto made = static_cast<std::uint32_t>(in_window);
  return flags.restarts_max - std::min(flags.restarts_max, made);
}

} // namespace ducat
