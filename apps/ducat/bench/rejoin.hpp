/// How long a node of a replicated ledger takes to be back, under load.
#pragma once

#include "bench/ledger_case.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace ducat::bench {

/// A node that followed was killed and started again.
struct rejoin_result {
  bool was_wiped = false;  ///< Its data directory was removed in between.
  double back_s = 0;       ///< From the kill until it has applied what the log had just before.
  double state_mb = 0;     ///< Of its data directory, then.
  std::uint64_t entry = 0; ///< The newest one of the log, then.
};

/// Kills a node that follows, and the next time wipes it too, `rounds` times each, while clients
/// send batches as fast as they are answered; tells each as it is measured. At the end every node
/// must have the same book. Call it from the main thread. Errors: those of replicated_cluster and
/// of measure_case(); corrupt, too, if the nodes do not all have the same book.
result<case_result> run_rejoins(const case_spec& load, const case_options& options,
                                std::uint32_t rounds, const std::filesystem::path& program,
                                const std::function<void(const rejoin_result&)>& tell);

} // namespace ducat::bench
