/// The options of `ducat availability`.
#pragma once

#include "availability/availability_command.hpp"

namespace CLI {
class App;
}

namespace ducat::cli {

/// Adds the command to `app`. It fills `arguments`; --json makes `output` "json". Both must outlive
/// it.
CLI::App* add_availability_command(CLI::App& app, availability_arguments& arguments,
                                   std::string& output);

} // namespace ducat::cli
