/// Windows: what is in them, and what becomes of them.

#include "settlement_world.hpp"

namespace ducat::settlement::test {
namespace {

TEST(Window, HoldsWhatIsCapturedBeforeItsCutInTheLog) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  const auto held = w.hold("b", "world", "books", 2'000);
  w.cut(1);
  w.capture(held.payment().id(), "capture-b");
  EXPECT_EQ(w.window(1).total().captures().amount(), 1'000);
  EXPECT_EQ(w.window(2).total().captures().amount(), 2'000)
      << "authorised before the cut, captured after it";
  EXPECT_EQ(w.payment(held.payment().id()).settlement().window(), 2u);
}

TEST(Window, IsCutOnce) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  EXPECT_FALSE(w.cut(1).replayed());
  const v1::Outcome again = w.cut(1, first_day + 5);
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(w.window(2).business_date(), first_day + 1) << "the next one opened with the first cut";
  EXPECT_EQ(w.cut(3).error().code(), "window_not_found");
}

TEST(Window, IsOfADayThatThereIs) {
  settlement_world w;
  EXPECT_EQ(w.cut(1, 20'261'131).error().code(), "business_date_invalid") << "of 30 days";
  EXPECT_EQ(w.cut(1, 20'270'229).error().code(), "business_date_invalid");
  EXPECT_FALSE(w.cut(1, 20'280'229).has_error());
}

TEST(Window, OpensWithTheCutOfTheOneBefore) {
  settlement_world w;
  w.cut(1);
  EXPECT_EQ(w.window(2).opened_index(), w.window(1).cut_index());
  EXPECT_EQ(w.window(2).state(), v1::Window::OPEN);
}

// Mojaloop's windows without transfers were never settled (project issue 936).
TEST(Window, IsSettledAtOnceIfNothingIsInIt) {
  settlement_world w;
  w.cut(1);
  EXPECT_EQ(w.window(1).state(), v1::Window::SETTLED);
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.cut(2);
  EXPECT_EQ(w.window(2).state(), v1::Window::CLOSED);
  EXPECT_EQ(w.run_settlement(2, 2).state(), v1::Settlement::SETTLED) << "it need not wait for more";
}

TEST(Window, HoldsLatePresentmentsWithTheirOwnBusinessDate) {
  settlement_world w;
  w.cut(1);
  v1::SettlementCommand command;
  for (const std::uint32_t date : {first_day, first_day + 1}) {
    v1::PresentedCapture& item = *command.mutable_present()->add_items();
    item.set_reference("r-" + std::to_string(date));
    item.set_from("world");
    item.set_to("books");
    item.set_amount(500);
    item.set_business_date(date);
  }
  EXPECT_EQ(w.settle(command).settlement().presented().taken(), 2u);
  EXPECT_EQ(w.window(2).total().captures().count(), 2u);
  EXPECT_EQ(w.window(2).total().late().count(), 1u);
  EXPECT_EQ(w.members("books", 2).data(0).business_date(), first_day);
  EXPECT_TRUE(w.settle(command).replayed());
  command.mutable_present()->add_items()->CopyFrom(command.present().items(0));
  command.mutable_present()->mutable_items(2)->set_reference("r-3");
  const v1::Outcome more = w.settle(command);
  EXPECT_EQ(more.settlement().presented().known(), 2u);
  EXPECT_EQ(more.settlement().presented().taken(), 1u);
  EXPECT_EQ(w.window(2).total().captures().count(), 3u);
}

// The ledger burns the id of a transfer that it refuses: the capture could never be taken.
TEST(Window, TakesAPresentedCaptureOnceItsAccountCanPayIt) {
  settlement_world w; // In which alice has 100.00.
  v1::SettlementCommand command;
  for (const std::int64_t amount : {9'000, 1'001, 1'000}) {
    v1::PresentedCapture& item = *command.mutable_present()->add_items();
    item.set_reference("r-" + std::to_string(amount));
    item.set_from("alice");
    item.set_to("books");
    item.set_amount(amount);
  }
  const v1::Outcome first = w.settle(command);
  EXPECT_EQ(first.settlement().presented().taken(), 2u);
  EXPECT_EQ(first.settlement().presented().refused(), 1u);
  EXPECT_EQ(w.balance("alice"), 0);
  w.pay_to_the_end("more", "world", "alice", 1'001);
  const v1::Outcome second = w.settle(command);
  EXPECT_EQ(second.settlement().presented().known(), 2u);
  EXPECT_EQ(second.settlement().presented().taken(), 1u);
  EXPECT_EQ(w.window(1).total().captures().amount(), 11'001);
  EXPECT_TRUE(w.settle(command).replayed());
}

TEST(Window, CountsOnlyAccountsThatAreMerchants) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "shop", 1'000);
  EXPECT_EQ(w.window(1).merchants(), 0u);
  EXPECT_FALSE(w.payment(payment::payment_id_of("a")).has_settlement());
}

TEST(Window, ListsItsMembersPageByPage) {
  settlement_world w;
  for (int i = 0; i < 7; ++i)
    w.pay_to_the_end("p" + std::to_string(i), "world", "books", 100 + i);
  w.refund(payment::payment_id_of("p0"), "r0", 40);
  std::int64_t sum = 0;
  std::uint64_t after = 0;
  int pages = 0;
  for (bool more = true; more; ++pages) {
    const auto page = w.members("books", 1, 3, after);
    more = page.has_more();
    for (const v1::Member& each : page.data()) {
      sum += each.kind() == v1::Member::CAPTURE ? each.amount() : -each.amount();
      after = each.at_ns();
    }
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(w.members("books", 1).data(0).payment(), payment::payment_id_of("p0"));
  EXPECT_EQ(w.members("books", 1).data().rbegin()->payment(), payment::payment_id_of("p0"))
      << "its refund";
  const auto total = w.window(1).total();
  EXPECT_EQ(sum, total.captures().amount() - total.refunds().amount());
}

TEST(Window, IsFinalOnlyWhenItIsSettled) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  v1::SettlementCommand command;
  command.mutable_finalize()->set_currency("EUR");
  command.mutable_finalize()->set_window(1);
  w.cut(1);
  EXPECT_EQ(w.settle(command).error().code(), "window_not_settled");
  w.run_settlement(1, 1);
  EXPECT_TRUE(w.settle(command).settlement().windows().data(0).final());
  EXPECT_TRUE(w.settle(command).replayed());
}

} // namespace
} // namespace ducat::settlement::test
