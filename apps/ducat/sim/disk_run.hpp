/// One run of a machine on a real disk: requests, restarts, other writers, and at last damage.
#pragma once

#include "sim/sim_run.hpp"

#include <filesystem>

namespace ducat::cli {

/// Runs in a new directory in `within`, which is gone afterwards unless the process ends. Checks:
/// what the checker finds in all entries with the clients' record, what is repeated after a
/// restart, writers and tokens that are over, and that damage is noticed. Time is not virtual, and
/// nothing is traced. Of `options` the seed and the number of payments count. Errors: io.
result<sim_result> run_on_disk(const sim_run_options& options, const std::filesystem::path& within);

} // namespace ducat::cli
