#include <ducat/error.hpp>

#include <ostream>

namespace ducat {

disposition disposition_of(errc code) noexcept {
  switch (code) {
  case errc::overloaded:
  case errc::unavailable:
  case errc::deadline_exceeded:
    return disposition::retry_later;
  case errc::outcome_unknown:
    return disposition::retry_same_id;
  case errc::invalid_argument:
  case errc::not_found:
  case errc::not_permitted:
    return disposition::give_up;
  case errc::epoch_lost:
  case errc::corrupt:
  case errc::in_use:
  case errc::newer_version:
  case errc::other_cluster:
  case errc::io:
    return disposition::stop_process;
  }
  return disposition::retry_same_id; // A newer peer's code: it may or may not have been applied.
}

std::string_view to_string(errc code) noexcept {
  switch (code) {
  case errc::overloaded:
    return "overloaded";
  case errc::unavailable:
    return "unavailable";
  case errc::outcome_unknown:
    return "outcome_unknown";
  case errc::deadline_exceeded:
    return "deadline_exceeded";
  case errc::invalid_argument:
    return "invalid_argument";
  case errc::not_found:
    return "not_found";
  case errc::epoch_lost:
    return "epoch_lost";
  case errc::corrupt:
    return "corrupt";
  case errc::in_use:
    return "in_use";
  case errc::newer_version:
    return "newer_version";
  case errc::io:
    return "io";
  case errc::not_permitted:
    return "not_permitted";
  case errc::other_cluster:
    return "other_cluster";
  }
  return "unknown";
}

std::string_view advice_for(errc code) noexcept {
  switch (code) {
  case errc::corrupt:
    return "Nothing was changed. Delete no file by hand: keep the directory as it is, and restore "
           "it "
           "as a whole from a copy that has at least what was acknowledged.";
  case errc::newer_version:
    return "Nothing was changed. Start the version of ducat that wrote it, or a later one.";
  case errc::other_cluster:
    return "Nothing was changed. Name the cluster that the directory belongs to, or give this node "
           "a "
           "directory of its own.";
  case errc::in_use:
    return "Stop the process that has it. Never copy or repair a directory in use.";
  case errc::io:
    return "Look at the disk and its space, then start again: the log is verified at the start, "
           "and "
           "holds all that was acknowledged.";
  case errc::overloaded:
  case errc::unavailable:
  case errc::outcome_unknown:
  case errc::deadline_exceeded:
  case errc::invalid_argument:
  case errc::not_found:
  case errc::epoch_lost:
  case errc::not_permitted:
    return {};
  }
  return {};
}

std::string to_string(const error& what) {
  std::string text{to_string(what.code)};
  return what.message.empty() ? text : text + ": " + what.message;
}

std::string explained(const error& what) {
  const std::string_view advice = advice_for(what.code);
  return to_string(what) + (advice.empty() ? "" : "\n" + std::string{advice});
}

std::ostream& operator<<(std::ostream& out, const error& what) {
  return out << to_string(what);
}

} // namespace ducat
