/// Technical failures: what went wrong, in terms of what the caller can do about it.
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace ducat {

/// A code exists only if a caller acts differently on it; detail goes into error::message.
/// Outcomes of the domain (declined, insufficient funds) are not errors and are not here.
/// Values are on the wire: never renumber, never reuse. 0 means "no error".
enum class errc : std::uint8_t {
  overloaded = 1,        ///< Nothing was done; retry after backing off.
  unavailable = 2,       ///< Nothing was done, the target is not running now; retry later.
  outcome_unknown = 3,   ///< It may or may not have been applied; retry with the same id.
  deadline_exceeded = 4, ///< Nothing was done, the deadline had passed before work began.
  invalid_argument = 5,  ///< The request itself is wrong; do not retry it.
  not_found = 6,         ///< The thing named does not exist; do not retry.
  epoch_lost = 7,        ///< Another writer holds the epoch; this one must stop.
  corrupt = 8,           ///< Stored bytes are damaged; an operator must look.
  in_use = 9,            ///< Another process holds the data directory.
  newer_version = 10,    ///< The data was written by a newer ducat; upgrade first.
  io = 11,               ///< The disk or the network refused; the process should end.
  not_permitted = 12,    ///< Not allowed by this node's configuration.
  other_cluster = 13,    ///< The data belongs to another cluster.
};

/// What a caller does next.
enum class disposition : std::uint8_t { retry_later, retry_same_id, give_up, stop_process };

/// Returns what a caller should do about `code`.
disposition disposition_of(errc code) noexcept;

/// Returns the stable name of `code`, as logs and APIs print it.
std::string_view to_string(errc code) noexcept;

/// Returns what an operator does next about `code`, in whole sentences; empty if that depends.
/// Whoever ends a process or a command because of an error says this too.
std::string_view advice_for(errc code) noexcept;

/// A code plus a sentence for people. The sentence is not stable; the code is.
struct error {
  errc code;
  std::string message;
};

std::string to_string(const error& what);

/// Returns `what`, and on a line of its own the advice for its code.
std::string explained(const error& what);
std::ostream& operator<<(std::ostream& out, const error& what);

/// A value, or why there is none.
template <class T>
using result = tl::expected<T, error>;

/// Returns an unexpected value for any result<T>.
inline tl::unexpected<error> fail(errc code, std::string message) {
  return tl::unexpected<error>(error{code, std::move(message)});
}

} // namespace ducat
