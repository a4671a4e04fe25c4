#include "payment/run.hpp"

#include <ducat/durable.hpp>
#include <ducat/payment/doubt_actor.hpp>

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace ducat::payment {

namespace {

/// Sent by the actor to itself.
struct look {};

} // namespace
} // namespace ducat::payment

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::look)

namespace ducat::payment {
namespace {

constexpr duration ledger_timeout = std::chrono::seconds{5};

/// The longest wait before a reversal that was not accepted is asked for again.
constexpr duration pause_max = std::chrono::seconds{60};

log_time wall_clock() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(since).count())};
}

/// The state of one life.
class doubts : public std::enable_shared_from_this<doubts> {
public:
  doubts(caf::event_based_actor* self, handle ledger, doubt_options options)
      : self_{self}, ledger_{std::move(ledger)}, options_{std::move(options)} {}

  /// Asks what is open, and comes back later in any case.
  void look_around() {
    v1::Question question;
    question.mutable_open_attempts();
    self_->request(ledger_.current(), ledger_timeout, query{question.SerializeAsString()})
        .then([me = shared_from_this()](const answer& told) { me->act_on(told); },
              [me = shared_from_this()](const caf::error&) { me->look_later(); });
  }

private:
  /// A reversal that was asked for. The first of this life may be a repeat of one of the life
  /// before: acquirers know both.
  struct asked {
    bool is_under_way = false;
    std::uint32_t times = 0;
    duration pause{0};
    time_point not_before{};
  };

  void act_on(const answer& told) {
    look_later();
    v1::Outcome outcome;
    if (!outcome.ParseFromString(told.text))
      return;
    const v1::OpenAttempts& open = outcome.open_attempts();
    forget_all_but(open);
    const log_time now = clock();
    if (open.next_deadline_ns() != 0 && open.next_deadline_ns() <= now.nanoseconds)
      pass_time(now);
    waiting_.clear();
    for (const v1::OpenAttempt& each : open.data())
      if (each.attempt().state() != v1::Attempt::SENT)
        waiting_[each.attempt().link()].push_back(each);
    for (const card_route& each : options_.routes.links)
      reverse_next(each);
  }

  log_time clock() const { return options_.now ? options_.now() : wall_clock(); }

  /// Others may have brought an attempt to its end.
  void forget_all_but(const v1::OpenAttempts& open) {
    std::set<std::string> all;
    for (const v1::OpenAttempt& each : open.data())
      all.insert(each.attempt().id());
    std::erase_if(asked_, [&](const auto& each) {
      return !each.second.is_under_way && !all.contains(each.first);
    });
  }

  void look_later() { self_->delayed_send(self_, options_.look_every, look{}); }

  void pass_time(log_time now) {
    v1::Command command;
    command.mutable_pass_time()->set_to_ns(now.nanoseconds);
    commit(command);
  }

  /// What becomes of it is seen at the next look.
  void commit(const v1::Command& command) {
    self_
        ->request(ledger_.current(), ledger_timeout,
                  ducat::commit{.command = command.SerializeAsString(), .token = {}})
        .then([](const committed&) {}, [](const caf::error&) {});
  }

  /// As many as may be under way. Each answer makes room for the next one: none waits for a look.
  void reverse_next(const card_route& over) {
    std::deque<v1::OpenAttempt>& all = waiting_[over.link];
    while (!all.empty() && under_way_[over.link] < options_.under_way_max) {
      const v1::OpenAttempt next = std::move(all.front());
      all.pop_front();
      reverse(over, next, clock());
    }
  }

  /// Asks for it, unless it was asked for just now. One that is refused again and again is asked
  /// for less and less often, so that it keeps no other waiting.
  void reverse(const card_route& over, const v1::OpenAttempt& open, log_time now) {
    asked& state = asked_[open.attempt().id()];
    if (state.is_under_way || self_->clock().now() < state.not_before)
      return;
    state.is_under_way = true;
    ++under_way_[over.link];
    const auto heard = [me = shared_from_this(), open, over](const acquirer_answer& told) {
      me->note_answer(open, told);
      me->reverse_next(over);
    };
    const std::uint64_t sent_at = open.attempt().sent_at_ns();
    self_
        ->request(over.acquirer.current(), options_.answer_timeout,
                  reverse_attempt{.attempt = attempt_of(open.attempt()),
                                  .currency = open.currency(),
                                  .is_repeat = state.times++ > 0,
                                  .since_sent =
                                      std::chrono::nanoseconds{now.nanoseconds -
                                                               std::min(now.nanoseconds, sent_at)},
                                  .deadline = self_->clock().now() + options_.answer_timeout})
        .then(heard, [heard](const caf::error&) { heard({}); });
  }

  void note_answer(const v1::OpenAttempt& open, const acquirer_answer& told) {
    --under_way_[open.attempt().link()];
    asked& state = asked_[open.attempt().id()];
    state.is_under_way = false;
    if (told.what == attempt_event::reversal_accepted) {
      state.not_before = self_->clock().now() + ledger_timeout; // Until that is in the log.
      return note_accepted(open, told);
    }
    state.pause = std::min<duration>(
        pause_max, state.pause == duration::zero() ? options_.look_every : 2 * state.pause);
    state.not_before = self_->clock().now() + state.pause;
  }

  void note_accepted(const v1::OpenAttempt& open, const acquirer_answer& told) {
    v1::Command command;
    command.set_by(options_.routes.by);
    auto& resolve = *command.mutable_resolve_attempt();
    resolve.set_payment_id(open.payment_id());
    resolve.set_attempt(open.number());
    resolve.set_event(v1::ResolveAttempt::REVERSAL_ACCEPTED);
    resolve.set_response_code(told.response_code);
    commit(command);
  }

  caf::event_based_actor* self_;
  handle ledger_;
  doubt_options options_;
  std::map<std::string, asked> asked_;           ///< Attempts whose reversal this life asked for.
  std::map<std::string, std::size_t> under_way_; ///< How many have no answer yet, by link.
  std::map<std::string, std::deque<v1::OpenAttempt>> waiting_; ///< Found at the last look, by link.
};

} // namespace

caf::behavior doubt_actor(caf::event_based_actor* self, const handle& ledger,
                          const doubt_options& options) {
  auto state = std::make_shared<doubts>(self, ledger, options);
  self->attach_functor([state]() mutable { state.reset(); });
  state->look_around();
  return {
      [state = std::weak_ptr{state}](look) {
        if (const auto alive = state.lock())
          alive->look_around();
      },
  };
}

} // namespace ducat::payment
