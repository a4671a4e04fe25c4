/// What is owed in the log, in the words of store and forward.

#include "acquiring/owed_items.hpp"

#include <gtest/gtest.h>

#include <variant>

namespace ducat::acquiring {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t hour_ns = 3'600'000'000'000;

v1::Owed owed() {
  v1::Owed all;
  auto& reversal = *all.add_reversals();
  reversal.set_payment_id("pay_1");
  reversal.set_number(2);
  reversal.set_currency("EUR");
  reversal.mutable_attempt()->set_id("att_1");
  reversal.mutable_attempt()->set_rrn("000000000007");
  reversal.mutable_attempt()->set_reversal_number(7);
  auto& advice = *all.add_advices();
  advice.set_payment_id("pay_2");
  advice.set_number(1);
  advice.set_currency("EUR");
  advice.mutable_advice()->set_id("adv_2");
  advice.mutable_advice()->set_kind(v1::Advice::REFUND);
  advice.mutable_advice()->set_amount(30);
  advice.mutable_advice()->set_since_ns(2 * hour_ns);
  advice.mutable_original()->set_rrn("000000000008");
  auto& acquirer = *all.add_acquirers();
  acquirer.set_link("acme");
  acquirer.set_currency("EUR");
  acquirer.set_state(v1::Acquirer::BEGUN);
  acquirer.set_number(9);
  return all;
}

TEST(OwedItems, AreReversalsAdvicesAndBegunReconciliations) {
  const auto items = items_in(owed(), {3 * hour_ns}, false);
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].as_stored.key, "pay_1");
  EXPECT_EQ(items[1].as_stored.key, "pay_2");
  EXPECT_EQ(items[1].as_stored.age, 1h);
  EXPECT_EQ(std::get<payment::send_advice>(items[1].ask).advice.amount, 30);
  EXPECT_EQ(std::get<payment::compare_totals>(items[2].ask).number, 9u);
  auto none = owed();
  none.mutable_acquirers(0)->set_state(v1::Acquirer::IN_BALANCE);
  EXPECT_EQ(items_in(none, {}, false).size(), 2u);
}

// Its clock may be behind the log's.
TEST(OwedItems, AreNeverYoungerThanNew) {
  EXPECT_EQ(items_in(owed(), {hour_ns}, false)[1].as_stored.age, 0h);
}

TEST(OwedItems, ThatALifeBeforeMayHaveSentAreRepeats) {
  EXPECT_EQ(items_in(owed(), {}, false)[0].as_stored.sendings, 0u);
  EXPECT_EQ(items_in(owed(), {}, true)[0].as_stored.sendings, 1u);
}

TEST(OwedItems, AreDoneWhenTheAcquirerHasTakenThem) {
  const auto items = items_in(owed(), {}, false);
  const auto reversed =
      fate_of(items[0], {.what = payment::attempt_event::reversal_accepted, .response_code = "00"});
  ASSERT_TRUE(reversed.done);
  EXPECT_EQ(reversed.done->resolve_attempt().payment_id(), "pay_1");
  EXPECT_EQ(reversed.done->resolve_attempt().attempt(), 2u);
  EXPECT_EQ(reversed.done->resolve_attempt().reversal(), 7u);
  const auto told = fate_of(items[1], payment::advice_answer{.is_acknowledged = true});
  ASSERT_TRUE(told.done);
  EXPECT_EQ(told.done->resolve_advice().event(), v1::ResolveAdvice::ACKNOWLEDGED);
  const auto differs = fate_of(items[2], payment::totals_answer{.was_compared = true});
  ASSERT_TRUE(differs.done);
  EXPECT_EQ(differs.done->reconcile_acquirer().event(), v1::ReconcileAcquirer::OUT_OF_BALANCE);
  EXPECT_EQ(differs.done->reconcile_acquirer().number(), 9u);
}

TEST(OwedItems, AreSentAgainOtherwise) {
  const auto items = items_in(owed(), {}, false);
  EXPECT_FALSE(fate_of(items[0], {.what = payment::attempt_event::in_doubt}).done);
  EXPECT_TRUE(fate_of(items[0], {.what = payment::attempt_event::in_doubt}).was_sent);
  EXPECT_FALSE(fate_of(items[0], {.what = payment::attempt_event::not_sent}).was_sent);
  EXPECT_FALSE(fate_of(items[1], payment::advice_answer{}).done);
  EXPECT_FALSE(fate_of(items[2], payment::totals_answer{}).done);
}

// Of a reversal the log knows by its own deadline; it is asked for further on.
TEST(OwedItems, OnlyAnExhaustedAdviceIsMadeAnException) {
  const auto items = items_in(owed(), {}, false);
  EXPECT_FALSE(exception_of(items[0], device::exhaustion::tries));
  EXPECT_FALSE(exception_of(items[2], device::exhaustion::age));
  const auto made = exception_of(items[1], device::exhaustion::tries);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->resolve_advice().event(), v1::ResolveAdvice::EXHAUSTED);
  EXPECT_EQ(made->resolve_advice().reason(), "sent too often");
}

class DueReconciliation : public ::testing::Test {
protected:
  DueReconciliation() { acquirer_.mutable_totals()->mutable_debits()->set_count(1); }

  bool is_due_at(std::uint64_t hour) const { return is_due(acquirer_, when_, {hour * hour_ns}); }

  v1::Acquirer acquirer_;
  reconciliation_times when_{.at = 22h};
};

TEST_F(DueReconciliation, IsOncePerDayAtItsTime) {
  acquirer_.set_begun_at_ns(100 * 24 * hour_ns + 22 * hour_ns + 1);
  EXPECT_FALSE(is_due_at(100 * 24 + 23));
  EXPECT_FALSE(is_due_at(101 * 24 + 21));
  EXPECT_TRUE(is_due_at(101 * 24 + 22));
}

// A node that was away at that time makes up for it.
TEST_F(DueReconciliation, IsMadeUpFor) {
  acquirer_.set_begun_at_ns(100 * 24 * hour_ns + 22 * hour_ns + 1);
  EXPECT_TRUE(is_due_at(102 * 24 + 3));
}

TEST_F(DueReconciliation, ThatIsTheFirstWaitsForItsTimeToo) {
  acquirer_.set_begun_at_ns(0);
  EXPECT_FALSE(is_due_at(101 * 24 + 10));
  EXPECT_TRUE(is_due_at(101 * 24 + 22));
}

TEST_F(DueReconciliation, IsNoneWithoutATimeOrWithoutAnythingMoved) {
  when_.at.reset();
  EXPECT_FALSE(is_due_at(101 * 24 + 22));
  when_.at = 22h;
  acquirer_.clear_totals();
  EXPECT_FALSE(is_due_at(101 * 24 + 22));
}

TEST_F(DueReconciliation, IsAtTheCutOverOfTheHost) {
  when_.at.reset();
  when_.is_cut_over = true;
  EXPECT_TRUE(is_due_at(5));
  acquirer_.set_owed(1);
  EXPECT_FALSE(is_due_at(5));
  iso8583::message said{"0800"};
  said.set(70, "201");
  EXPECT_TRUE(is_cut_over({.kind = device::unmatched_kind::request, .what = said}));
  said.set(70, "301");
  EXPECT_FALSE(is_cut_over({.kind = device::unmatched_kind::request, .what = said}));
}

TEST_F(DueReconciliation, WaitsUntilNothingIsOpen) {
  acquirer_.set_owed(1);
  EXPECT_FALSE(is_due_at(101 * 24 + 22));
}

TEST_F(DueReconciliation, FollowsAnInterruptedOneAfterAPause) {
  when_.at.reset();
  acquirer_.set_state(v1::Acquirer::INTERRUPTED);
  acquirer_.set_begun_at_ns(5 * hour_ns);
  EXPECT_FALSE(is_due(acquirer_, when_, {5 * hour_ns + 59'000'000'000}));
  EXPECT_TRUE(is_due(acquirer_, when_, {5 * hour_ns + 60'000'000'000}));
  acquirer_.set_state(v1::Acquirer::BEGUN);
  EXPECT_FALSE(is_due(acquirer_, when_, {6 * hour_ns}));
}

} // namespace
} // namespace ducat::acquiring
