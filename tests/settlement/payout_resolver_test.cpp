/// A bank's files held against the payouts of a machine: what is resolved, once, and what is not.

#include "settlement/paying_world.hpp"

namespace ducat::settlement::test {
namespace {

TEST(PayoutResolver, PaysWhatIsBookedAndReturnsWhatComesBackOnce) {
  paying_world w;
  const std::vector file{answer(bank_says::booked, 1, 1'000), answer(bank_says::booked, 2, 500),
                         answer(bank_says::returned, 2, 500)};
  EXPECT_EQ(w.resolve_all(file), (counts{{"paid", 2}, {"returned", 1}}));
  EXPECT_EQ(w.state(1), v1::Payout::PAID);
  EXPECT_EQ(w.state(2), v1::Payout::RETURNED);
  EXPECT_EQ(w.balance("settlement.bank.EUR"), 1'000);
  EXPECT_EQ(w.account("kiosk.available").available(), 500);
  w.commands = 0;
  EXPECT_EQ(w.resolve_all(file), (counts{{"known", 3}})) << "the same file again";
  EXPECT_EQ(w.commands, 0u);
  EXPECT_EQ(w.balance("settlement.bank.EUR"), 1'000);
}

TEST(PayoutResolver, ChangesNothingInADryRunAndSaysTheSame) {
  paying_world w;
  const std::vector file{answer(bank_says::booked, 1, 1'000), answer(bank_says::returned, 1, 1'000),
                         rejection(2)};
  const counts said = w.resolve_all(file, true);
  EXPECT_EQ(w.commands, 0u);
  EXPECT_EQ(w.state(1), v1::Payout::BATCHED);
  EXPECT_EQ(w.resolve_all(file), said);
}

TEST(PayoutResolver, ResolvesNothingOfAnotherAmountCurrencyOrAccount) {
  paying_world w;
  bank_answer dollars = answer(bank_says::booked, 1, 1'000);
  dollars.amount->currency = "USD";
  bank_answer elsewhere = answer(bank_says::returned, 1, 1'000);
  elsewhere.account = "GB82WEST12345698765432";
  bank_answer silent = answer(bank_says::booked, 1, 1'000);
  silent.amount.reset();
  EXPECT_EQ(
      w.resolve_all({answer(bank_says::booked, 1, 999), dollars, elsewhere, silent,
                     answer(bank_says::doubtful, 2, 500)}),
      (counts{
          {"amount_differs", 2}, {"currency_differs", 1}, {"other_account", 1}, {"doubtful", 1}}));
  EXPECT_EQ(w.commands, 0u);
  EXPECT_EQ(w.looked_at.size(), 5u);
}

TEST(PayoutResolver, DoesNothingAboutWhatIsNotDecided) {
  paying_world w;
  EXPECT_EQ(w.resolve_all({answer(bank_says::waiting, 1, 0), answer(bank_says::waiting, 0, 0)}),
            (counts{{"waiting", 2}}));
  EXPECT_EQ(w.commands, 0u);
}

TEST(PayoutResolver, KnowsNothingOfPayoutsThatThereAreNot) {
  paying_world w;
  EXPECT_EQ(w.resolve_all({answer(bank_says::booked, 3, 1), answer(bank_says::booked, 1, 1'000, 2),
                           answer(bank_says::booked, 1'000'000'000'000, 1),
                           answer(bank_says::waiting, 1, 1, 1'000'000'000'000)}),
            (counts{{"not_found", 4}}));
}

// An order that was given to the bank twice.
TEST(PayoutResolver, SaysThatABankHasPaidTwice) {
  paying_world w;
  EXPECT_EQ(
      w.resolve_all({answer(bank_says::booked, 1, 1'000), answer(bank_says::booked, 1, 1'000)}),
      (counts{{"paid", 1}, {"booked_twice", 1}}));
  EXPECT_EQ(w.balance("settlement.bank.EUR"), 1'000);
}

TEST(PayoutResolver, SaysThatABankHasPaidWhatWasReturned) {
  paying_world w;
  w.resolve_all({rejection(1)});
  EXPECT_EQ(w.resolve_all({answer(bank_says::booked, 1, 1'000)}), (counts{{"returned_before", 1}}));
  EXPECT_EQ(w.state(1), v1::Payout::RETURNED);
  bank_answer before = answer(bank_says::booked, 1, 1'000);
  before.booked_on = std::chrono::year{1970} / 1 / 1; // When the machine's time begins.
  EXPECT_EQ(w.resolve_all({before}).count("returned_before"), 1u) << "on the day of the return";
  before.booked_on = std::chrono::year{1969} / 12 / 31;
  EXPECT_EQ(w.resolve_all({before}), (counts{{"known", 1}})) << "it came back later";
}

TEST(PayoutResolver, ReturnsNothingThatWasPaidBecauseAReportRejectsIt) {
  paying_world w;
  w.resolve_all({answer(bank_says::booked, 1, 1'000)});
  EXPECT_EQ(w.resolve_all({rejection(1), rejection(2)}),
            (counts{{"paid_before", 1}, {"returned", 1}}));
  EXPECT_EQ(w.state(1), v1::Payout::PAID);
}

TEST(PayoutResolver, PaysABatchThatIsBookedAsOneIfItsSumIsRight) {
  paying_world w;
  EXPECT_EQ(w.resolve_all({answer(bank_says::booked, 0, 1'499)}), (counts{{"amount_differs", 1}}));
  EXPECT_EQ(w.resolve_all({answer(bank_says::booked, 0, 1'500)}), (counts{{"paid", 2}}));
  EXPECT_EQ(w.resolve_all({answer(bank_says::booked, 0, 1'500)}), (counts{{"known", 2}}));
  EXPECT_EQ(
      w.resolve_all({answer(bank_says::booked, 0, 1'500), answer(bank_says::booked, 0, 1'500)}),
      (counts{{"known", 2}, {"booked_twice", 1}}));
}

TEST(PayoutResolver, PaysWhatWasNotRejectedOfABatchThatIsBookedAsOne) {
  paying_world w;
  w.resolve_all({rejection(2)});
  EXPECT_EQ(w.resolve_all({answer(bank_says::booked, 0, 1'000)}),
            (counts{{"paid", 1}, {"known", 1}}));
  EXPECT_EQ(w.state(1), v1::Payout::PAID);
  EXPECT_EQ(w.state(2), v1::Payout::RETURNED);
}

// Wherever in the file that stands, so that the file has its effect at once.
TEST(PayoutResolver, HoldsABatchThatIsBookedAsOneAgainstWhatItsFileReturns) {
  paying_world w;
  const std::vector file{answer(bank_says::booked, 0, 1'000), rejection(2)};
  EXPECT_EQ(w.resolve_all(file), (counts{{"paid", 1}, {"returned", 1}, {"known", 1}}));
  EXPECT_EQ(w.resolve_all(file), (counts{{"known", 3}}));
}

// "That of a whole holds for the parts that have none of their own."
TEST(PayoutResolver, ReturnsABatchThatIsRejectedAsAWholeButForWhatHasAStatusOfItsOwn) {
  paying_world w;
  EXPECT_EQ(w.resolve_all({rejection(0), answer(bank_says::waiting, 1, 0)}),
            (counts{{"returned", 1}, {"waiting", 1}}));
  EXPECT_EQ(w.state(1), v1::Payout::BATCHED);
  EXPECT_EQ(w.state(2), v1::Payout::RETURNED);
  EXPECT_EQ(w.resolve_all({rejection(0)}), (counts{{"returned", 1}, {"known", 1}}));
}

TEST(PayoutResolver, HoldsNoMoreOfWhatIsSaidAgainAndAgain) {
  paying_world w;
  std::vector<bank_answer> file(1'000, rejection(0));
  EXPECT_EQ(w.resolve_all(file), (counts{{"returned", 2}}));
  EXPECT_EQ(
      w.resolve_all({answer(bank_says::booked, 1, 1'000), answer(bank_says::booked, 1, 1'000)}),
      (counts{{"returned_before", 1}, {"booked_twice", 1}}));
}

TEST(PayoutResolver, CutsReasonsToWhatALogHolds) {
  paying_world w;
  bank_answer odd = answer(bank_says::returned, 1, 1'000);
  odd.reason = "\xff\x01" + std::string(10'000, 'a');
  w.resolve_all({odd});
  v1::SettlementQuestion question;
  question.mutable_payouts()->set_batch("pob_EUR_1");
  EXPECT_EQ(w.ask_settlement(question).payouts().data(0).reason(), "??" + std::string(33, 'a'));
}

TEST(PayoutResolver, SendsManyResultsInSeveralRequests) {
  paying_world w;
  constexpr int count = 2'500;
  for (int i = 0; i < count; ++i) {
    const std::string id = "m" + std::to_string(i);
    w.open(id, "EUR", true);
    w.settle(settlement_world::merchant(id));
    w.pay_to_the_end("k" + std::to_string(i), "world", id, 100 + i);
  }
  w.cut_and_settle(2);
  w.batch(2);
  std::vector<bank_answer> file;
  for (std::uint64_t i = count; i > 0; --i) // Banks have an order of their own.
    file.push_back(answer(bank_says::returned, i, 99 + static_cast<std::int64_t>(i), 2));
  EXPECT_EQ(w.resolve_all(file), (counts{{"returned", count}}));
  EXPECT_GT(w.commands, 1u);
  EXPECT_EQ(w.state(count, 2), v1::Payout::RETURNED);
}

} // namespace
} // namespace ducat::settlement::test
