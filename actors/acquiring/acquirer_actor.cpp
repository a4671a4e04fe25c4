#include "acquiring/callers.hpp"
#include "acquiring/outcome_meaning.hpp"
#include "acquiring/owed_items.hpp"

#include <ducat/acquiring/acquirer_actor.hpp>
#include <ducat/device/link.hpp>
#include <ducat/payment/records.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace ducat::acquiring {

namespace {

using payment::acquirer_answer;
using payment::attempt_event;
using payment::attempt_plan;

acquirer_answer not_sent(std::string why, bool may_switch = false) {
  return {.what = attempt_event::not_sent, .reason = std::move(why), .may_switch = may_switch};
}

using heard = std::function<void(const meaning&)>;

payment::advice_answer meaning_of_advice(const device::outcome& what) {
  if (const auto* answered = std::get_if<device::answered>(&what))
    return answer_to_advice(answered->answer);
  return {.was_sent = !std::holds_alternative<device::not_sent>(what)};
}

payment::totals_answer meaning_of_totals(const device::outcome& what) {
  if (const auto* answered = std::get_if<device::answered>(&what))
    return answer_to_reconciliation(answered->answer);
  return {.was_sent = !std::holds_alternative<device::not_sent>(what)};
}

/// Sends `message` over the link, and tells what becomes of it.
template <class Send>
void carry(caf::event_based_actor* self, const handle& link, Send message,
           std::function<acquirer_answer(const iso8583::message&)> read, const heard& told) {
  // A little longer than the link: it says by itself what it does not know.
  const duration patience = message.deadline - self->clock().now() + std::chrono::seconds{1};
  self->request(link.current(), patience, std::move(message))
      .then([read = std::move(read),
             told](const device::transmitted& done) { told(meaning_of(done.outcome, read)); },
            [told](const caf::error& why) { told(meaning_of(error_of(why))); });
}

/// The state of one life.
class route : public std::enable_shared_from_this<route> {
public:
  route(caf::event_based_actor* self, route_options options)
      : self_{self}, options_{std::move(options)}, breaker_{options_.breaker} {
    if (const caf::actor group = options_.group.current())
      self_->send(group, who_holds{});
  }

  caf::response_promise plan(const payment::plan_attempt& asked) {
    auto promise = self_->make_response_promise();
    if (!is_grouped() || in_use_.epoch > asked.after_epoch) {
      promise.deliver(plan_now());
      return promise;
    }
    constexpr std::size_t kept_max = 10'000; // Who asked long ago waits no more.
    if (waiting_.size() >= kept_max)
      waiting_.erase(waiting_.begin(), waiting_.begin() + kept_max / 2);
    waiting_.push_back({asked.after_epoch, promise});
    return promise;
  }

  route_figures use(const use_link& what) {
    if (what.epoch > in_use_.epoch) {
      in_use_ = what;
      breaker_ = routing::breaker{options_.breaker}; // What failed was another link.
      const auto newer =
          std::stable_partition(waiting_.begin(), waiting_.end(), [&](const waiting& each) {
            return each.after_epoch >= what.epoch;
          });
      for (auto each = newer; each != waiting_.end(); ++each)
        each->caller.deliver(plan_now());
      waiting_.erase(newer, waiting_.end());
    }
    return {.breaker = breaker_.state()};
  }

  caf::response_promise authorize(const payment::authorize_attempt& asked) {
    auto promise = self_->make_response_promise();
    const auto refuse = [&](acquirer_answer why) {
      promise.deliver(std::move(why));
      return promise;
    };
    const carrier* over = carrier_of(asked.attempt);
    if (over == nullptr)
      return refuse(not_sent("payments go over another link by now", true));
    if (!breaker_.lets_through(now()))
      return refuse(not_sent("the breaker is open"));
    auto message = request_of(asked, options_.known_as);
    if (!message)
      return refuse(not_sent(message.error().message));
    carry(
        self_, over->link,
        device::transmit{
            .id = id_of(asked.attempt), .what = std::move(*message), .deadline = asked.deadline},
        [asked, with = options_.known_as](const iso8583::message& answer) {
          return answer_of(answer, asked, with);
        },
        [me = shared_from_this(), caller = callers_.add(promise), round = breaker_.sent(),
         epoch = in_use_.epoch](const meaning& what) {
          if (epoch == me->in_use_.epoch)
            me->count(round, what.was_answered);
          me->callers_.answer(caller, what.answer);
        });
    return promise;
  }

  caf::response_promise reverse(const payment::reverse_attempt& asked) {
    auto promise = self_->make_response_promise();
    auto message = reversal_of(asked, options_.known_as);
    if (!message)
      promise.deliver(acquirer_answer{.reason = message.error().message});
    else
      reverse_over(by_preference(), asked, *message, callers_.add(promise));
    return promise;
  }

  caf::response_promise advise(const payment::send_advice& asked) {
    auto message = advice_of(asked, options_.known_as);
    if (!message)
      return not_told<payment::advice_answer>();
    return tell(
        {.id = id_of_advice(asked.id), .what = std::move(*message), .deadline = asked.deadline},
        meaning_of_advice, advised_);
  }

  caf::response_promise compare(const payment::compare_totals& asked) {
    auto message = reconciliation_of(asked, options_.known_as);
    if (!message)
      return not_told<payment::totals_answer>();
    return tell({.id = id_of_reconciliation(asked.number),
                 .what = std::move(*message),
                 .deadline = asked.deadline},
                meaning_of_totals, compared_);
  }

  /// The life has ended: nobody knows what becomes of what is under way.
  void end() {
    callers_.end({.reason = "the acquirer's actor went down"});
    advised_.end({});
    compared_.end({});
  }

private:
  struct waiting {
    std::uint64_t after_epoch;
    caf::response_promise caller;
  };

  bool is_grouped() const { return !options_.group.path().empty(); }

  time_point now() const { return self_->clock().now(); }

  attempt_plan plan_now() const {
    if (!breaker_.lets_through(now()))
      return {.refused = "its breaker is open"};
    return {.carrier = is_grouped() ? in_use_.link : "", .epoch = in_use_.epoch};
  }

  /// Returns the link that the log says carries it; null if payments go over another one by now. A
  /// life that knows of no grant yet takes the log's word.
  const carrier* carrier_of(const payment::attempt_record& attempt) const {
    if (!is_grouped())
      return &options_.links.front();
    const auto found = std::ranges::find(options_.links, attempt.carrier, &carrier::name);
    const bool is_old = found == options_.links.end() || attempt.epoch < in_use_.epoch;
    return is_old ? nullptr : &*found;
  }

  void count(routing::breaker::round round, bool was_answered) {
    was_answered ? breaker_.succeeded(round) : breaker_.failed(round, now());
  }

  std::vector<handle> by_preference() const {
    std::vector<handle> order;
    for (const carrier& each : options_.links)
      order.insert(each.name == in_use_.link ? order.begin() : order.end(), each.link);
    return order;
  }

  /// A reversal may arrive twice: where it was not sent the next link is taken.
  void reverse_over(std::vector<handle> order, const payment::reverse_attempt& asked,
                    const iso8583::message& message, std::uint64_t caller) {
    const handle link = order.front();
    order.erase(order.begin());
    carry(
        self_, link,
        device::forward{.id = id_of(asked.attempt), .what = message, .deadline = asked.deadline},
        [asked](const iso8583::message& answer) { return answer_to_reversal(answer, asked); },
        [me = shared_from_this(), order = std::move(order), asked, message,
         caller](const meaning& what) mutable {
          if (what.answer.what == attempt_event::not_sent && !order.empty())
            return me->reverse_over(std::move(order), asked, message, caller);
          me->callers_.answer(caller, what.answer);
        });
  }

  template <class Answer>
  caf::response_promise not_told() const {
    auto promise = self_->make_response_promise();
    Answer answer;
    answer.was_sent = false;
    promise.deliver(std::move(answer));
    return promise;
  }

  template <class Answer>
  using meaning_in = Answer (*)(const device::outcome&);

  /// Sends what may arrive twice, and answers with what `read` says of its outcome.
  template <class Answer>
  caf::response_promise tell(const device::forward& message, meaning_in<Answer> read,
                             callers<Answer>& asked_by) {
    auto promise = self_->make_response_promise();
    tell_over(by_preference(), message, read, asked_by, asked_by.add(promise));
    return promise;
  }

  /// Where it was not sent the next link is taken.
  template <class Answer>
  void tell_over(std::vector<handle> order, const device::forward& message, meaning_in<Answer> read,
                 callers<Answer>& asked_by, std::uint64_t caller) {
    const handle link = order.front();
    order.erase(order.begin());
    const auto told = [=, me = shared_from_this(), &asked_by](Answer answer) {
      if (!answer.was_sent && !order.empty())
        return me->tell_over(order, message, read, asked_by, caller);
      asked_by.answer(caller, std::move(answer));
    };
    const duration patience = message.deadline - now() + std::chrono::seconds{1};
    self_->request(link.current(), patience, message)
        .then([told, read](const device::transmitted& done) { told(read(done.outcome)); },
              [told](const caf::error& why) {
                Answer answer;
                answer.was_sent = error_of(why).code != errc::unavailable;
                told(std::move(answer));
              });
  }

  caf::event_based_actor* self_;
  route_options options_;
  use_link in_use_{};
  routing::breaker breaker_;
  std::vector<waiting> waiting_; // Plans that want a newer grant.
  callers<acquirer_answer> callers_;
  callers<payment::advice_answer> advised_;
  callers<payment::totals_answer> compared_;
};

} // namespace

caf::behavior acquirer_route(caf::event_based_actor* self, const route_options& options) {
  auto owned = std::make_shared<route>(self, options);
  const std::weak_ptr life = owned;
  self->attach_functor([owned]() mutable {
    owned->end();
    owned.reset();
  });
  const auto ended = [self] {
    auto promise = self->make_response_promise();
    promise.deliver(to_caf({errc::unavailable, "it ends"}));
    return promise;
  };
  return {
      [=](const payment::plan_attempt& asked) {
        const auto alive = life.lock();
        return alive ? alive->plan(asked) : ended();
      },
      [=](const payment::authorize_attempt& asked) {
        const auto alive = life.lock();
        return alive ? alive->authorize(asked) : ended();
      },
      [=](const payment::reverse_attempt& asked) {
        const auto alive = life.lock();
        return alive ? alive->reverse(asked) : ended();
      },
      [=](const payment::send_advice& asked) {
        const auto alive = life.lock();
        return alive ? alive->advise(asked) : ended();
      },
      [=](const payment::compare_totals& asked) {
        const auto alive = life.lock();
        return alive ? alive->compare(asked) : ended();
      },
      [=](const use_link& what) {
        const auto alive = life.lock();
        return alive ? alive->use(what) : route_figures{};
      },
  };
}

caf::behavior acquirer_actor(caf::event_based_actor* self, const handle& link,
                             const profile& with) {
  return acquirer_route(self, {.known_as = with, .links = {{"", link}}, .breaker = {}});
}

} // namespace ducat::acquiring
