#include <ducat/settlement/window_scope.hpp>

#include <algorithm>
#include <limits>

namespace ducat::settlement {

result<window_scope> scope_of(std::span<const v1::Window> known, std::uint64_t window) {
  const auto own = std::ranges::find(known, window, &v1::Window::number);
  if (own == known.end())
    return fail(errc::invalid_argument, "there is no such window");
  if (own->state() == v1::Window::OPEN)
    return fail(errc::invalid_argument, "the window is open: it has to be cut first");
  const std::uint32_t date = own->business_date();
  std::uint32_t before = 0;
  std::uint32_t after = std::numeric_limits<std::uint32_t>::max();
  bool is_last_of_date = true;
  for (const v1::Window& each : known) {
    if (each.business_date() < date)
      before = std::max(before, each.business_date());
    if (each.business_date() > date)
      after = std::min(after, each.business_date());
    if (each.business_date() == date && each.number() > window)
      is_last_of_date = false;
  }
  window_scope made{.window = window,
                    .dates = {.after = is_last_of_date ? before : date, .through = date}};
  for (const v1::Window& each : known)
    if (each.number() != window && before <= each.business_date() && each.business_date() <= after)
      made.others.insert(each.number());
  return made;
}

} // namespace ducat::settlement
