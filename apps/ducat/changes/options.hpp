/// The options of `ducat change`.
#pragma once

#include "changes/commands.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace ducat::cli {

/// `on_node` makes an action that of a command; it outlives the parsing.
void add_change_commands(
    CLI::App& app,
    const std::function<void(CLI::App*, std::function<exit_code(const session&)>)>& on_node);

} // namespace ducat::cli
