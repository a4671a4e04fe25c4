/// The options of `ducat links` and `ducat link`.
#pragma once

#include "links/commands.hpp"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace ducat::cli {

using link_action = std::function<exit_code(const session&)>;

/// Adds the commands to `app`. `on` makes an action that of a command; --json makes `output`
/// "json". Both must outlive the parsing.
void add_link_commands(CLI::App& app, std::string& output,
                       const std::function<void(CLI::App*, link_action)>& on);

} // namespace ducat::cli
