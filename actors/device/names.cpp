#include <ducat/device/link_options.hpp>
#include <ducat/device/link_outcome.hpp>

#include <ostream>

namespace ducat::device {

std::string_view to_string(link_state value) noexcept {
  switch (value) {
  case link_state::down:
    return "down";
  case link_state::connected:
    return "connected";
  case link_state::signed_on:
    return "signed_on";
  case link_state::suspect:
    return "suspect";
  case link_state::failed:
    return "failed";
  case link_state::draining:
    return "draining";
  }
  return "?";
}

std::string_view to_string(not_sent_reason value) noexcept {
  switch (value) {
  case not_sent_reason::malformed:
    return "malformed";
  case not_sent_reason::duplicate:
    return "duplicate";
  case not_sent_reason::deadline_passed:
    return "deadline_passed";
  case not_sent_reason::not_signed_on:
    return "not_signed_on";
  case not_sent_reason::draining:
    return "draining";
  case not_sent_reason::suspect:
    return "suspect";
  case not_sent_reason::overloaded:
    return "overloaded";
  }
  return "?";
}

std::string_view to_string(unknown_reason value) noexcept {
  switch (value) {
  case unknown_reason::timeout:
    return "timeout";
  case unknown_reason::disconnected:
    return "disconnected";
  case unknown_reason::garbled:
    return "garbled";
  case unknown_reason::link_ended:
    return "link_ended";
  }
  return "?";
}

std::string_view to_string(unmatched_kind value) noexcept {
  switch (value) {
  case unmatched_kind::late:
    return "late";
  case unmatched_kind::duplicate:
    return "duplicate";
  case unmatched_kind::ambiguous:
    return "ambiguous";
  case unmatched_kind::unexpected:
    return "unexpected";
  case unmatched_kind::request:
    return "request";
  }
  return "?";
}

std::string to_string(request_id id) {
  return ducat::to_string(id.value);
}

std::ostream& operator<<(std::ostream& out, link_state value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, request_id id) {
  return out << to_string(id);
}

std::ostream& operator<<(std::ostream& out, not_sent_reason value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, unknown_reason value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, unmatched_kind value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, const outcome& what) {
  const auto with = [&](std::string_view name, auto why, const std::string& detail) {
    out << name << ' ' << why;
    if (!detail.empty())
      out << ": " << detail;
  };
  if (const auto* given = std::get_if<answered>(&what))
    out << "answered " << given->answer.mti();
  else if (const auto* refused = std::get_if<not_sent>(&what))
    with("not_sent", refused->why, refused->detail);
  else if (const auto* lost = std::get_if<unknown>(&what))
    with("unknown", lost->why, lost->detail);
  return out;
}

} // namespace ducat::device
