#include <ducat/acquiring/acquirer_actor.hpp>
#include <ducat/device/link.hpp>
#include <ducat/payment/records.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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

/// Those who wait for an answer in one life.
class callers {
public:
  std::uint64_t add(const caf::response_promise& caller) {
    waiting_.emplace(++newest_, caller);
    return newest_;
  }

  void answer(std::uint64_t number, acquirer_answer what) {
    if (auto found = waiting_.extract(number))
      found.mapped().deliver(std::move(what));
  }

  /// Nobody is to wait for a timeout because this life has ended.
  void end() {
    for (auto& [number, caller] : waiting_)
      caller.deliver(acquirer_answer{.reason = "the acquirer's actor went down"});
    waiting_.clear();
  }

private:
  std::map<std::uint64_t, caf::response_promise> waiting_;
  std::uint64_t newest_ = 0;
};

/// What one life needs to answer.
struct life {
  caf::event_based_actor* self;
  handle link;
  std::shared_ptr<callers> waiting = std::make_shared<callers>();
};

/// Sends `message` over the link, and answers with what becomes of it.
template <class Send>
caf::response_promise carry(const life& in, Send message,
                            std::function<acquirer_answer(const iso8583::message&)> read) {
  auto* self = in.self;
  auto promise = self->make_response_promise();
  // A little longer than the link: it says by itself what it does not know.
  const duration patience = message.deadline - self->clock().now() + std::chrono::seconds{1};
  const std::uint64_t caller = in.waiting->add(promise);
  self->request(in.link.current(), patience, std::move(message))
      .then(
          [waiting = in.waiting, caller, read](const device::transmitted& done) {
            waiting->answer(caller, meaning_of(done.outcome, read));
          },
          [waiting = in.waiting, caller](const caf::error& why) {
            waiting->answer(caller, meaning_of(error_of(why)));
          });
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
  const life in{.self = self, .link = link};
  self->attach_functor([waiting = in.waiting] { waiting->end(); });
  return {
      [=](const payment::authorize_attempt& asked) {
        auto message = request_of(asked, with);
        if (!message)
          return answered_at_once(self, not_sent(message.error().message));
        return carry(in,
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
            in,
            device::forward{.id = id_of(asked.attempt),
                            .what = std::move(*message),
                            .deadline = asked.deadline},
            [asked](const iso8583::message& answer) { return answer_to_reversal(answer, asked); });
      },
  };
}

} // namespace ducat::acquiring
