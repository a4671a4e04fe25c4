#include "prove/recorded_acquirer.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <algorithm>
#include <functional>

namespace ducat::cli {

using namespace std::chrono_literals;

namespace {

/// Sent by the way to itself: the host's answer has come.
struct host_answered {
  std::function<void()> deliver;
};

constexpr duration host_time = 3ms;

} // namespace
} // namespace ducat::cli

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::cli::host_answered)

namespace ducat::cli {

bool acquirer_journal::take_request(const std::string& attempt) {
  requests_.push_back(attempt);
  if (reversed_.contains(attempt))
    return false;
  standing_.insert(attempt);
  return true;
}

void acquirer_journal::take_reversal(const std::string& attempt) {
  reversed_.insert(attempt);
  standing_.erase(attempt);
}

void acquirer_journal::take_advice(const std::string& advice) {
  advices_.insert(advice);
}

namespace {

template <class Answer>
caf::response_promise answer_later(caf::event_based_actor* self, Answer answer) {
  auto promise = self->make_response_promise();
  self->delayed_send(self, host_time,
                     host_answered{[promise, answer = std::move(answer)]() mutable {
                       promise.deliver(std::move(answer));
                     }});
  return promise;
}

payment::acquirer_answer answer_to(const payment::authorize_attempt& asked, bool is_approved) {
  if (!is_approved)
    return {.what = payment::attempt_event::declined, .response_code = "05"};
  return {.what = payment::attempt_event::approved,
          .amount = asked.attempt.amount,
          .approval_code = "A00001",
          .response_code = "00"};
}

} // namespace

caf::behavior recorded_acquirer(caf::event_based_actor* self,
                                const std::shared_ptr<acquirer_journal>& journal) {
  return {
      [=](const payment::authorize_attempt& asked) {
        if (self->clock().now() >= asked.deadline)
          return answer_later(self,
                              payment::acquirer_answer{.what = payment::attempt_event::not_sent,
                                                       .reason = "it was too late"});
        return answer_later(self, answer_to(asked, journal->take_request(asked.attempt.id)));
      },
      [=](const payment::reverse_attempt& asked) {
        journal->take_reversal(asked.attempt.id);
        return answer_later(
            self, payment::acquirer_answer{.what = payment::attempt_event::reversal_accepted});
      },
      [=](const payment::send_advice& told) {
        journal->take_advice(told.id);
        return answer_later(self,
                            payment::advice_answer{.is_acknowledged = true, .response_code = "00"});
      },
      [](const host_answered& what) { what.deliver(); },
  };
}

} // namespace ducat::cli
