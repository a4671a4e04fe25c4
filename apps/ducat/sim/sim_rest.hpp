/// Whether settlement has come to rest in a simulated cluster, after all faults.
#pragma once

#include <ducat/testing/sim_cluster.hpp>

#include <string>
#include <vector>

namespace ducat::cli {

/// Lets time pass until nothing is left for settlement to do, a virtual minute at most. Returns a
/// sentence for each window, settlement and batch that it has left undone then: a fault must not
/// end what settles.
std::vector<std::string> unsettled(testing::sim_cluster& on);

} // namespace ducat::cli
