/// A node that pays by card over links to an acquirer's process, and the join of both sides' books.
#pragma once

#include "acquirer/acquirer_process.hpp"
#include "cards/card_join.hpp"
#include "support/payment_commands.hpp"

#include <ducat/durable.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/router.hpp>
#include <ducat/testing.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ducat::acquiring::test {

using namespace std::chrono_literals;
using acquirer::testing::acquirer_process;

constexpr const char* card_number = "4111111111111111";
constexpr std::int64_t amount = 100;

/// Its tree has "ledger", and "payments", which pays by card.
class paying_node : public ducat::testing::local_node {
public:
  explicit paying_node(std::function<void(node&)> describe) : local_node{std::move(describe)} {
    for (const char* id : {"world", "shop"})
      commit(ducat::testing::open_account(id, true));
  }

  /// Pays by card, and asks again until that is answered.
  v1::Payment pay(const std::string& key, bool manual = false) {
    return run(ducat::testing::create_card_payment(key, amount, manual));
  }

  /// Has a payment's step done, and asks again until that is answered.
  v1::Payment run(const v1::Command& first) {
    for (;;) {
      const time_point deadline = std::chrono::steady_clock::now() + 5s;
      const payment::pay what{
          .first = first, .deadline = deadline, .card = payment::pan::parse(card_number).value()};
      const auto done = ducat::ask<payment::paid>(get().system(), get().find("payments"), 5s,
                                                  make_routed(deadline, what));
      if (done)
        return done->outcome.payment();
    }
  }

  v1::Payment show(const std::string& id) {
    v1::Question question;
    question.mutable_payment()->set_id(id);
    return ask_machine(question).payment();
  }

  /// Waits until nobody owes anybody an answer, and returns all payments.
  std::vector<v1::Payment> wait_until_known() {
    for (;;) {
      v1::Question open;
      open.mutable_open_attempts();
      v1::Question owed;
      owed.mutable_owed()->set_link("acme");
      if (ask_machine(open).open_attempts().data_size() == 0 &&
          ask_machine(owed).owed().advices_size() == 0)
        return payments();
      std::this_thread::yield();
    }
  }

  v1::Outcome ask_machine(const v1::Question& question) {
    v1::Outcome outcome;
    EXPECT_TRUE(outcome.ParseFromString(
        ask<answer>("ledger", query{question.SerializeAsString()}).value().text));
    return outcome;
  }

  v1::Outcome commit(const v1::Command& command) {
    v1::Outcome outcome;
    EXPECT_TRUE(outcome.ParseFromString(
        ask<committed>("ledger", ducat::commit{command.SerializeAsString()}).value().reply));
    return outcome;
  }

private:
  std::vector<v1::Payment> payments() {
    std::vector<v1::Payment> all;
    v1::Question question;
    question.mutable_payments()->set_limit(100);
    for (bool has_more = true; has_more;) {
      const v1::Outcome told = ask_machine(question);
      for (const v1::Payment& each : told.payments().data()) {
        all.push_back(each);
        question.mutable_payments()->set_starting_after(each.id());
      }
      has_more = told.payments().has_more();
    }
    return all;
  }
};

/// Joins both sides' books.
inline cards::join_report join(const std::vector<v1::Payment>& ours,
                               const std::filesystem::path& journal) {
  cards::card_join both;
  EXPECT_TRUE(both.add_journal(journal));
  for (const v1::Payment& each : ours)
    both.add(each);
  return both.compare();
}

/// Every effect is on both sides. Returns how many payments there are in each state.
inline std::map<std::string, std::uint64_t>
expect_both_sides_agree(const std::vector<v1::Payment>& ours,
                        const std::filesystem::path& journal) {
  auto found = join(ours, journal);
  EXPECT_THAT(found.mismatches, ::testing::IsEmpty());
  EXPECT_EQ(found.open, 0u);
  EXPECT_EQ(found.explained, 0u);
  return std::move(found.states);
}

} // namespace ducat::acquiring::test
