/// What many simulated runs have shown, for people who were not there.
#pragma once

#include "sim/seeds.hpp"
#include "sim/sim_command.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ducat::cli {

/// Returns the command that runs one seed again.
std::string replay_of(const sim_arguments& arguments, std::uint64_t seed);

/// Returns the fault points of this program that no run came to.
std::vector<std::string> never_fired(const sim_summary& sum);

/// Returns one HTML page: what held, what broke, and how each violated seed is run again.
std::string sim_page(const sim_summary& sum, const sim_arguments& arguments);

} // namespace ducat::cli
