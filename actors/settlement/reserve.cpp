#include <ducat/settlement/reserve.hpp>
#include <ducat/settlement/rounding.hpp>

#include <ostream>

namespace ducat::settlement {

std::string_view to_string(reserve_problem what) noexcept {
  switch (what) {
    using enum reserve_problem;
  case basis_points_too_high:
    return "basis_points_too_high";
  case released_at_once:
    return "released_at_once";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, reserve_problem what) {
  return out << to_string(what);
}

std::optional<reserve_problem> check(const reserve_terms& terms) noexcept {
  if (terms.basis_points > basis_points_per_whole)
    return reserve_problem::basis_points_too_high;
  if (terms.basis_points > 0 && terms.windows == 0)
    return reserve_problem::released_at_once;
  return std::nullopt;
}

std::int64_t held_of(const reserve_terms& terms, std::int64_t gross) noexcept {
  return gross > 0 ? part_of(gross, terms.basis_points) : 0;
}

std::optional<std::uint64_t> released_with(const reserve_terms& terms,
                                           std::uint64_t window) noexcept {
  if (terms.windows == 0 || window <= terms.windows)
    return std::nullopt;
  return window - terms.windows;
}

} // namespace ducat::settlement
