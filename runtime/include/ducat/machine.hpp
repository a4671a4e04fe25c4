/// A deterministic state machine fed by the log.
#pragma once

#include <ducat/digest.hpp>
#include <ducat/grant.hpp>
#include <ducat/log.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ducat {

/// Where in the log a command stands.
struct position {
  std::uint64_t index = 0; ///< Of the entry that holds it.
  log_time at;             ///< The entry's time.
};

/// A machine is pure: no clock, no randomness, no I/O, no floating point. Time comes in the entry.
/// The same code runs in production, in replay and in simulation. Commands, replies and questions
/// are serialised messages that the machine defines. Not thread-safe; its durable actor calls it.
class machine {
public:
  machine() = default;
  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;
  virtual ~machine() = default;

  /// Returns the answer to a command that would have no effect and must leave no trace in the log
  /// (malformed, an unknown account, a key reused with another body, a replay); nothing if the
  /// command is to be committed. Changes nothing. So every command in the log has an effect.
  virtual std::optional<std::string> answer_without_commit(std::string_view command) const = 0;

  /// Applies one command, for which answer_without_commit() returned nothing, and returns the reply
  /// for whoever proposed it. Never fails: refusals that must be remembered (a declined payment)
  /// are effects.
  virtual std::string apply(const position& where, std::string_view command) = 0;

  /// Returns the newest entry whose state the machine keeps durably elsewhere too, index 0 if there
  /// is none. A new machine begins with that state, and the replay goes on after it.
  virtual receipt durable_to() const { return {}; }

  /// Returns the grants that were kept with the state that the machine began with.
  virtual grant_map kept_grants() const { return {}; }

  /// Tells that everything applied so far is in the log, up to the entry `newest`, and what groups
  /// are granted then: a machine that keeps its state keeps that with it.
  virtual void committed([[maybe_unused]] const receipt& newest,
                         [[maybe_unused]] const grant_map& grants) {}

  /// Answers a question from the current state. Changes nothing.
  virtual std::string query(std::string_view question) const = 0;

  /// Returns a digest of the whole state: equal on every replay of the same log.
  virtual digest state_digest() const = 0;
};

/// Makes a machine for a replay of the log after its durable_to().
using machine_factory = std::function<std::unique_ptr<machine>()>;

} // namespace ducat
