/// `ducat events`: what happened to payments.
#pragma once

#include "client/session.hpp"
#include "exit_code.hpp"

#include <string>
#include <vector>

namespace ducat::cli {

struct event_arguments {
  std::string id{}; ///< Of an event, or of the payment that is watched.
  std::string after{};
  std::vector<std::string> types{};
  std::uint32_t limit = 0;
};

/// Prints a page of events, the oldest first. Returns done, or what report() says.
exit_code list_events(const session& with, const event_arguments& arguments);

/// Prints one event with the payment as it was then.
exit_code show_event(const session& with, const event_arguments& arguments);

/// Prints events as they happen, until the program is ended. Goes on after a node has been away.
/// Returns only if it is refused.
exit_code follow_events(const session& with, const event_arguments& arguments);

/// The same of the rows of a payment's timeline, from the first one on.
exit_code watch_payment(const session& with, const event_arguments& arguments);

} // namespace ducat::cli
