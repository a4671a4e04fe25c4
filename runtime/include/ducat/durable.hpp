/// The actor that owns a machine: it commits commands to the log in groups and answers when they
/// are durable.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/replica.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ducat {

/// The largest command. (The payload of an entry is bounded too: see log.hpp.)
constexpr std::size_t command_bytes_max = std::size_t{1} << 20;

/// Asks a durable actor's machine a question; answered with an `answer` from committed state only.
struct query {
  std::string question;
};

struct answer {
  std::string text;
};

/// Asks for the receipt of the entry at `index`, 0 for the newest; answered with `log_position`.
/// Errors: not_found.
struct locate {
  std::uint64_t index = 0;
};

struct log_position {
  ducat::receipt receipt;
  ducat::epoch writer; ///< The epoch that the durable actor holds.
};

/// Sent to each life of a worker of a redundancy group that may serve by a grant, before anything
/// else: its commits carry the token. See redundancy_spec.
struct granted {
  fencing_token token;
};

/// How much of commands goes into one entry; one more command may pass it.
constexpr std::size_t group_bytes_max = 128 * 1024;

/// Returns the start of a durable actor: each life takes the log's epoch, which fences the life
/// before, and rebuilds the machine from the log. It runs on a thread of its own.
/// Commands that arrive while the disk is busy share the next entry, so one sync serves them all. A
/// crowd that is still arriving is waited for, 0.1 ms at most; a lone command never waits.
/// If it loses its epoch it ends, to be restarted if its supervisor so decides. A log that answers
/// io, corrupt or newer_version ends the process: what is on the disk is not known, or not ours.
child_start durable(replica_options options);

} // namespace ducat

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::commit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::take_grant)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::grant)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::granted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::locate)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::log_position)
