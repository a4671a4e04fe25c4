/// A cluster with real etcd: on the loopback, or on hosts whose network can be broken.
#pragma once

#include "chaos/stage.hpp"

namespace ducat::cli {

struct cluster_stage_options {
  std::filesystem::path program;
  std::filesystem::path directory; ///< Of everything that it writes.
  std::uint32_t nodes = 3;
  bool disks = false; ///< Each host gets a disk of its own; requires why_no_loop_disk().
};

/// Starts `ducat up`. Returns when every node is ready. Errors: io, unavailable.
result<std::unique_ptr<stage>> start_loopback_stage(const cluster_stage_options& options);

/// Starts three nodes or more, each with a member of etcd on a host of its own. Requires
/// why_no_network() to say nothing. Errors: io.
result<std::unique_ptr<stage>> start_hosts_stage(const cluster_stage_options& options);

} // namespace ducat::cli
