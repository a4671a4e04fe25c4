/// What every node of a simulated cluster knows, when it is its turn to write the log.
#pragma once

#include <ducat/testing/sim_cluster.hpp>

#include <string>
#include <vector>

namespace ducat::cli {

/// Kills the writer again and again, so that one node after the other takes the log over with what
/// it has applied as a follower, and asks each for accounts, payments and events. Then all begin
/// again, and are asked once more. Returns a sentence for each that does not say the same as the
/// first, for each event that is missing, and if nobody takes over.
std::vector<std::string> differing_turns(testing::sim_cluster& on);

} // namespace ducat::cli
