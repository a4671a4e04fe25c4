/// The options of `ducat settle reconcile`.
#pragma once

#include "settle/options.hpp"

namespace ducat::cli {

/// Adds the command to the group; see add_settle_commands().
void add_reconcile(CLI::App* group, const std::function<void(CLI::App*, settle_action)>& on);

} // namespace ducat::cli
