/// A payment machine with a few accounts, and short ways to command it.
#pragma once

#include "support/payment_commands.hpp"

#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ducat::payment::test {

using ducat::testing::create_payment;

/// Runs commands as a durable actor does, and keeps those that had an effect: the log.
class world {
public:
  /// Opens world (overdraft), alice, bob and shop in EUR and pays 100.00 to alice.
  world() {
    open("world", "EUR", true);
    for (const char* id : {"alice", "bob", "shop"})
      open(id, "EUR", false);
    pay_to_the_end("fund-alice", "world", "alice", 10'000);
  }

  v1::Outcome run(const v1::Command& command) {
    const std::string bytes = command.SerializeAsString();
    if (const auto known = machine_.answer_without_commit(bytes))
      return parsed(*known);
    log_.push_back(bytes);
    return parsed(machine_.apply(next_position(), bytes));
  }

  v1::Outcome open(const std::string& id, const std::string& currency, bool overdraft) {
    return run(ducat::testing::open_account(id, overdraft, currency));
  }

  v1::Outcome authorize(const std::string& id) {
    return run(ducat::testing::authorize_payment(id));
  }

  v1::Outcome capture(const std::string& id, const std::string& key, std::int64_t amount = 0) {
    return run(ducat::testing::capture_payment(id, key, amount));
  }

  v1::Outcome cancel(const std::string& id, const std::string& key) {
    return run(ducat::testing::void_payment(id, key));
  }

  v1::Outcome refund(const std::string& id, const std::string& key, std::int64_t amount = 0) {
    return run(ducat::testing::refund_payment(id, key, amount));
  }

  /// Creates and authorises; returns the outcome of the last step.
  v1::Outcome hold(const std::string& key, const std::string& from, const std::string& to,
                   std::int64_t amount) {
    return authorize(
        run(ducat::testing::create_payment(key, from, to, amount, true)).payment().id());
  }

  v1::Outcome pay_to_the_end(const std::string& key, const std::string& from, const std::string& to,
                             std::int64_t amount) {
    const auto created = run(ducat::testing::create_payment(key, from, to, amount));
    authorize(created.payment().id());
    return capture(created.payment().id(), "");
  }

  /// The log's clock goes on by so much, and what is due by then happens.
  v1::Outcome let_pass(std::chrono::nanoseconds time) {
    passed_ += static_cast<std::uint64_t>(time.count());
    return run(ducat::testing::pass_time(1'000 * log_.size() + passed_));
  }

  v1::Outcome ask(const v1::Question& question) const {
    return parsed(machine_.query(question.SerializeAsString()));
  }

  v1::Account account(const std::string& id) const {
    v1::Question question;
    question.mutable_account()->set_id(id);
    return ask(question).account();
  }

  v1::Payment payment(const std::string& id) const {
    v1::Question question;
    question.mutable_payment()->set_id(id);
    return ask(question).payment();
  }

  /// Returns the commands that had an effect, one entry each.
  const std::vector<std::string>& log() const { return log_; }

  digest state_digest() const { return machine_.state_digest(); }

  static v1::Outcome parsed(const std::string& bytes) {
    v1::Outcome outcome;
    if (!outcome.ParseFromString(bytes))
      throw std::runtime_error("the machine's reply is no Outcome");
    return outcome;
  }

private:
  position next_position() const { return {log_.size(), {1'000 * log_.size() + passed_}}; }

  machine machine_;
  std::vector<std::string> log_;
  std::uint64_t passed_ = 0; ///< Nanoseconds, besides those between entries.
};

} // namespace ducat::payment::test
