// What a proof needs to know of a flow: what runs, what is asked, what must hold.
// The part between the markers is the listing in docs/crash-injection.md; a test keeps the two the
// same.

#include "tip_flows.hpp"

#ifndef DUCAT_TESTING
#define DUCAT_TESTING
#endif
#include "first_payment.cpp"

#include <ducat/durable.hpp>
#include <ducat/v1/machine.pb.h>

namespace {

void open_account(ducat::testing::sim_cluster& on, const std::string& id, bool overdraft) {
  ducat::v1::Command command;
  command.mutable_open_account()->set_id(id);
  command.mutable_open_account()->set_currency("EUR");
  command.mutable_open_account()->set_overdraft(overdraft);
  std::ignore =
      on.ask<ducat::committed>("node1", "ledger", ducat::commit{command.SerializeAsString()});
}

pay::pay tip(ducat::time_point deadline) {
  pay::pay made{.first = {}, .deadline = deadline};
  auto& create = *made.first.mutable_create_payment();
  create.set_idempotency_key("tip-1");
  create.set_from("guest");
  create.set_to("waiter");
  create.set_amount(250);
  create.set_currency("EUR");
  return made;
}

std::string text_of(const pay::paid& done) {
  return ducat::v1::Payment::State_Name(done.outcome.payment().state());
}

/// Returns what the waiter has, as a node says; empty if it does not.
std::string balance(ducat::testing::sim_cluster& on, const std::string& node) {
  ducat::v1::Question question;
  question.mutable_account()->set_id("waiter");
  const auto told =
      on.ask<ducat::answer>(node, "ledger", ducat::query{question.SerializeAsString()});
  ducat::v1::Outcome outcome;
  return told && outcome.ParseFromString(told->text) ? std::to_string(outcome.account().balance())
                                                     : "";
}

} // namespace

// [listing]
ducat::testing::flow tips_flow() {
  using namespace ducat::testing;
  return {.name = "Tips",
          .maker = "tips_flow",
          .describe = tips,
          .prepare =
              [](sim_cluster& on) {
                open_account(on, "guest", true);
                open_account(on, "waiter", false);
              },
          .requests = {ask_for<pay::paid>("tip-1", "tips", tip, text_of)},
          .view = balance,
          .claims = {{"the waiter has it once", [](sim_cluster& on) {
                        const std::string has = balance(on, "node1");
                        return has == "250" ? "" : "the waiter has " + has;
                      }}}};
}

// [listing]

namespace {

/// Wrong: it tells of what is not in the log yet.
caf::behavior hasty_jar(caf::event_based_actor* self, const ducat::handle& ledger) {
  return {[=](const pay::pay& what) {
    pay::run_steps(
        self, ledger, what, [](const ducat::v1::Command&) {},
        [](const ducat::result<pay::paid>&) {});
    pay::paid thanks;
    thanks.outcome.mutable_payment()->set_state(ducat::v1::Payment::CAPTURED);
    return thanks;
  }};
}

void hasty_tips(ducat::node& node) {
  const auto ledger = node.replicate("ledger", pay::make_machine);
  node.supervise({.strategy = ducat::one_for_one, .restarts_max = 5, .window = 10s},
                 {{.id = "tips",
                   .start = ducat::start(hasty_jar, ledger),
                   .pool = ducat::pool_spec{.size = 8, .policy = ducat::route::least_requests}}});
}

} // namespace

ducat::testing::flow hasty_tips_flow() {
  ducat::testing::flow made = tips_flow();
  made.name = "HastyTips";
  made.maker = "hasty_tips_flow";
  made.describe = hasty_tips;
  return made;
}
