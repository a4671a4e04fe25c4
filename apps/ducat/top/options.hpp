/// The options of `ducat top`.
#pragma once

#include "top/top_command.hpp"

namespace CLI {
class App;
}

namespace ducat::cli {

/// Adds the command to `app` and returns it. It fills `options`, which must outlive it.
CLI::App* add_top_command(CLI::App& app, top_options& options);

} // namespace ducat::cli
