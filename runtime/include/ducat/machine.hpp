/// A deterministic state machine fed by the log.
#pragma once

#include <ducat/digest.hpp>
#include <ducat/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ducat {

/// A machine is pure: no clock, no randomness, no I/O, no floating point. Time comes in the entry.
/// The same code runs in production, in replay and in simulation. Commands, replies and questions
/// are serialised messages that the machine defines. Not thread-safe; its partition calls it.
class machine {
public:
  machine() = default;
  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;
  virtual ~machine() = default;

  /// Returns the answer to a command that needs no entry because it would have no effect and must
  /// leave no trace (malformed, unknown account, a key reused with another body, a replay); nothing
  /// if the command must be committed. Changes nothing.
  virtual std::optional<std::string> answer_without_commit(std::string_view command) const = 0;

  /// Applies one committed command and returns the reply for whoever proposed it. Never fails:
  /// a command that cannot take effect is answered with the outcome that says so.
  virtual std::string apply(log_time at, std::string_view command) = 0;

  /// Answers a question from the current state. Changes nothing.
  virtual std::string query(std::string_view question) const = 0;

  /// Returns a digest of the whole state: equal on every replay of the same log.
  virtual digest state_digest() const = 0;
};

} // namespace ducat
