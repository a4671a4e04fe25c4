/// One line of a script of ledger commands.
#pragma once

#include "ledger/json_records.hpp"
#include "ledger/ledger_session.hpp"

namespace ducat::cli {

/// Runs the command in `object`, whose only field names it, and returns its outcome as JSON.
/// Throws malformed (nothing was done), session_failed.
nlohmann::ordered_json run_command(ledger_session& session, const nlohmann::json& object);

} // namespace ducat::cli
