/// The options of `ducat settle`.
#pragma once

#include "settle/commands.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace ducat::cli {

using settle_action = std::function<exit_code(const session&)>;

/// Adds the commands to `app`. `on` makes an action that of a command; it must outlive the parsing.
void add_settle_commands(CLI::App& app, const std::function<void(CLI::App*, settle_action)>& on);

} // namespace ducat::cli
