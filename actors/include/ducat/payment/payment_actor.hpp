/// The payment actor: takes a payment through its steps, each decided, committed and then acted on.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/durable.hpp>
#include <ducat/error.hpp>
#include <ducat/handle.hpp>
#include <ducat/log.hpp>
#include <ducat/payment/attempt.hpp>
#include <ducat/payment/card.hpp>
#include <ducat/time.hpp>
#include <ducat/tracer.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::payment {

/// A way to an acquirer: the name that attempts carry, and who answers authorize_attempt.
struct card_route {
  std::string link;
  handle acquirer;
  bool has_plan = false; ///< It answers plan_attempt, too, and is asked that before each attempt.
  asked_for asks = asked_for::financial;
};

/// Tried in order; the next one only after a decline that says so, a proof that nothing was sent,
/// or an accepted reversal.
struct card_routes {
  std::vector<card_route> links{};
  duration answer_timeout = std::chrono::seconds{30}; ///< Then an attempt is in doubt.
  std::string by{};                        ///< In timelines: the node. Each life adds its name.
  std::string node{};                      ///< Whose links those are.
  std::shared_ptr<trace::tracer> traces{}; ///< Of the node; null: nothing is traced.
};

/// Asks a payment actor to run a request to its end: `first` is its first step, and a creation goes
/// on to authorise and, if automatic, capture. Answered with `paid`.
/// Errors: outcome_unknown (retry with the same key), deadline_exceeded and unavailable (nothing
/// was done). Sending it again, even at the same time to another worker, has no second effect.
struct pay {
  v1::Command first;
  time_point deadline;
  std::optional<pan> card{}; ///< Of a card payment: all of what first.card() shows masked.
  sensitive security_code{};
  std::optional<trace::context> trace{}; ///< The place in a trace of whoever asks.
};

/// The outcome of the last step, with the receipt of the entry that holds the request's newest
/// effect. Its index is 0 if there is none (a refusal), or if another run wrote that entry: then
/// outcome.index() names it.
struct paid {
  v1::Outcome outcome;
  ducat::receipt receipt;
};

/// Commits one step of a payment: asks `ledger`, the durable actor of the payment machine, and
/// calls `done` as `self` when the step is durable or refused (an error inside paid::outcome), or
/// when that cannot be known. Errors: unavailable (nothing was done), epoch_lost (of the step's
/// token: nothing was done), outcome_unknown (commit the same step again: it has no second effect).
void commit_step(caf::event_based_actor* self, const handle& ledger, const commit& step,
                 duration timeout, std::function<void(result<paid>)> done);

/// Returns the step that follows `done`, given its outcome; nothing when the request is finished
/// (or refused). Only a creation has steps that follow. Pure.
std::optional<v1::Command> step_after(const v1::Command& done, const v1::Outcome& outcome);

/// Takes a request through its steps: decide, commit, act. A step whose outcome is unknown is
/// committed again some times, which has no second effect. Calls `acted` as `self` after each step
/// that had an effect, and `finished` once, with what `pay` is answered. If `acted` throws, the
/// actor dies and the request is where the log has it: whoever runs it again goes on from there.
/// Of a redundancy group `token` is what the actor was `granted`. If another grant is newer by then
/// `finished` is not called: the actor is about to end, and the router gives the request on.
/// Steps are parts of `span`, which is the caller's to end.
void run_steps(caf::event_based_actor* self, const handle& ledger, const pay& request,
               std::function<void(const v1::Command& step)> acted,
               std::function<void(result<paid>)> finished,
               const std::optional<fencing_token>& token = {}, const card_routes& routes = {},
               const trace::span_ptr& span = {});

/// A payment actor keeps nothing: any life of any worker can take any step. `ledger` is the handle
/// of the durable actor that owns the payment machine.
caf::behavior payment_actor(caf::event_based_actor* self, const handle& ledger);

/// The same, and card payments go over `routes`.
caf::behavior card_payment_actor(caf::event_based_actor* self, const handle& ledger,
                                 const card_routes& routes);

} // namespace ducat::payment

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::pay)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::paid)
