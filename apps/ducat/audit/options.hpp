/// The options of `ducat audit`.
#pragma once

#include "audit/commands.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace ducat::cli {

/// How an action becomes that of a command. Both outlive the parsing.
struct audit_hooks {
  std::function<void(CLI::App*, std::function<exit_code(const session&)>)> on_node;
  std::function<void(CLI::App*, std::function<exit_code(const console&)>)> on_file;
};

void add_audit_commands(CLI::App& app, const audit_hooks& hooks);

} // namespace ducat::cli
