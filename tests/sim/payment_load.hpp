/// Payments through the nodes of a simulated cluster, each asked again until its outcome is known.
#pragma once

#include "support/payment_commands.hpp"

#include <ducat/durable.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/router.hpp>
#include <ducat/testing/sim_cluster.hpp>
#include <ducat/v1/machine.pb.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace ducat::testing {

inline void describe_payments(node& n) {
  const handle ledger = n.replicate("ledger", payment::make_machine);
  n.supervise({.strategy = one_for_one, .restarts_max = 20, .window = std::chrono::seconds{10}},
              {{.id = "payments",
                .start = start(payment::payment_actor, ledger),
                .pool = pool_spec{.size = 4, .policy = route::least_requests}}});
}

/// A client that never sends a new key for a payment whose outcome it does not know.
class payment_load {
public:
  static constexpr std::int64_t amount = 7;

  explicit payment_load(sim_cluster& on) : on_{on} {}

  /// Opens "world", which may owe, and "shop".
  void open_accounts() {
    for (const auto& [id, overdraft] :
         std::map<std::string, bool>{{"world", true}, {"shop", false}})
      ask(id, open_account(id, overdraft));
    settle();
  }

  /// Begins `count` payments, one every 3 ms or so.
  void pay(int count) {
    if (count == 0)
      return;
    const std::string key = "k" + std::to_string(++payments_);
    ask(key, create_payment(key, "world", "shop", amount));
    on_.after(duration{on_.draw(6'000'000)}, [this, count] { pay(count - 1); });
  }

  /// Runs until every outcome is known; returns whether that came to be.
  bool settle() {
    return on_.run_until([this] { return open_ == 0 && is_begun_; }, std::chrono::minutes{2});
  }

  std::uint64_t paid() const { return paid_; }

  std::uint64_t unknown() const { return unknown_; } ///< Times that an answer was so.

  /// Returns the outcome of that key.
  const v1::Outcome& outcome(const std::string& key) const { return outcomes_.at(key); }

  const std::map<std::string, v1::Outcome>& outcomes() const { return outcomes_; }

  /// Returns the balance of "shop" as the node says.
  result<std::int64_t> balance(const std::string& node) {
    v1::Question question;
    question.mutable_account()->set_id("shop");
    const auto found = on_.ask<answer>(node, "ledger", query{question.SerializeAsString()});
    if (!found)
      return tl::unexpected(found.error());
    v1::Outcome outcome;
    outcome.ParseFromString(found->text);
    return outcome.account().balance();
  }

private:
  void ask(const std::string& key, const v1::Command& command) {
    is_begun_ = true;
    ++open_;
    attempt(key, command);
  }

  void attempt(const std::string& key, const v1::Command& command) {
    const std::string& node = on_.nodes()[on_.draw(on_.nodes().size())];
    const time_point deadline = on_.now() + std::chrono::seconds{2};
    const bool is_payment = command.has_create_payment();
    const auto answer =
        is_payment
            ? on_.ask_later(node, "payments",
                            caf::make_message(make_routed(
                                deadline, payment::pay{.first = command, .deadline = deadline})))
            : on_.ask_later(node, "ledger", caf::make_message(commit{command.SerializeAsString()}));
    look(key, command, answer);
  }

  /// Looks now and then whether the answer has come.
  void look(const std::string& key, const v1::Command& command,
            const sim_cluster::pending& answer) {
    if (answer->has_value() && take(key, **answer))
      return;
    const bool again = answer->has_value();
    on_.after(std::chrono::milliseconds{5}, [this, key, command, answer, again] {
      again ? attempt(key, command) : look(key, command, answer);
    });
  }

  /// Returns whether the outcome is known.
  bool take(const std::string& key, const result<caf::message>& answer) {
    if (!answer) {
      unknown_ += answer.error().code == errc::outcome_unknown ? 1 : 0;
      return false;
    }
    v1::Outcome& outcome = outcomes_[key];
    if (answer->match_elements<payment::paid>())
      outcome = answer->get_as<payment::paid>(0).outcome;
    else
      outcome.ParseFromString(answer->get_as<committed>(0).reply);
    paid_ += outcome.payment().state() == v1::Payment::CAPTURED ? 1 : 0;
    on_.note(key + " is known");
    --open_;
    return true;
  }

  sim_cluster& on_;
  std::uint64_t payments_ = 0;
  std::uint64_t open_ = 0;
  std::uint64_t paid_ = 0;
  std::uint64_t unknown_ = 0;
  bool is_begun_ = false;
  std::map<std::string, v1::Outcome> outcomes_; ///< By key.
};

} // namespace ducat::testing
