/// The least that a log could cost on this disk: the same bytes, the same syncs, and nothing else.
#pragma once

#include "bench/latencies.hpp"

#include <ducat/error.hpp>

#include <cstdint>
#include <filesystem>

namespace ducat::bench {

struct raw_options {
  std::filesystem::path directory;
  std::uint64_t bytes_per_sync = 0;
  std::uint64_t syncs_max = 0; ///< At least one is measured.
  steady::duration time_max{};
};

struct raw_result {
  latencies syncs; ///< Of each write with its sync.
  double syncs_per_s = 0;
};

/// Overwrites a file that has all its blocks, one write and one fdatasync after the other, and
/// removes it. Errors: io.
result<raw_result> measure_raw_limit(const raw_options& options);

} // namespace ducat::bench
