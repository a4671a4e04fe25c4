/// Asking a pool: a request in an envelope with a deadline.
#pragma once

#include <ducat/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace ducat {

/// The deadline of a request that comes to a router without an envelope.
constexpr std::chrono::seconds bare_deadline{30};

/// What the router of a pool takes; any other message is taken for a body whose deadline is
/// `bare_deadline` from now. It hands `body` to one worker that is running and gives the worker's
/// answer, whatever its type, to the caller. Each caller gets exactly one answer; besides the
/// worker's own it is one of these errors, see error_of():
/// - overloaded: the pool, or each worker that could get it, is at its bound; nothing was sent.
/// - unavailable: no worker is running with its breaker closed; nothing was sent.
/// - deadline_exceeded: the deadline had passed before a worker got it; nothing was sent.
/// - outcome_unknown: the deadline passed, or the worker or the router went down, in between.
struct routed {
  time_point deadline; ///< By the clock of the actor system.
  caf::message body;
  std::uint64_t key = 0; ///< For route::by_key.
};

/// Returns the envelope for the request `args...`.
template <class... Args>
routed make_routed(time_point deadline, Args&&... args) {
  return {.deadline = deadline, .body = caf::make_message(std::forward<Args>(args)...)};
}

/// Returns the same for route::by_key.
template <class... Args>
routed make_routed_by_key(time_point deadline, std::uint64_t key, Args&&... args) {
  return {.deadline = deadline, .body = caf::make_message(std::forward<Args>(args)...), .key = key};
}

/// Returns the key of a text, such as the number of an account: its FNV-1a hash, the same in every
/// process.
constexpr std::uint64_t key_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char letter : text)
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return hash;
}

} // namespace ducat

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::routed)
