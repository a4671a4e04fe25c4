#include <ducat/acquiring/acquirer_actor.hpp>
#include <ducat/device/link.hpp>
#include <ducat/payment/records.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <functional>
#include <string>
#include <utility>
#include <variant>

namespace ducat::acquiring {

namespace {

using payment::acquirer_answer;
using payment::attempt_event;

device::request_id id_of(const payment::attempt_record& attempt) {
  return {payment::number_of("attempt", attempt.id)};
}

acquirer_answer not_sent(std::string why) {
  return {.what = attempt_event::not_sent, .reason = std::move(why)};
}

/// Says what an outcome means; `read` says what an answer does.
acquirer_answer meaning_of(const device::outcome& what,
                           const std::function<acquirer_answer(const iso8583::message&)>& read) {
  if (const auto* answered = std::get_if<device::answered>(&what))
    return read(answered->answer);
  if (const auto* refused = std::get_if<device::not_sent>(&what))
    return not_sent(std::string{to_string(refused->why)});
  return {.what = attempt_event::in_doubt,
          .reason = std::string{to_string(std::get<device::unknown>(what).why)}};
}

/// Only `unavailable` proves that nothing was sent.
acquirer_answer meaning_of(const error& why) {
  if (why.code == errc::unavailable)
    return not_sent("the link does not run");
  return {.what = attempt_event::in_doubt, .reason = std::string{to_string(why.code)}};
}

/// Sends `message` over the link, and answers with what becomes of it.
template <class Send>
caf::response_promise carry(caf::event_based_actor* self, const handle& link, Send message,
                            std::function<acquirer_answer(const iso8583::message&)> read) {
  auto promise = self->make_response_promise();
  // A little longer than the link: it says by itself what it does not know.
  const duration patience = message.deadline - self->clock().now() + std::chrono::seconds{1};
  self->request(link.current(), patience, std::move(message))
      .then(
          [promise, read](const device::transmitted& done) mutable {
            promise.deliver(meaning_of(done.outcome, read));
          },
          [promise](const caf::error& why) mutable { promise.deliver(meaning_of(error_of(why))); });
  return promise;
}

caf::response_promise answered_at_once(caf::event_based_actor* self, acquirer_answer what) {
  auto promise = self->make_response_promise();
  promise.deliver(std::move(what));
  return promise;
}

} // namespace

caf::behavior acquirer_actor(caf::event_based_actor* self, const handle& link,
                             const profile& with) {
  return {
      [=](const payment::authorize_attempt& asked) {
        auto message = request_of(asked, with);
        if (!message)
          return answered_at_once(self, not_sent(message.error().message));
        return carry(self, link,
                     device::transmit{.id = id_of(asked.attempt),
                                      .what = std::move(*message),
                                      .deadline = asked.deadline},
                     [asked, with](const iso8583::message& answer) {
                       return answer_of(answer, asked, with);
                     });
      },
      [=](const payment::reverse_attempt& asked) {
        auto message = reversal_of(asked, with);
        if (!message)
          return answered_at_once(self, {.reason = message.error().message});
        return carry(
            self, link,
            device::forward{.id = id_of(asked.attempt),
                            .what = std::move(*message),
                            .deadline = asked.deadline},
            [asked](const iso8583::message& answer) { return answer_to_reversal(answer, asked); });
      },
  };
}

} // namespace ducat::acquiring
