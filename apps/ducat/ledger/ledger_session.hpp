/// A ledger to run a script on: in memory, or in a data directory.
#pragma once

#include <ducat/error.hpp>
#include <ducat/ledger/book.hpp>
#include <ducat/ledger/commands.hpp>

#include <filesystem>
#include <memory>

namespace ducat::cli {

/// Thrown when the log failed under a command: whether that was done is not known.
struct session_failed {
  error what;
};

/// Time stands still but for what commands do: the first event of a batch is one ns after the
/// last event.
class ledger_session {
public:
  virtual ~ledger_session() = default;

  /// Runs a command and returns when its effect is as durable as the session is.
  /// Throws session_failed.
  virtual ledger::reply run(const ledger::command& what) = 0;

  virtual const ledger::book& book() const = 0;
};

result<std::unique_ptr<ledger_session>> in_memory_session();

/// Errors: those of open_embedded_log() and replica::open().
result<std::unique_ptr<ledger_session>> open_session(const std::filesystem::path& data);

} // namespace ducat::cli
