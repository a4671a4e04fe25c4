/// What is wrong with a copy of the audit. Pure.
#pragma once

#include <ducat/v1/audit.pb.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ducat::cli {

/// What somebody has kept elsewhere: that entry `number` had this hash.
struct audit_anchor {
  std::uint64_t number = 0;
  std::string hash{};
};

/// Returns the anchor that is written NUMBER/HASH; nothing if it is none.
std::optional<audit_anchor> audit_anchor_in(std::string_view text);

struct audit_flaw {
  std::uint64_t number = 0; ///< Of the first entry that is not as it was.
  std::string what{};
};

/// Returns the first flaw of `entries`, which are to be all, from the first: one that was changed,
/// is missing, was put between or is not where it belongs. Entries that were left out at the end,
/// or written anew from some point on, show by anchors only.
std::optional<audit_flaw> first_flaw(std::span<const v1::AuditEntry> entries,
                                     std::span<const audit_anchor> anchors);

/// Returns the first entry in which two copies differ; one may be longer.
std::optional<audit_flaw> first_difference(std::span<const v1::AuditEntry> ours,
                                           std::span<const v1::AuditEntry> others);

} // namespace ducat::cli
