/// The log on one machine: RocksDB, every append synced, no server.
#pragma once

#include <ducat/log.hpp>

#include <filesystem>

namespace ducat {

struct embedded_log_options {
  std::filesystem::path directory;

  /// For checkers: opens without the lock and without writing a byte. A read-only log is a
  /// snapshot: it does not see later appends. While a writer is at work it may show only a prefix,
  /// or be refused because files went away under it; try again.
  bool read_only = false;
};

/// Opens or creates the log in `directory`, and verifies the whole chain before returning. A torn,
/// never acknowledged tail is dropped; an acknowledged entry that is missing is damage.
/// Errors: in_use (another process has it open for writing), newer_version (written by a later
/// format), corrupt (a damaged entry, or a directory that is not a ducat log; the message names
/// it), not_found (read_only, and there is no log), io. Apart from io, an error leaves every stored
/// entry as it was: damage is looked for before anything is written.
result<std::unique_ptr<log>> open_embedded_log(const embedded_log_options& options);

} // namespace ducat
