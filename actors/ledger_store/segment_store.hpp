/// Segment stores over an opened database.
#pragma once

#include "ledger_store/state_database.hpp"

#include <ducat/ledger/history.hpp>

#include <filesystem>
#include <memory>

namespace ducat::ledger {

/// Begins a session of the database.
std::shared_ptr<segment_store> make_segment_store(std::shared_ptr<state_database> db);

/// Expects a state that this version can read. Errors: corrupt, newer_version.
result<void> check_state(const state_database& db, const std::filesystem::path& directory);

} // namespace ducat::ledger
