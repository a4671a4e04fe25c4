/// Why a life of a child ended, in OTP's terms.
#pragma once

#include <caf/fwd.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>

namespace ducat {

enum class exit_kind : std::uint8_t {
  normal = 1,       ///< It was done.
  shutdown = 2,     ///< It was told to stop, or chose to ({shutdown, _}: with a detail).
  killed = 3,       ///< It was killed, without being asked.
  crashed = 4,      ///< An exception or an error ended it; the detail says which.
  noproc = 5,       ///< It was not there when it was first watched.
  noconnection = 6, ///< Its node was lost.
  ignored = 7,      ///< Its body called ignore().
};

struct exit_reason {
  exit_kind kind = exit_kind::normal;
  std::string detail;

  friend bool operator==(const exit_reason&, const exit_reason&) = default;
};

/// Returns whether a transient child that ends so is done: normal, shutdown, {shutdown, _} and
/// ignored. Everything else is abnormal. (OTP supervisor, "Restart Strategy".)
bool is_normal_end(const exit_reason& reason) noexcept;

/// Returns "normal", "killed", "crashed: what happened", ...
std::string to_string(const exit_reason& reason);
std::ostream& operator<<(std::ostream& out, const exit_reason& reason);

/// Returns `reason` as an actor ends with it. exit_reason_of() gives it back unchanged, but
/// for the detail of `normal` and `ignored`.
caf::error to_caf(const exit_reason& reason);

/// Returns why an actor ended. An error of another library or a ducat error is `crashed`.
exit_reason exit_reason_of(const caf::error& reason);

/// Ends `self` with `reason` once its current handler has returned. Called in its body, the start
/// fails with that reason.
void quit(caf::event_based_actor* self, const exit_reason& reason);

/// Ends `self`, because it has nothing to do. Called in the body of a child, the start succeeds and
/// leaves the child stopped; a temporary one leaves no trace. (OTP: init returns `ignore`.)
void ignore(caf::event_based_actor* self);

} // namespace ducat
