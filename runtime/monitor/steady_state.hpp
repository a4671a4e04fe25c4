/// The steady state of a Markov chain in continuous time. Pure.
#pragma once

#include <vector>

namespace ducat::monitor {

/// rates[i][j] is the rate from state i to state j; the diagonal is not looked at. Every state must
/// be reachable from every other one.
using transition_rates = std::vector<std::vector<double>>;

/// Returns the probability of each state. Nothing is subtracted, so that tiny probabilities keep
/// their digits. (Grassmann, Taksar and Heyman, Operations Research 33, 1985.)
std::vector<double> steady_state(transition_rates rates);

} // namespace ducat::monitor
