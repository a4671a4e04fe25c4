/// What nodes have said of settlement, against what the log comes to.
#pragma once

#include "check/history.hpp"

#include <string>
#include <vector>

namespace ducat::cli {

/// Compares every window, settlement, merchant, batch, payout and exception in `lists` with the
/// log: JSON documents as `ducat settle` prints them, each a list under "data". They were
/// said when the log had all of its entries. Returns how many things were compared.
std::uint64_t check_outcomes(const std::vector<std::string>& lists, const history& log,
                             findings& found);

} // namespace ducat::cli
