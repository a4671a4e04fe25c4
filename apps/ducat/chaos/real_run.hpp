/// A run of real processes under load and faults, and what came of it.
#pragma once

#include "chaos/run_measures.hpp"
#include "chaos/stage.hpp"

#include <ducat/fault_schedule.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace ducat::cli {

struct real_run_options {
  fault_schedule schedule{};
  std::chrono::milliseconds length{}; ///< How long clients pay, from the first acknowledgement.
  std::uint64_t payments = 0;         ///< At most; 0: as many as one client program can be given.
  std::uint64_t in_flight = 64;       ///< Calls at the same time.
  duration attempt = std::chrono::seconds{2}; ///< Deadline of each.
  std::filesystem::path directory{};          ///< Of the payments and of the record.
  run_bounds bounds{};
  std::ostream* progress = nullptr; ///< Where a line is drawn again and again; null: nowhere.
};

/// Pays while the schedule is carried out, heals, waits until all nodes are whole and every outcome
/// is known, stops and checks. A fault that comes after the load is not carried out, and counts as
/// missed. Call it on the main thread. Requires that the schedule is good and applies to the stage.
/// Errors: io, unavailable (nothing was acknowledged at first, or the log cannot be checked).
result<chaos_measurements> run_on(stage& on, const real_run_options& options);

} // namespace ducat::cli
