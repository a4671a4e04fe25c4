#include "monitor/steady_state.hpp"

#include <numeric>

namespace ducat::monitor {

namespace {

/// Takes out `last`, the state with the highest number that is left: whoever went there goes on to
/// where it leads.
void eliminate(transition_rates& rates, std::size_t last) {
  const auto& out = rates[last];
  const double leaving =
      std::accumulate(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(last), 0.0);
  for (std::size_t i = 0; i < last; ++i) {
    rates[i][last] /= leaving;
    for (std::size_t j = 0; j < last; ++j)
      if (i != j)
        rates[i][j] += rates[i][last] * out[j];
  }
}

} // namespace

std::vector<double> steady_state(transition_rates rates) {
  const std::size_t count = rates.size();
  for (std::size_t last = count - 1; last > 0; --last)
    eliminate(rates, last);
  std::vector<double> share(count, 0.0);
  share[0] = 1;
  for (std::size_t state = 1; state < count; ++state)
    for (std::size_t from = 0; from < state; ++from)
      share[state] += share[from] * rates[from][state];
  const double sum = std::accumulate(share.begin(), share.end(), 0.0);
  for (double& each : share)
    each /= sum;
  return share;
}

} // namespace ducat::monitor
