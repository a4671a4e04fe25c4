/// Where the chain of a stored log begins, and where it needs to be verified from.
#pragma once

#include "log/chain.hpp"
#include "log/database.hpp"

namespace ducat {

/// Keys in database::meta().
constexpr const char* anchor_key = "anchor";
constexpr const char* checkpoint_key = "checkpoint";

/// Returns what the first entry continues: all zeroes if the log was never trimmed.
/// Errors: corrupt, newer_version, io.
result<chain_link> read_anchor(const database& db);

/// Returns the entry of the newest checkpoint: all zeroes if there was none. Errors: as above.
result<chain_link> read_checkpoint(const database& db);

} // namespace ducat
