/// A node with a ledger and a pool of payment actors, and short ways to pay on it.
#pragma once

#include "support/payment_commands.hpp"

#include <ducat/ask.hpp>
#include <ducat/durable.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/router.hpp>
#include <ducat/testing.hpp>

#include <caf/actor_system.hpp>

#include <chrono>
#include <string>

namespace ducat::payment::test {

using namespace std::chrono_literals;

inline void payment_tree(node& n) {
  const handle ledger = n.replicate("ledger", make_machine);
  n.supervise({.strategy = one_for_one, .restarts_max = 100, .window = 10s},
              {{.id = "payments",
                .start = start(payment_actor, ledger),
                .pool = pool_spec{.size = 2, .policy = route::round_robin}}});
}

class payment_node : public ducat::testing::local_node {
public:
  payment_node() : local_node{payment_tree} {
    open("world", true);
    open("alice", false);
    open("shop", false);
    pay("fund", "world", "alice", 10'000);
  }

  /// Sends the same request until its outcome is known.
  result<paid> run(const v1::Command& command) {
    const time_point end = std::chrono::steady_clock::now() + 30s;
    for (;;) {
      const time_point deadline = std::chrono::steady_clock::now() + 2s;
      auto done = ducat::ask<paid>(get().system(), get().find("payments"), 2s,
                                   make_routed(deadline, payment::pay{command, deadline}));
      if (done || disposition_of(done.error().code) == disposition::give_up ||
          std::chrono::steady_clock::now() > end)
        return done;
    }
  }

  v1::Outcome outcome(const v1::Command& command) { return run(command).value().outcome; }

  v1::Outcome pay(const std::string& key, const std::string& from, const std::string& to,
                  std::int64_t amount, bool manual = false) {
    return outcome(ducat::testing::create_payment(key, from, to, amount, manual));
  }

  v1::Outcome capture(const std::string& id, const std::string& key, std::int64_t amount) {
    return outcome(ducat::testing::capture_payment(id, key, amount));
  }

  v1::Outcome cancel(const std::string& id, const std::string& key) {
    return outcome(ducat::testing::void_payment(id, key));
  }

  v1::Outcome refund(const std::string& id, const std::string& key, std::int64_t amount) {
    return outcome(ducat::testing::refund_payment(id, key, amount));
  }

  std::int64_t balance(const std::string& account) {
    v1::Question question;
    question.mutable_account()->set_id(account);
    return ask_machine(question).account().balance();
  }

  v1::Outcome ask_machine(const v1::Question& question) {
    const auto found = ask<answer>("ledger", query{question.SerializeAsString()});
    v1::Outcome outcome;
    outcome.ParseFromString(found.value().text);
    return outcome;
  }

  std::uint64_t entries() { return ask<log_position>("ledger", locate{}).value().receipt.index; }

private:
  void open(const std::string& id, bool overdraft) {
    const auto command = ducat::testing::open_account(id, overdraft);
    (void)ask<committed>("ledger", commit{command.SerializeAsString()}).value();
  }
};

} // namespace ducat::payment::test
