#include "sim/sim_payments.hpp"

#include "sim/answer_of.hpp"
#include "sim/sim_world.hpp"

#include <ducat/durable.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/payment/records.hpp>
#include <ducat/router.hpp>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <utility>

namespace ducat::cli {

using namespace std::chrono_literals;
using testing::sim_cluster;

namespace {

constexpr duration patience = 2s; ///< Of one attempt.
constexpr duration look_every = 5ms;
constexpr duration doubt_pause = 500ms; ///< Until it is asked again what became of a card payment.
constexpr std::uint64_t payers = 4;

/// Between two payments, at most: many are in one entry, or they go on for as long as things break.
constexpr std::uint64_t close_ns = 6'000'000;
constexpr std::uint64_t apart_ns = 36'000'000;

const std::string purse = "purse";

std::string payer(std::uint64_t number) {
  return "payer" + std::to_string(number); // The first one is sim_payer.
}

payment::pay pay_of(const client_request& what, time_point deadline) {
  payment::pay made{.first = what.command, .deadline = deadline};
  if (what.is_by_card)
    made.card = payment::pan::parse(simulated_card).value();
  return made;
}

/// Returns whether it is known only later what becomes of it.
bool is_in_doubt(const v1::Outcome& outcome) {
  return outcome.error().retry() == v1::Error::AFTER_REVERSAL ||
         payment::is_pending(static_cast<payment::state>(outcome.payment().state()));
}

} // namespace

// What is asked ----------------------------------------------------------------------------------

/// Half of them are captured at once; of the others some are captured in part, voided or refunded.
/// Some are paid from and to an account that may not owe, so that some of those are declined.
sim_payments::request sim_payments::draw_payment() {
  const std::string key = "k" + std::to_string(++payments_);
  const auto amount = static_cast<std::int64_t>(10 + on_.draw(90));
  const std::uint64_t kind = on_.draw(6);
  const bool is_manual = kind == 3 || kind == 4;
  const std::uint64_t way = on_.draw(4);
  const std::string from = way == 0 ? purse : payer(on_.draw(payers));
  request made{payment_request({.key = key,
                                .from = from,
                                .to = way == 1 ? purse : sim_payee,
                                .amount = amount,
                                .is_manual = is_manual,
                                .is_by_card = by_card_ && on_.draw(2) == 0})};
  if (kind == 3)
    made.next.push_back({change_request(operation_kind::capture, key, amount / 2)});
  else if (kind == 4)
    made.next.push_back({change_request(operation_kind::void_payment, key, 0)});
  else if (kind == 5)
    made.next.push_back({change_request(operation_kind::refund, key, amount / 2)});
  return made;
}

void sim_payments::begin(std::uint64_t count) {
  is_begun_ = true;
  pause_max_ns_ = on_.draw(2) == 0 ? close_ns : apart_ns;
  left_ = count;
  ask({account_request(sim_payee, true)}); // A merchant may owe.
  ask({account_request(purse, false)});
  for (std::uint64_t i = 0; i < payers; ++i)
    ask({account_request(payer(i), true)});
  pay_next();
}

void sim_payments::pay_next() {
  on_.after(duration{static_cast<duration::rep>(on_.draw(pause_max_ns_))}, [this] {
    if (open_ == 0 || payments_ > 0) { // The accounts are open.
      if (left_ == 0)
        return;
      --left_;
      ask(draw_payment());
    }
    pay_next();
  });
}

// Asking -----------------------------------------------------------------------------------------

void sim_payments::ask(request what) {
  ++open_;
  attempt(std::make_shared<const request>(std::move(what)));
}

void sim_payments::attempt(const kept_request& what) {
  add_invocation(record_, what->id, what->body);
  const std::string& node = on_.nodes()[on_.draw(on_.nodes().size())];
  const time_point deadline = on_.now() + patience;
  if (what->id.kind == operation_kind::account)
    return wait_for(
        what, node,
        on_.ask_later(node, "ledger", caf::make_message(commit{what->command.SerializeAsString()})),
        deadline + patience);
  wait_for(what, node,
           on_.ask_later(node, "payments",
                         caf::make_message(make_routed(deadline, pay_of(*what, deadline)))),
           deadline + patience);
}

/// Whoever ends while it has the request answers nobody.
void sim_payments::wait_for(const kept_request& what, const std::string& node,
                            const sim_cluster::pending& answer, time_point until) {
  on_.after(look_every, [this, what, node, answer, until] {
    if (answer->has_value())
      return take(what, node, **answer);
    on_.now() < until ? wait_for(what, node, answer, until)
                      : again(what, call_outcome::unknown, look_every);
  });
}

void sim_payments::take(const kept_request& what, const std::string& node,
                        const result<caf::message>& answer) {
  if (!answer && answer.error().code == errc::outcome_unknown)
    return again(what, call_outcome::unknown, look_every);
  const bool may_leave_it = !what->is_repeat && what->id.kind != operation_kind::account;
  if (!answer)
    return may_leave_it && on_.draw(2) == 0 ? leave_it(what, answer.error())
                                            : again(what, call_outcome::not_done, look_every);
  if (answer->match_elements<payment::paid>()) {
    const auto& paid = answer->get_as<payment::paid>(0);
    return take_outcome(what, node, paid.outcome, paid.receipt);
  }
  const auto& done = answer->get_as<committed>(0);
  v1::Outcome outcome;
  outcome.ParseFromString(done.reply);
  take_outcome(what, node, outcome, done.receipt);
}

void sim_payments::take_outcome(const kept_request& what, const std::string& node,
                                const v1::Outcome& outcome, const receipt& proof) {
  if (proof.index == 0 && outcome.index() != 0)
    return locate_then_take(what, node, outcome);
  finish(what, outcome, proof);
}

/// Another run wrote the entry: the receipt is asked for.
void sim_payments::locate_then_take(const kept_request& what, const std::string& node,
                                    const v1::Outcome& outcome) {
  wait_for_receipt(
      what, outcome,
      on_.ask_later(node, "ledger", caf::make_message(locate{.index = outcome.index()})),
      on_.now() + patience);
}

void sim_payments::wait_for_receipt(const kept_request& what, const v1::Outcome& outcome,
                                    const sim_cluster::pending& answer, time_point until) {
  if (!answer->has_value() && on_.now() >= until)
    return again(what, call_outcome::unknown, look_every);
  if (!answer->has_value())
    return on_.after(look_every, [this, what, outcome, answer, until] {
      wait_for_receipt(what, outcome, answer, until);
    });
  if (!**answer && (**answer).error().code == errc::not_found) // It was trimmed away meanwhile.
    return finish(what, outcome, {outcome.index(), on_.log().at(outcome.index() - 1).hash});
  if (!(*answer)->has_value() || !(**answer)->match_elements<log_position>())
    return again(what, call_outcome::unknown, look_every);
  finish(what, outcome, (**answer)->get_as<log_position>(0).receipt);
}

void sim_payments::again(const kept_request& what, call_outcome why, duration pause) {
  unknown_ += why == call_outcome::unknown ? 1 : 0;
  add_answer(record_, what->id, {.outcome = why});
  request repeated = *what;
  repeated.is_repeat = true;
  on_.after(pause,
            [this, kept = std::make_shared<const request>(std::move(repeated))] { attempt(kept); });
}

/// Nothing was done, and nobody has asked for it before: it is not to be in the log, ever.
void sim_payments::leave_it(const kept_request& what, const error& why) {
  add_answer(record_, what->id,
             {.outcome = call_outcome::refused, .error = std::string{to_string(why.code)}});
  --open_;
}

void sim_payments::finish(const kept_request& what, const v1::Outcome& outcome,
                          const receipt& proof) {
  if (outcome.error().type() == v1::Error::UNAVAILABLE ||
      outcome.error().type() == v1::Error::UNKNOWN_OUTCOME)
    return again(what, call_outcome::unknown, look_every);
  if (is_in_doubt(outcome))
    return again(what, call_outcome::unknown, doubt_pause);
  const call_answer answer = answer_of(outcome, proof);
  add_answer(record_, what->id, answer);
  on_.note(what->id.key + " " + std::string{to_string(answer.outcome)} + " " + answer.state);
  if (answer.is_acknowledgement()) {
    newest_acknowledged_ = std::max(newest_acknowledged_, answer.index);
    probe(*what);
  }
  for (const request& each : what->next)
    ask(each);
  --open_;
}

} // namespace ducat::cli
