#include "acquiring/outcome_meaning.hpp"

#include <ducat/planted.hpp>

#include <string>
#include <variant>

namespace ducat::acquiring {

namespace {

using payment::attempt_event;

/// Another link may do what this one cannot now.
bool is_of_the_link(device::not_sent_reason why) {
  using enum device::not_sent_reason;
  return why == not_signed_on || why == draining || why == suspect;
}

} // namespace

meaning meaning_of(const device::outcome& what,
                   const std::function<payment::acquirer_answer(const iso8583::message&)>& read) {
  if (const auto* answered = std::get_if<device::answered>(&what))
    return {.answer = read(answered->answer), .was_answered = true};
  if (const auto* refused = std::get_if<device::not_sent>(&what))
    return {.answer = {.what = attempt_event::not_sent,
                       .reason = std::string{to_string(refused->why)},
                       .may_switch = is_of_the_link(refused->why)}};
  const bool is_taken_for_proof = planted::is_on(planted::bug::unknown_taken_for_not_sent);
  return {.answer = {.what = is_taken_for_proof ? attempt_event::not_sent : attempt_event::in_doubt,
                     .reason = std::string{to_string(std::get<device::unknown>(what).why)}}};
}

meaning meaning_of(const error& why) {
  if (why.code == errc::unavailable)
    return {.answer = {.what = attempt_event::not_sent,
                       .reason = "the link does not run",
                       .may_switch = true}};
  return {.answer = {.what = attempt_event::in_doubt, .reason = std::string{to_string(why.code)}}};
}

} // namespace ducat::acquiring
