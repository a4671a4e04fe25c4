#include "settlement/exception_actor.hpp"

#include <ducat/durable.hpp>
#include <ducat/v1/machine.pb.h>
#include <ducat/wall_clock.hpp>

#include <caf/event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace ducat::settlement {

namespace {

/// Sent by the actor to itself: its time may be up.
struct look_at_time {};

} // namespace
} // namespace ducat::settlement

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::settlement::look_at_time)

namespace ducat::settlement {
namespace {

/// What the actor knows; it does not change.
struct watched_exception {
  handle ledger;
  v1::SettlementException facts;
  exception_watch_options options;
};

void wait(caf::event_based_actor* self, duration how_long) {
  self->delayed_send(self, how_long, look_at_time{});
}

/// Commits a step and has `then` called if the exception is open, and the step done. If nobody
/// knows, it is tried again later: a step that was done is not done twice.
void commit_step(caf::event_based_actor* self, const watched_exception& of,
                 const v1::SettlementExceptionCommand& step,
                 const std::function<void(const v1::SettlementException& told)>& then) {
  v1::Command command;
  *command.mutable_settlement_exception() = step;
  const duration again = of.options.look_every;
  self->request(of.ledger.current(), exception_ledger_timeout,
                commit{.command = command.SerializeAsString(), .token = {}})
      .then(
          [=](const committed& done) {
            v1::Outcome outcome;
            if (!outcome.ParseFromString(done.reply))
              return wait(self, again);
            if (outcome.has_error())
              return outcome.error().code() == "exception_not_due" ? wait(self, again)
                                                                   : self->quit();
            if (outcome.settlement_exceptions().data().empty())
              return wait(self, again);
            then(outcome.settlement_exceptions().data(0));
          },
          [=](const caf::error&) { wait(self, again); });
}

/// Does what the rule says about an exception whose time is up.
void follow_rule(caf::event_based_actor* self, const watched_exception& of) {
  if (of.facts.rule() != v1::ACCEPT_AT_DUE)
    return;
  v1::SettlementExceptionCommand step;
  step.mutable_dispose()->set_id(of.facts.id());
  step.mutable_dispose()->set_how(v1::ACCEPTED);
  step.mutable_dispose()->set_reason("its time is up");
  step.mutable_dispose()->set_by("rule");
  commit_step(self, of, step, [self](const auto&) { self->quit(); });
}

void raise_alarm(caf::event_based_actor* self, const watched_exception& of, log_time now) {
  v1::SettlementExceptionCommand step;
  step.mutable_alarm()->set_id(of.facts.id());
  step.mutable_alarm()->set_at_ns(now.nanoseconds);
  commit_step(self, of, step, [=](const v1::SettlementException& told) {
    spdlog::warn("settlement_exception_due id={} currency={} window={} class={} owner={}",
                 told.id(), told.currency(), told.difference().window(),
                 v1::SettlementDifference::Class_Name(told.difference().what()), told.owner());
    follow_rule(self, of);
  });
}

void look(caf::event_based_actor* self, const watched_exception& of) {
  const log_time now = now_of(of.options);
  const log_time due{of.facts.due_at_ns()};
  if (due <= now)
    return raise_alarm(self, of, now);
  const std::chrono::nanoseconds left{due.nanoseconds - now.nanoseconds};
  wait(self, std::min<duration>(left, of.options.look_every));
}

caf::behavior watch_exception(caf::event_based_actor* self, const watched_exception& of) {
  if (of.facts.due_at_ns() != 0)
    look(self, of);
  return {[=](look_at_time) { look(self, of); }};
}

} // namespace

log_time now_of(const exception_watch_options& options) {
  return options.now ? options.now() : wall_clock();
}

child_start exception_actor(const handle& ledger, const v1::SettlementException& facts,
                            const exception_watch_options& options) {
  return start(watch_exception, watched_exception{ledger, facts, options});
}

} // namespace ducat::settlement
