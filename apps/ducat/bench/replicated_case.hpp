/// One case of the bench of a replicated ledger.
#pragma once

#include "bench/ledger_case.hpp"

namespace ducat::bench {

struct replicated_result {
  case_result measured{}; ///< Without the disk and its raw limit.
  double lag_s = 0; ///< From the last answer until every node has applied everything; they say so
                    ///< ten times a second.

  // How many cores each kind of process kept busy.
  double etcd_cores = 0;
  double writer_cores = 0; ///< With the clients.
  double follower_cores = 0;

  double transfers_per_s() const { return measured.transfers_per_s(); }

  double log_bytes_per_transfer() const {
    return measured.entry_bytes * measured.syncs_per_transfer;
  }
};

/// Runs the case on a fresh cluster. `program` is the program `ducat`. Errors: those of
/// replicated_cluster and of measure_case(); corrupt, too, if the nodes do not all have the same
/// book, at the same entry of the log.
result<replicated_result> run_replicated_case(const case_spec& what, const case_options& options,
                                              const std::filesystem::path& program);

} // namespace ducat::bench
