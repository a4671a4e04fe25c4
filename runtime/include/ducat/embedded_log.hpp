/// The log on one machine: RocksDB, every append synced, no server.
#pragma once

#include <ducat/log.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace ducat {

struct embedded_log_options {
  std::filesystem::path directory;

  /// The cluster that the directory must belong to, and belongs to if it is new; "" is the one
  /// without a name. Nothing: any. At most 64 of a-z A-Z 0-9 . _ -
  std::optional<std::string> cluster{};

  /// For checkers: opens without the lock and without writing a byte. A read-only log is a
  /// snapshot: it does not see later appends. While a writer is at work it may show only a prefix,
  /// or be refused because files went away under it; try again.
  bool read_only = false;
};

/// Opens or creates the log in `directory`, and verifies its chain before returning: all of it,
/// or with write access from its checkpoint on. A torn, never acknowledged tail is dropped; an
/// acknowledged entry that is missing is damage. Errors: invalid_argument (the name of the
/// cluster), other_cluster, in_use (another process has it open for writing), newer_version
/// (written by a later format), corrupt (a damaged entry, or a directory that is not a ducat log;
/// the message names it), not_found (read_only, and there is no log), io. Apart from io, an error
/// leaves every stored entry as it was: damage is looked for before anything is written.
result<std::unique_ptr<log>> open_embedded_log(const embedded_log_options& options);

} // namespace ducat
