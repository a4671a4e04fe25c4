#include "bench/latencies.hpp"

#include <algorithm>
#include <cmath>

namespace ducat::bench {

double latencies::percentile_us(double share) const {
  if (samples_.empty())
    return 0;
  const auto rank = std::ceil(share * static_cast<double>(samples_.size()));
  const auto index = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(rank) - 1);
  std::vector<steady::duration> some = samples_;
  std::ranges::nth_element(some, some.begin() + index);
  return 1e6 * seconds_of(some[static_cast<std::size_t>(index)]);
}

} // namespace ducat::bench
