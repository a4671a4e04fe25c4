/// The options of `ducat events` and `ducat webhook`.
#pragma once

#include "events/event_commands.hpp"
#include "events/webhook_commands.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace ducat::cli {

struct events_options {
  event_arguments events{};
  webhook_arguments webhooks{};
};

/// Makes something what a command does.
using session_binding =
    std::function<void(CLI::App* command, std::function<exit_code(const session&)> what)>;

/// Adds the commands to `app`. The one that is named fills `arguments`, which must outlive it.
void add_events_commands(CLI::App& app, events_options& arguments, const session_binding& bind);

} // namespace ducat::cli
