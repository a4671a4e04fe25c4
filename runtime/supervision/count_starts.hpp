/// S35: how often a child that always fails is started before somebody above gives up for good.
#pragma once

#include <ducat/lint.hpp>

#include <string>

namespace ducat::supervision {

/// A child within its supervisor, and that supervisor within its own.
struct lint_link {
  const child_spec& child;
  const supervisor_spec& in;
  std::string path;       ///< Of the child.
  const lint_link* above; ///< Null if `in` is the root.
};

bool is_worker(const child_spec& child) noexcept;

/// Returns the supervisor that the pool `child` stands for, with one worker for all of them. Its
/// starts are empty.
supervisor_spec outline_of_pool(const child_spec& child);

/// Returns the least time from the first to the last of the restarts that exceed the budget, each
/// life lasting for `life`. Saturates.
std::chrono::milliseconds time_to_exceed(const child_spec& child, std::uint32_t restarts_max,
                                         std::chrono::milliseconds life);

/// Returns the count for the worker `leaf`.
start_count count_starts(const lint_link& leaf);

} // namespace ducat::supervision
