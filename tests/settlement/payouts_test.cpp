/// Payouts: who is paid, once, and what becomes of what comes back.

#include "settlement/settlement_world.hpp"

namespace ducat::settlement::test {
namespace {

v1::Payout payout_in(const settlement_world& w, std::uint64_t batch, int place) {
  v1::SettlementQuestion question;
  question.mutable_payouts()->set_batch("pob_EUR_" + std::to_string(batch));
  question.mutable_payouts()->set_limit(4'096);
  return w.ask_settlement(question).payouts().data(place);
}

v1::Outcome record(settlement_world& w, const std::string& of, const std::string& name, char digit,
                   bool submits) {
  v1::SettlementCommand command;
  command.mutable_file()->set_of(of);
  command.mutable_file()->set_name(name);
  command.mutable_file()->set_sha256(std::string(32, digit));
  command.mutable_file()->set_size(10);
  command.mutable_file()->set_submits(submits);
  return w.settle(command);
}

TEST(Payout, WaitsForTheMinimumAndForABankAccount) {
  settlement_world w;
  auto terms = settlement_world::merchant("books");
  terms.mutable_merchant()->set_payout_minimum(1'000);
  w.settle(terms);
  auto bankless = settlement_world::merchant("kiosk");
  bankless.mutable_merchant()->clear_bank();
  w.settle(bankless);
  w.pay_to_the_end("a", "world", "books", 999);
  w.pay_to_the_end("b", "world", "kiosk", 5'000);
  w.cut_and_settle(1);
  EXPECT_EQ(w.batch(1).state(), v1::PayoutBatch::DONE) << "nobody is paid";
  w.pay_to_the_end("c", "world", "books", 1);
  w.cut_and_settle(2);
  EXPECT_EQ(w.batch(2).payouts().amount(), 1'000);
  EXPECT_EQ(payout_in(w, 2, 0).first_window(), 1u);
  EXPECT_EQ(payout_in(w, 2, 0).last_window(), 2u);
  w.settle(settlement_world::merchant("kiosk"));
  EXPECT_EQ(w.batch(3).payouts().amount(), 5'000);
}

TEST(Payout, OfManyMerchantsIsMadeInSteps) {
  settlement_world w;
  constexpr int count = 100;
  for (int i = 0; i < count; ++i) {
    const std::string id = "m" + std::to_string(i);
    w.open(id, "EUR", true);
    w.settle(settlement_world::merchant(id));
    w.pay_to_the_end("k" + std::to_string(i), "world", id, 1 + i);
  }
  w.cut(1);
  EXPECT_EQ(w.run_settlement(1, 1).step(), 5u) << "two steps of merchants";
  EXPECT_EQ(w.batch_step(1, 1).error().code(), "step_not_next");
  EXPECT_EQ(w.batch_step(1, 0).settlement().batches().data(0).state(), v1::PayoutBatch::BATCHING);
  EXPECT_TRUE(w.batch_step(1, 0).replayed());
  EXPECT_EQ(w.batch_step(2, 0).error().code(), "batch_under_way");
  const v1::PayoutBatch done = w.batch_step(1, 1).settlement().batches().data(0);
  EXPECT_EQ(done.state(), v1::PayoutBatch::BATCHED);
  EXPECT_EQ(done.payouts().count(), 100u);
  EXPECT_EQ(done.payouts().amount(), count * (count + 1) / 2);
  EXPECT_EQ(payout_in(w, 1, 99).merchant(), "m99");
}

TEST(Payout, EndsForAReasonThatIsNotTooLong) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.cut_and_settle(1);
  w.batch(1);
  v1::SettlementCommand command;
  v1::PayoutResult& result = *command.mutable_resolve()->add_results();
  result.set_payout("po_EUR_1_1");
  result.set_event(v1::PayoutResult::RETURNED);
  result.set_reason(std::string(256, 'r'));
  EXPECT_EQ(w.settle(command).error().code(), "reason_invalid");
  result.set_reason(std::string(255, 'r'));
  EXPECT_FALSE(w.settle(command).has_error());
}

// No bank takes the order of another one: its payouts would be held for ever.
TEST(Payout, IsExecutedOnADayThatThereIs) {
  settlement_world w;
  v1::SettlementCommand command;
  command.mutable_batch()->set_currency("EUR");
  command.mutable_batch()->set_batch(1);
  command.mutable_batch()->set_execution_date(20'261'131);
  EXPECT_EQ(w.settle(command).error().code(), "business_date_invalid");
}

// What some merchants have got already would be paid out of a window that no payout names.
TEST(Payout, WaitsUntilASettlementThatIsUnderWayHasEnded) {
  settlement_world w;
  constexpr int count = 100;
  for (int i = 0; i < count; ++i) {
    const std::string id = "m" + std::to_string(i);
    w.open(id, "EUR", true);
    w.settle(settlement_world::merchant(id));
    w.pay_to_the_end("k" + std::to_string(i), "world", id, 100);
  }
  w.cut(1);
  w.start(1, 1);
  for (std::uint32_t step = 0; step < 4; ++step)
    w.advance("set_EUR_1", step);
  const v1::Outcome early = w.batch_step(1, 0);
  EXPECT_EQ(early.error().code(), "settlement_under_way");
  EXPECT_EQ(early.error().retry(), v1::Error::SAME_KEY);
  w.advance("set_EUR_1", 4);
  EXPECT_EQ(w.batch(1).payouts().count(), static_cast<std::uint64_t>(count));
  EXPECT_EQ(payout_in(w, 1, 0).last_window(), 1u);
  EXPECT_EQ(payout_in(w, 1, 0).carried(), 0);
}

TEST(Payout, ThatHasEndedDoesNotEndABatchThatIsBeingMade) {
  settlement_world w;
  constexpr int count = 66; // With books and kiosk two steps.
  for (int i = 0; i < count; ++i) {
    const std::string id = "m" + std::to_string(i);
    w.open(id, "EUR", true);
    w.settle(settlement_world::merchant(id));
    w.pay_to_the_end("k" + std::to_string(i), "world", id, 100);
  }
  w.cut_and_settle(1);
  const auto first = w.batch_step(1, 0).settlement().batches().data(0).payouts().count();
  for (std::uint64_t i = 1; i <= first; ++i)
    w.resolve("po_EUR_1_" + std::to_string(i), v1::PayoutResult::RETURNED);
  const v1::PayoutBatch done = w.batch_step(1, 1).settlement().batches().data(0);
  EXPECT_EQ(done.payouts().count(), static_cast<std::uint64_t>(count));
  EXPECT_EQ(done.state(), v1::PayoutBatch::BATCHED);
}

TEST(Payout, ThatIsReturnedIsAvailableAgainBeforeAndAfterItWasPaid) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.pay_to_the_end("b", "world", "kiosk", 500);
  w.cut_and_settle(1);
  w.batch(1);
  EXPECT_EQ(w.account("books.available").available(), 0) << "held";
  EXPECT_FALSE(w.resolve("po_EUR_1_1", v1::PayoutResult::RETURNED).replayed());
  EXPECT_TRUE(w.resolve("po_EUR_1_1", v1::PayoutResult::PAID).replayed()) << "too late";
  EXPECT_EQ(w.account("books.available").available(), 1'000);
  EXPECT_FALSE(w.resolve("po-EUR-1-2", v1::PayoutResult::PAID).replayed()) << "as a bank has it";
  EXPECT_EQ(w.balance("settlement.bank.EUR"), 500);
  EXPECT_FALSE(w.resolve("po_EUR_1_2", v1::PayoutResult::RETURNED).replayed());
  EXPECT_EQ(w.balance("settlement.bank.EUR"), 0);
  EXPECT_EQ(w.batch(2).payouts().amount(), 1'500);
  EXPECT_EQ(payout_in(w, 2, 0).carried(), 1'000) << "of no new window";
  EXPECT_EQ(w.resolve("po_EUR_9_1", v1::PayoutResult::PAID).error().code(), "payout_not_found");
}

TEST(Payout, IsSubmittedWithAFileThatHasOneDigest) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.cut_and_settle(1);
  w.batch(1);
  EXPECT_FALSE(record(w, "pob_EUR_1", "pain.xml", 'a', true).has_error());
  EXPECT_TRUE(record(w, "pob_EUR_1", "pain.xml", 'a', true).replayed());
  EXPECT_EQ(record(w, "pob_EUR_1", "pain.xml", 'b', true).error().code(), "file_differs");
  EXPECT_EQ(payout_in(w, 1, 0).state(), v1::Payout::SUBMITTED);
  EXPECT_FALSE(record(w, "set_EUR_1", "report.csv", 'c', false).has_error());
  EXPECT_EQ(record(w, "pob_EUR_2", "pain.xml", 'a', true).error().code(), "settlement_not_found");
  EXPECT_EQ(record(w, "pob_EUR_1", "../pain", 'a', true).error().code(), "file_name_invalid");
}

// The order may have been made before: the bank would pay what is available again.
TEST(Payout, ThatCameBackBeforeItsBatchWasSubmittedKeepsTheBatchFromTheBank) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.pay_to_the_end("b", "world", "kiosk", 500);
  w.cut_and_settle(1);
  w.batch(1);
  EXPECT_FALSE(record(w, "pob_EUR_1", "list.csv", 'b', false).has_error());
  w.resolve("po_EUR_1_1", v1::PayoutResult::RETURNED);
  EXPECT_EQ(record(w, "pob_EUR_1", "pain.xml", 'a', true).error().code(), "batch_changed");
  EXPECT_EQ(payout_in(w, 1, 1).state(), v1::Payout::BATCHED);
  w.resolve("po_EUR_1_2", v1::PayoutResult::RETURNED);
  EXPECT_EQ(record(w, "pob_EUR_1", "pain.xml", 'a', true).error().code(), "batch_changed");
  EXPECT_EQ(w.batch(2).payouts().amount(), 1'500);
}

// A repetition of what was recorded is one, whatever has happened since.
TEST(Payout, ThatCameBackAfterItsBatchWasSubmittedLeavesTheOrderAsItIs) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.cut_and_settle(1);
  w.batch(1);
  record(w, "pob_EUR_1", "pain.xml", 'a', true);
  w.resolve("po_EUR_1_1", v1::PayoutResult::RETURNED);
  EXPECT_TRUE(record(w, "pob_EUR_1", "pain.xml", 'a', true).replayed());
}

} // namespace
} // namespace ducat::settlement::test
