/// A command of the ledger as a line of a script.
#pragma once

#include <ducat/ledger/commands.hpp>

#include <nlohmann/json.hpp>

namespace ducat::cli {

/// Returns the object that `ducat ledger exec` reads as this command.
nlohmann::ordered_json script_line_of(const ledger::command& command);

} // namespace ducat::cli
