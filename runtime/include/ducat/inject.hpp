/// Crashing one child of a tree, by its path.
#pragma once

#include <ducat/error.hpp>
#include <ducat/fault.hpp>
#include <ducat/handle.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>

namespace ducat {

/// Makes the actor that receives it fail, whatever its behaviour: every worker, router and
/// supervisor of a tree understands it.
struct inject_fault {
  fault_kind kind = fault_kind::crash;
  std::chrono::milliseconds lease{2'000}; ///< How long a hang lasts.
};

/// Hits the child at `target` once, in front of the messages that wait in its mailbox. Of a pool it
/// hits the supervisor, so the whole pool ends. Returns when the fault has been sent, not when it
/// has happened. Errors: unavailable (not running), invalid_argument (the lease of a hang).
result<void> inject(const handle& target, fault_kind kind, std::chrono::milliseconds lease);

} // namespace ducat

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::inject_fault)
