/// Technical failures as they travel between actors.
#include <ducat/error.hpp>
#include <ducat/exit_reason.hpp>
#include <ducat/handle.hpp>

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/sec.hpp>

namespace ducat {

namespace {

constexpr auto ducat_category = caf::atom("ducat");

std::string text_of(const caf::error& failure) {
  const caf::message& context = failure.context();
  return context.match_elements<std::string>() ? context.get_as<std::string>(0) : "";
}

} // namespace

caf::error to_caf(const error& what) {
  return {static_cast<std::uint8_t>(what.code), ducat_category, caf::make_message(what.message)};
}

bool is_answer(const caf::error& failure) {
  return (failure && failure.category() == ducat_category) ||
         failure == caf::sec::unexpected_message;
}

error error_of(const caf::error& failure) {
  if (failure && failure.category() == ducat_category)
    return {static_cast<errc>(failure.code()), text_of(failure)};
  if (failure == caf::sec::unexpected_message)
    return {errc::invalid_argument, "the receiver does not know such a message"};
  if (failure == caf::sec::invalid_argument)
    return {errc::unavailable, "the receiver is not running"}; // A request to a null actor.
  if (failure == caf::sec::request_timeout)
    return {errc::outcome_unknown, "no answer in time"};
  if (failure == caf::sec::request_receiver_down)
    return {errc::outcome_unknown, "the receiver went down"};
  if (failure && failure.category() == caf::error{caf::exit_reason::kill}.category())
    return {errc::outcome_unknown, "the receiver went down: " + to_string(exit_reason_of(failure))};
  return {errc::outcome_unknown, caf::to_string(failure)};
}

} // namespace ducat
