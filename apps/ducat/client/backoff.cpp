#include "client/backoff.hpp"

#include <algorithm>

namespace ducat::cli {

namespace {

constexpr unsigned doublings_max = 20;

} // namespace

duration backoff::pause(unsigned failures, std::uint64_t random) const {
  const unsigned doublings = std::min(failures > 0 ? failures - 1 : 0, doublings_max);
  const duration nominal = std::min(cap, first * (std::int64_t{1} << doublings));
  const auto half = nominal.count() / 2;
  const auto extra = random % (static_cast<std::uint64_t>(half) + 1);
  return duration{nominal.count() - half + static_cast<duration::rep>(extra)};
}

} // namespace ducat::cli
