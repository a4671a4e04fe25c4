/// How entries of the audit hang together: a change of one shows in the hashes of all after it.
#pragma once

#include <ducat/v1/audit.pb.h>

#include <string>

namespace ducat::payment {

/// Returns the hash of `entry` that follows on one with the hash `before`, 64 hex digits, or on
/// none (empty). The entry's own hash does not matter. Pure; any thread.
std::string audit_hash(const std::string& before, const v1::AuditEntry& entry);

} // namespace ducat::payment
