/// A supervision tree as a file, for `ducat tree check`.
#pragma once

#include <ducat/child_spec.hpp>

#include <filesystem>

namespace ducat::cli {

/// Returns the tree in the TOML file at `path`; the starts of its workers start nothing.
/// ```toml
/// strategy = "one_for_one"     # of the root; each key as in supervisor_flags
/// restarts_max = 5
/// window = "10s"               # "500ms", "5s", "2min"
/// auto_shutdown = "never"
///
/// [[children]]                 # in start order; each key as in child_spec
/// id = "payments"              # the only one that must be there
/// restart = "permanent"
/// shutdown = "5s"              # or "infinity", "brutal_kill"
/// significant = false
/// handler_budget = "2s"
/// backoff = { initial = "100ms", max = "30s", jitter_percent = 20 }
/// mailbox = { fate = "drop", capacity = 10000, in_hand_max = 1, poison_after = 3 }
/// pool = { size = 8, policy = "least_requests", restarts_max = 100, window = "5s" }
///
/// [[children]]
/// id = "settlement"
/// [children.supervisor]        # a nested supervisor: the keys of the root
/// restarts_max = 3
/// [[children.supervisor.children]]
/// id = "clock"
/// ```
/// Errors: not_found (no such file); io (it cannot be read); invalid_argument (not TOML, an unknown
/// key, a value of the wrong type or out of range, or a tree that check() refuses), with a message
/// `FILE:LINE:COLUMN: ...`.
result<supervisor_spec> load_tree(const std::filesystem::path& path);

} // namespace ducat::cli
