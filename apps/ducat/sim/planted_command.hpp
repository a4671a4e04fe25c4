/// Bugs that are planted: `ducat sim --plant NAME` and `ducat sim --planted`, of a build that has
/// them.
#pragma once

#include "client/console.hpp"
#include "sim/sim_command.hpp"

#include <optional>

namespace ducat::cli {

#ifdef DUCAT_PLANTED_BUGS

/// Adds the options to the command.
void add_planted_options(CLI::App& sim, sim_arguments& arguments);

/// Plants the one that is named. Or looks for each of all in turn, and prints at which seed it was
/// found, and by what. Returns how the command ends: done if each was found; nothing if it is to go
/// on.
std::optional<exit_code> begin_planted(const sim_arguments& arguments, const console& io);

#else

inline void add_planted_options(CLI::App&, sim_arguments&) {}

inline std::optional<exit_code> begin_planted(const sim_arguments&, const console&) {
  return std::nullopt;
}

#endif

} // namespace ducat::cli
