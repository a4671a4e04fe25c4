/// What a simulated cluster and its acquirer say of payments by card.
#pragma once

#include "sim/sim_acquirer.hpp"

#include <ducat/testing/sim_cluster.hpp>

#include <string>
#include <vector>

namespace ducat::cli {

/// Waits until nobody owes an answer, and lays our payments beside the acquirer's journal. Returns
/// a sentence for each that is not the same on both sides, and if something stays owed.
std::vector<std::string> differing_cards(testing::sim_cluster& on, const sim_acquirer& with);

} // namespace ducat::cli
