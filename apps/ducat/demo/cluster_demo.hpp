/// `ducat demo --nodes N`: a cluster takes payments while its nodes, its etcd members and its
/// actors are killed, and its log is checked afterwards.
#pragma once

#include "demo/demo.hpp"

namespace ducat::cli {

/// Runs the demo on `ducat up` and prints what it found. See run_demo().
exit_code run_cluster_demo(const demo_options& options, std::ostream& out, std::ostream& err);

} // namespace ducat::cli
