/// Stable names of children, which outlive their incarnations.
#pragma once

#include <ducat/error.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>

namespace ducat {

class child_slot;

/// The name of a child: its path in the tree, such as "payments/w3". A handle stays good across
/// restarts; sends go to whichever life the child has at that moment. Cheap to copy; safe from any
/// thread.
class handle {
public:
  /// Names nothing; never running.
  handle() = default;

  explicit handle(std::shared_ptr<child_slot> slot) noexcept : slot_{std::move(slot)} {}

  /// Returns the path; empty for a handle that names nothing.
  const std::string& path() const noexcept;

  /// Returns the number of the current life, 1 for the first; 0 while the child is not running.
  std::uint64_t incarnation() const noexcept;

  /// Returns the actor of the current life, or a null actor while the child is not running. Use it
  /// for one send or request and let go of it: it is dead after the next restart. Of a child whose
  /// messages are kept (mailbox_spec) it is the mailbox, whether or not the child runs.
  caf::actor current() const;

  /// Returns the actor at the path itself: of a pool that is its supervisor, where current() is its
  /// router; of every other child it is the current life.
  caf::actor own() const;

  friend bool operator==(const handle&, const handle&) = default;

private:
  friend std::shared_ptr<child_slot> slot_of(const handle& name);

  std::shared_ptr<child_slot> slot_;
};

std::ostream& operator<<(std::ostream& out, const handle& value);

/// Returns what a failed request means to its caller: the ducat error itself if the receiver
/// answered with one, unavailable if the request was sent to a null actor (the child was not
/// running; nothing was sent), invalid_argument if the receiver does not know such a message, and
/// outcome_unknown for everything else: a timeout, or a receiver that went down, perhaps with the
/// request in its hands.
error error_of(const caf::error& failure);

/// Returns whether the receiver itself answered so, and did not go down or stay silent.
bool is_answer(const caf::error& failure);

/// Returns `what` as an actor answers with it. error_of() gives it back unchanged.
caf::error to_caf(const error& what);

} // namespace ducat
