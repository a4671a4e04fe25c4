/// A node that takes card payments, and two acquirers in this process that keep books of their own.
#pragma once

#include "support/payment_commands.hpp"

#include <ducat/acquiring/saf_actor.hpp>
#include <ducat/durable.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/acquirer.hpp>
#include <ducat/payment/deadline_actor.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/router.hpp>
#include <ducat/testing.hpp>

#include <caf/event_based_actor.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace ducat::payment::test {

using namespace std::chrono_literals;

/// What an acquirer does with the next authorisation.
enum class habit {
  approve,
  approve_less, ///< Half of it.
  approve_more,
  decline,
  approve_in_silence, ///< It is approved, and nobody hears of it.
  lose,               ///< It never arrives, and nobody hears of that.
  be_away,            ///< It is proven that nothing was sent.
};

/// An acquirer's own books, which outlive the node. Any thread.
class acquirer_books {
public:
  void next(habit what) {
    const std::lock_guard lock{guard_};
    script_.push_back(what);
  }

  void refuse_reversals(bool refuse) {
    const std::lock_guard lock{guard_};
    refuses_ = refuse;
  }

  acquirer_answer authorize(const attempt_record& attempt) {
    const std::lock_guard lock{guard_};
    ++asked_[attempt.id];
    const habit what = script_.empty() ? habit::approve : script_.front();
    if (!script_.empty())
      script_.pop_front();
    switch (what) {
    case habit::approve:
      return approve(attempt, attempt.amount);
    case habit::approve_less:
      return approve(attempt, attempt.amount / 2);
    case habit::approve_more:
      return approve(attempt, attempt.amount * 2);
    case habit::decline:
      return {.what = attempt_event::declined, .response_code = "51"};
    case habit::approve_in_silence:
      (void)approve(attempt, attempt.amount);
      [[fallthrough]];
    case habit::lose:
      return {.what = attempt_event::in_doubt, .reason = "no answer"};
    case habit::be_away:
      return {.what = attempt_event::not_sent, .reason = "down"};
    }
    return {};
  }

  acquirer_answer reverse(const attempt_record& attempt) {
    const std::lock_guard lock{guard_};
    if (refuses_)
      return {.what = attempt_event::in_doubt, .reason = "no answer"};
    approved_.erase(attempt.id);
    return {.what = attempt_event::reversal_accepted, .response_code = "00"};
  }

  /// Returns what it will pay for: the sum of what it approved and did not take back.
  std::int64_t total() const {
    const std::lock_guard lock{guard_};
    std::int64_t sum = 0;
    for (const auto& [id, amount] : approved_)
      sum += amount;
    return sum;
  }

  /// Returns how many attempts it was asked for, and how often at most for the same one.
  std::size_t attempts() const {
    const std::lock_guard lock{guard_};
    return asked_.size();
  }

  int asked_at_most() const {
    const std::lock_guard lock{guard_};
    int most = 0;
    for (const auto& [id, times] : asked_)
      most = std::max(most, times);
    return most;
  }

private:
  acquirer_answer approve(const attempt_record& attempt, std::int64_t amount) {
    approved_[attempt.id] = amount;
    return {.what = attempt_event::approved, .amount = amount, .approval_code = "A1"};
  }

  mutable std::mutex guard_;
  std::deque<habit> script_;
  bool refuses_ = false;
  std::map<std::string, std::int64_t> approved_;
  std::map<std::string, int> asked_;
};

using books = std::shared_ptr<acquirer_books>;

inline caf::behavior test_acquirer(caf::event_based_actor*, const books& of) {
  return {
      [=](const authorize_attempt& what) { return of->authorize(what.attempt); },
      [=](const reverse_attempt& what) { return of->reverse(what.attempt); },
  };
}

class card_node : public ducat::testing::local_node {
public:
  explicit card_node(duration answer_timeout = 30s)
      : card_node{std::make_shared<acquirer_books>(), std::make_shared<acquirer_books>(),
                  answer_timeout} {}

  acquirer_books& acme() const { return *acme_; }

  acquirer_books& other() const { return *other_; }

  /// Pays 100 by card under the key, and asks again until that is answered.
  v1::Payment pay(const std::string& key, bool manual = false) {
    const auto first = ducat::testing::create_card_payment(key, 100, manual);
    const time_point end = std::chrono::steady_clock::now() + 30s;
    for (;;) {
      const time_point deadline = std::chrono::steady_clock::now() + 5s;
      const auto done = ducat::ask<paid>(get().system(), get().find("payments"), 5s,
                                         make_routed(deadline, payment::pay{first, deadline}));
      if (done || std::chrono::steady_clock::now() > end)
        return done.value().outcome.payment();
    }
  }

  /// Waits until somebody knows what has become of the payment.
  v1::Payment wait_until_known(const std::string& key) {
    for (;;) {
      const v1::Payment now = show(key);
      if (now.state() != v1::Payment::AUTHORIZING && now.state() != v1::Payment::IN_DOUBT &&
          open_attempts() == 0)
        return now;
      std::this_thread::yield();
    }
  }

  v1::Payment show(const std::string& key) {
    v1::Question question;
    question.mutable_payment()->set_id(payment_id_of(key));
    return ask_machine(question).payment();
  }

  int open_attempts() {
    v1::Question question;
    question.mutable_open_attempts();
    return ask_machine(question).open_attempts().data_size();
  }

  v1::Account account(const std::string& id) {
    v1::Question question;
    question.mutable_account()->set_id(id);
    return ask_machine(question).account();
  }

  v1::Outcome commit(const v1::Command& command) {
    const auto done = ask<committed>("ledger", ducat::commit{command.SerializeAsString()});
    return parsed(done.value().reply);
  }

private:
  card_node(books acme, books other, duration answer_timeout)
      : local_node{[=](node& n) { describe(n, acme, other, answer_timeout); }}, acme_{acme},
        other_{other} {
    for (const char* id : {"world", "shop"})
      commit(ducat::testing::open_account(id, true));
  }

  static void describe(node& n, const books& acme, const books& other, duration answer_timeout) {
    const handle ledger = n.replicate("ledger", make_machine);
    const card_routes routes{.links = {{"acme", n.find("acme")}, {"other", n.find("other")}},
                             .answer_timeout = answer_timeout,
                             .by = n.id()};
    n.supervise(
        {.strategy = one_for_one, .restarts_max = 100, .window = 10s},
        {{.id = "acme", .start = ducat::start(test_acquirer, acme)},
         {.id = "other", .start = ducat::start(test_acquirer, other)},
         {.id = "payments",
          .start = ducat::start(card_payment_actor, ledger, routes),
          .pool = pool_spec{.size = 2, .policy = route::round_robin}},
         {.id = "deadlines",
          .start = ducat::start(deadline_actor, ledger, deadline_options{.look_every = 5ms})},
         {.id = "saf", .start = ducat::start(acquiring::saf_actor, ledger, saf_options(n))}});
  }

  static acquiring::saf_actor_options saf_options(node& n) {
    return {.lines = {{.link = "acme", .acquirer = n.find("acme")},
                      {.link = "other", .acquirer = n.find("other")}},
            .by = n.id(),
            .look_every = 5ms,
            .saf = {.backoff = {.initial = 1ms, .max = 5ms, .jitter_percent = 0}}};
  }

  v1::Outcome ask_machine(const v1::Question& question) {
    return parsed(ask<answer>("ledger", query{question.SerializeAsString()}).value().text);
  }

  static v1::Outcome parsed(const std::string& bytes) {
    v1::Outcome outcome;
    if (!outcome.ParseFromString(bytes))
      throw std::runtime_error("the machine's reply is no Outcome");
    return outcome;
  }

  books acme_;
  books other_;
};

} // namespace ducat::payment::test
