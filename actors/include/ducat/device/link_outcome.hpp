/// What becomes of a request to an acquirer: exactly one of three things, and exactly once.
#pragma once

#include <ducat/iso8583/message.hpp>
#include <ducat/u128.hpp>

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ducat::device {

/// The caller's name of what it sends, such as that of an attempt. The same one is not under way
/// twice; a repeat has that of the first sending.
struct request_id {
  u128 value = 0;

  friend auto operator<=>(const request_id&, const request_id&) = default;
};

std::string to_string(request_id id);
std::ostream& operator<<(std::ostream& out, request_id id);

/// Why a request was not sent, in the order in which it is looked at.
enum class not_sent_reason : std::uint8_t {
  malformed = 1,       ///< It is no request that the link can send and find the answer of.
  duplicate = 2,       ///< One of that id, or with those trace data, is under way.
  deadline_passed = 3, ///< Before it was sent.
  not_signed_on = 4,   ///< There is no connection, or the host has not let it in.
  draining = 5,
  suspect = 6,    ///< The link does not answer as it should. Not if the request may be repeated.
  overloaded = 7, ///< As many are under way as may be.
};

enum class unknown_reason : std::uint8_t {
  timeout = 1,
  disconnected = 2, ///< The connection ended after it was written.
  garbled = 3,      ///< What came instead of an answer could not be read.
  link_ended = 4,   ///< The actor went down with it.
};

std::string_view to_string(not_sent_reason value) noexcept;
std::string_view to_string(unknown_reason value) noexcept;
std::ostream& operator<<(std::ostream& out, not_sent_reason value);
std::ostream& operator<<(std::ostream& out, unknown_reason value);

/// The host has answered, whatever it says.
struct answered {
  iso8583::message answer;
};

/// Proven: no byte of it was given to a connection. Another route may be taken.
struct not_sent {
  not_sent_reason why;
  std::string detail{}; ///< For people; without a byte of the message.
};

/// It was, or may have been, written, and no answer is known. Only a reversal helps.
struct unknown {
  unknown_reason why;
  std::string detail{}; ///< As of not_sent.
};

using outcome = std::variant<answered, not_sent, unknown>;

/// Prints "answered 0110", "not_sent suspect: DETAIL", "unknown timeout". The answer's fields are
/// not printed.
std::ostream& operator<<(std::ostream& out, const outcome& what);

/// How a message relates to the requests of a link, none of which it answers.
enum class unmatched_kind : std::uint8_t {
  late = 1,       ///< It answers a request whose outcome was told to be unknown.
  duplicate = 2,  ///< It answers a request that was answered already.
  ambiguous = 3,  ///< It could answer more than one.
  unexpected = 4, ///< It is an answer to nothing that the link remembers.
  request = 5,    ///< It asks something of us. The link itself answers only echoes.
};

std::string_view to_string(unmatched_kind value) noexcept;
std::ostream& operator<<(std::ostream& out, unmatched_kind value);

/// A message that was no outcome. It is told once and never dropped.
struct unmatched {
  unmatched_kind kind;
  std::optional<request_id> request{}; ///< Of late and duplicate.
  iso8583::message what;
};

} // namespace ducat::device
