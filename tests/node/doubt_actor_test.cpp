/// The actor that brings to an end what is in doubt: how many reversals it asks for at a time.

#include "support/payment_commands.hpp"

#include <ducat/durable.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/acquirer.hpp>
#include <ducat/payment/doubt_actor.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/testing.hpp>

#include <caf/event_based_actor.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace ducat::payment {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;

caf::behavior accepting_acquirer(caf::event_based_actor*) {
  return {[](const reverse_attempt&) {
    return acquirer_answer{.what = attempt_event::reversal_accepted, .response_code = "00"};
  }};
}

/// A node with an acquirer that accepts every reversal, one at a time, and an actor that looks
/// once.
class doubting_node : public local_node {
public:
  doubting_node() : local_node{describe} {
    for (const char* id : {"world", "shop"})
      commit(open_account(id, true));
  }

  void leave_in_doubt(const std::string& key) {
    commit(create_card_payment(key, 100));
    commit(send_attempt(payment_id_of(key)));
    commit(resolve_attempt(payment_id_of(key), v1::ResolveAttempt::IN_DOUBT));
  }

  int open_attempts() {
    v1::Question question;
    question.mutable_open_attempts();
    v1::Outcome told;
    EXPECT_TRUE(told.ParseFromString(
        ask<answer>("ledger", query{question.SerializeAsString()}).value().text));
    return told.open_attempts().data_size();
  }

private:
  static void describe(node& n) {
    const handle ledger = n.replicate("ledger", make_machine);
    const doubt_options options{
        .routes = {.links = {{"acme", n.find("acme")}}}, .look_every = 1h, .under_way_max = 1};
    n.supervise({.strategy = one_for_one, .restarts_max = 10, .window = 10s},
                {{.id = "acme", .start = ducat::start(accepting_acquirer)},
                 {.id = "doubts", .start = ducat::start(doubt_actor, ledger, options)}});
  }

  void commit(const v1::Command& command) {
    (void)ask<committed>("ledger", ducat::commit{command.SerializeAsString()}).value();
  }
};

// What waits for an answer to another reversal does not wait for the next look, too.
TEST(DoubtActor, AnAnswerMakesRoomForTheNextReversal) {
  doubting_node node;
  for (const char* key : {"a", "b", "c", "d", "e"})
    node.leave_in_doubt(key);
  node.crash("doubts"); // The next life looks as it begins.
  while (node.open_attempts() != 0)
    std::this_thread::yield();
}

} // namespace
} // namespace ducat::payment
