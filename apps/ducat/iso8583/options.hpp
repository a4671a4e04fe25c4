/// The options of `ducat iso8583`.
#pragma once

#include "iso8583/commands.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace ducat::cli {

using iso8583_action = std::function<exit_code(const byte_streams&)>;

/// Adds the commands to `app`. The one that is named fills `arguments`, which must outlive it, and
/// gives `choose` what it does.
void add_iso8583_commands(CLI::App& app, iso8583_arguments& arguments,
                          const std::function<void(iso8583_action)>& choose);

} // namespace ducat::cli
