/// A terminal's actor: asks the payments as terminal_core says, and answers.

#include "gateway/codes.hpp"
#include "gateway/fault_points.hpp"
#include "gateway/terminal_core.hpp"

#include <ducat/gateway/terminal.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/router.hpp>

#include <caf/event_based_actor.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ducat::gateway {

namespace {

/// Sent by the actor to itself: the step of that key is to be tried again.
struct again {
  std::string key;
};

} // namespace
} // namespace ducat::gateway

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::gateway::again)

namespace ducat::gateway {
namespace {

/// The pool answers by itself; this is for one that does not.
constexpr duration grace = std::chrono::seconds{1};

class desk_of_one : public std::enable_shared_from_this<desk_of_one> {
public:
  desk_of_one(caf::event_based_actor* self, const terminal_profile& profile, handle payments,
              const terminal_options& options)
      : self_{self}, payments_{std::move(payments)}, options_{options},
        core_{profile, options.in_flight_max} {}

  void hear(const heard& message) {
    last_ = message.from;
    reaction made = core_.take(message.what, {.is_signed_on = message.from->is_signed_on});
    if (made.sign_on)
      message.from->is_signed_on = *made.sign_on;
    if (made.answer)
      message.from->send(*made.answer);
    if (!made.wait_for.empty())
      runs_.at(made.wait_for)
          .waiting.push_back({message.from, answer_to(message.what), message.turn});
    if (made.begin)
      begin(std::move(*made.begin), message);
  }

  /// Has the step of a run taken, unless the run is over.
  void take_step(const std::string& key) {
    const auto found = runs_.find(key);
    if (found == runs_.end())
      return;
    run& r = found->second;
    ++r.tries;
    const payment::pay what{.first = r.step, .deadline = r.deadline, .card = r.what.card};
    self_
        ->request(payments_.current(), r.deadline - self_->clock().now() + grace,
                  make_routed(r.deadline, what))
        .then([me = shared_from_this(),
               key](const payment::paid& done) { me->go_on(key, done.outcome); },
              [me = shared_from_this(), key](const caf::error&) { me->try_again(key); });
  }

  terminal_figures figures() const {
    terminal_figures made = core_.figures();
    const bool is_connected = last_ != nullptr && last_->is_open();
    made.state = core_.state(is_connected, {.is_signed_on = is_connected && last_->is_signed_on});
    return made;
  }

private:
  enum class phase : std::uint8_t { first, capturing, giving_up };

  struct waiter {
    std::shared_ptr<peer> to;
    iso8583::message begun; ///< The answer without its outcome.
    std::shared_ptr<void> turn;
  };

  struct run {
    order what;
    std::vector<waiter> waiting;
    v1::Command step;
    time_point deadline;
    std::shared_ptr<void> room{}; ///< Null: it needs none.
    phase now = phase::first;
    int tries = 0;              ///< Of the step.
    bool is_taken_back = false; ///< Meanwhile, by a reversal that was accepted.
  };

  void begin(order what, const heard& asked) {
    std::shared_ptr<void> room;
    if (options_.door && what.kind == request_kind::payment)
      room = options_.door(core_.profile().to);
    if (options_.door && !room && core_.may_be_turned_away(what)) {
      core_.turned_away(what.key);
      return asked.from->send(refusal(asked.what, code::not_available));
    }
    before_payment.hit();
    const std::string key = what.key;
    const bool is_long = what.kind == request_kind::payment;
    run made{.what = std::move(what),
             .waiting = {{asked.from, answer_to(asked.what), asked.turn}},
             .step = {},
             .deadline =
                 self_->clock().now() + (is_long ? options_.answer_timeout : options_.step_timeout),
             .room = std::move(room)};
    made.step = made.what.command;
    made.step.set_by(options_.by);
    runs_.emplace(key, std::move(made));
    take_step(key);
  }

  void begin_phase(run& r, phase next, v1::Command step) {
    r.now = next;
    r.step = std::move(step);
    r.step.set_by(options_.by);
    r.tries = 0;
    r.deadline = self_->clock().now() + options_.step_timeout;
    take_step(r.what.key);
  }

  void give_up(run& r) { begin_phase(r, phase::giving_up, given_up(r.what, core_.profile())); }

  void go_on(const std::string& key, const v1::Outcome& outcome) {
    const auto found = runs_.find(key);
    if (found == runs_.end())
      return;
    run& r = found->second;
    if (r.now == phase::capturing && outcome.has_error()) // It was taken back meanwhile.
      return give_up(r);
    const verdict says = r.now == phase::giving_up
                             ? verdict_on_given_up(outcome, core_.profile())
                             : verdict_on(r.what.kind, outcome, core_.profile());
    switch (says.what) {
    case verdict::kind::answer:
      return answer(key, says);
    case verdict::kind::take_back:
      return give_up(r);
    case verdict::kind::capture:
      return begin_phase(r, phase::capturing, capture_of_part(r.what));
    case verdict::kind::silence:
      return end_unanswered(key);
    }
  }

  /// Nobody knows what the step came to. Taken again it has no second effect. A payment that cannot
  /// be known is given up in the log before the terminal is told so.
  void try_again(const std::string& key) {
    const auto found = runs_.find(key);
    if (found == runs_.end())
      return;
    run& r = found->second;
    const bool has_time = self_->clock().now() + options_.pause < r.deadline;
    if (r.tries < options_.tries_max && has_time)
      return self_->delayed_send(self_, options_.pause * (1 << (r.tries - 1)), again{key});
    if (r.what.kind == request_kind::payment && r.now != phase::giving_up)
      return give_up(r);
    end_unanswered(key);
  }

  void answer(const std::string& key, verdict says) {
    before_answer.hit();
    const auto ended = runs_.extract(key);
    if (ended.mapped().is_taken_back) // Its approval was on its way when it was taken back.
      says = verdict_on_taken_back(says);
    if (ended.mapped().what.kind == request_kind::reversal && is_approval(says))
      if (const auto original = runs_.find(original_of(ended.mapped().what));
          original != runs_.end())
        original->second.is_taken_back = true;
    core_.finished(key, true, says.code);
    for (const waiter& each : ended.mapped().waiting)
      each.to->send(completed(each.begun, says));
    after_answer.hit();
  }

  void end_unanswered(const std::string& key) {
    runs_.erase(key);
    core_.finished(key, false, {});
  }

  caf::event_based_actor* self_;
  handle payments_;
  terminal_options options_;
  terminal_core core_;
  std::map<std::string, run> runs_; ///< By key.
  std::shared_ptr<peer> last_;      ///< Where it was heard last.
};

caf::behavior terminal_actor(caf::event_based_actor* self, const terminal_profile& profile,
                             const handle& payments, const terminal_options& options) {
  auto state = std::make_shared<desk_of_one>(self, profile, payments, options);
  self->attach_functor([state]() mutable { state.reset(); });
  const std::weak_ptr<desk_of_one> weak = state;
  return {
      [weak](const heard& message) {
        if (const auto alive = weak.lock())
          alive->hear(message);
      },
      [weak](const again& what) {
        if (const auto alive = weak.lock())
          alive->take_step(what.key);
      },
      [weak](query_terminal) {
        const auto alive = weak.lock();
        return alive ? alive->figures() : terminal_figures{};
      },
  };
}

} // namespace

child_start terminal(const terminal_profile& profile, const handle& payments,
                     const terminal_options& options) {
  return start(terminal_actor, profile, payments, options);
}

} // namespace ducat::gateway
