/// The actor that owns a machine: it commits commands to the log in groups and answers when they are
/// durable.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/log.hpp>
#include <ducat/machine.hpp>

#include <functional>
#include <memory>
#include <string>

namespace ducat {

/// Asks a durable actor to commit a command; answered with `committed`.
struct commit {
  std::string command;
};

/// Asks a durable actor's machine a question; answered with an `answer` from committed state only.
struct query {
  std::string question;
};

struct answer {
  std::string text;
};

/// The machine's reply, and the entry that holds the effect; index 0 if nothing was written.
struct committed {
  std::string reply;
  ducat::receipt receipt;
};

struct durable_options {
  std::shared_ptr<ducat::log> log;
  machine_factory machine;
  std::function<log_time()> now; ///< Wall clock; read once a group.
  std::uint32_t group_max = 1'000; ///< Commands in one entry.
};

/// Returns the start of a durable actor: each life takes the log's epoch, which fences the life
/// before, and rebuilds the machine from the log. It runs on a thread of its own.
/// Commands that arrive while the disk is busy share the next entry, so one sync serves them all.
/// Answers outcome_unknown if it lost its epoch (and ends). A log that fails with io ends the
/// process: what is on the disk cannot be known; a corrupt log does too.
child_start durable(durable_options options);

} // namespace ducat
