/// The options of `ducat alerts`.
#pragma once

#include "alerts/commands.hpp"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace ducat::cli {

using alert_action = std::function<exit_code(const session&)>;

/// Adds the commands to `app`. `on` makes an action that of a command, and must outlive the
/// parsing.
void add_alert_commands(CLI::App& app, const std::function<void(CLI::App*, alert_action)>& on);

} // namespace ducat::cli
