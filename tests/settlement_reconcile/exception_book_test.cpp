#include "exception_world.hpp"

#include <ducat/ledger/history.hpp>

#include <gmock/gmock.h>

namespace ducat::settlement::testing {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

} // namespace

TEST(Exceptions, HaveTheirDifferenceInSuspenseNetOfFees) {
  exceptions world;
  auto less = differing("r", v1::SettlementDifference::AMOUNT);
  *less.mutable_internal() = stated(100, 5);
  *less.mutable_external() = stated(90, 6);
  EXPECT_THAT(world.run(opening(less)),
              ElementsAre(exception_move{id_of(less) + "/open/EUR", "settlement.fees.EUR",
                                         "settlement.suspense.EUR", "EUR", 11}));
  EXPECT_EQ(world.book.suspense_of("EUR"), 11);
  EXPECT_EQ(world.book.open_of("EUR", 3), 1u);
}

TEST(Exceptions, OfAnotherCurrencyAreInSuspenseInBoth) {
  exceptions world;
  auto other = differing("r", v1::SettlementDifference::CURRENCY);
  *other.mutable_internal() = stated(100);
  *other.mutable_external() = stated(100, 0, "USD");
  auto open = opening(other);
  open.mutable_open()->set_account("shop"); // Which is in EUR.
  world.run(open);
  EXPECT_EQ(world.balances,
            (std::map<std::string, std::int64_t>{{"shop", -100},
                                                 {"settlement.suspense.EUR", 100},
                                                 {"settlement.liquidity.USD", -100},
                                                 {"settlement.suspense.USD", 100}}));
  world.run(disposing(id_of(other), v1::ACCEPTED));
  EXPECT_EQ(world.balances["settlement.fees.USD"], 100);
}

TEST(Exceptions, OfTheDateAloneMoveNothing) {
  exceptions world;
  auto late = differing("r", v1::SettlementDifference::LATE);
  *late.mutable_internal() = stated(100);
  *late.mutable_external() = stated(100);
  EXPECT_THAT(world.run(opening(late)), IsEmpty());
  EXPECT_THAT(world.run(disposing(id_of(late), v1::LATE_MATCHED)), IsEmpty());
}

// The table of exception_book.hpp.
TEST(Exceptions, AreBorneByWhomTheDispositionSays) {
  const auto less = missing("r", 100);
  EXPECT_THAT(left_by(less, v1::CORRECTED), IsEmpty());
  EXPECT_THAT(left_by(less, v1::LATE_MATCHED), IsEmpty());
  EXPECT_THAT(left_by(less, v1::ACCEPTED),
              ElementsAre(balance{"settlement.liquidity.EUR", 100}, balance{"shop", -100}));
  EXPECT_THAT(left_by(less, v1::WRITE_OFF), ElementsAre(balance{"settlement.fees.EUR", -100},
                                                        balance{"settlement.liquidity.EUR", 100}));
  const auto more = surplus("r", 100);
  EXPECT_THAT(left_by(more, v1::CORRECTED), IsEmpty());
  EXPECT_THAT(left_by(more, v1::ACCEPTED),
              ElementsAre(balance{"settlement.liquidity.EUR", -100}, balance{"shop", 100}));
  EXPECT_THAT(left_by(more, v1::WRITE_OFF), ElementsAre(balance{"settlement.fees.EUR", 100},
                                                        balance{"settlement.liquidity.EUR", -100}));
}

TEST(Exceptions, AreOpenedAndDisposedOfOnce) {
  exceptions world;
  const auto what = missing("r", 100);
  world.run(opening(what));
  EXPECT_TRUE(world.check(opening(what)).changes_nothing);
  auto both = opening(what);
  *both.mutable_open()->add_differences() = missing("s", 1);
  EXPECT_EQ(world.run(both).size(), 1u);
  world.run(disposing(id_of(what), v1::CORRECTED));
  EXPECT_TRUE(world.check(disposing(id_of(what), v1::CORRECTED)).changes_nothing);
  EXPECT_EQ(world.check(disposing(id_of(what), v1::WRITE_OFF)).why, refused::exception_disposed);
  EXPECT_TRUE(world.check(opening(what)).changes_nothing);
  EXPECT_EQ(world.book.open_of("EUR", 3), 1u);
}

TEST(Exceptions, AlarmWhenTheirTimeIsUpAndOnce) {
  exceptions world;
  const auto what = missing("r", 100);
  world.run(opening(what));
  world.now_ns += 24 * an_hour_ns - 1;
  EXPECT_EQ(world.check(alarming(id_of(what), world.now_ns)).why, refused::exception_not_due);
  ++world.now_ns;
  world.run(alarming(id_of(what), world.now_ns));
  EXPECT_TRUE(world.check(alarming(id_of(what), world.now_ns)).changes_nothing);
  EXPECT_EQ(world.book.find(id_of(what))->alarmed_at_ns(), world.now_ns);
}

TEST(Exceptions, HaveIdsThatFollowFromTheDifference) {
  const auto what = missing("r", 100);
  auto other = what;
  std::set<std::string> ids{id_of(what), exception_id_of("USD", what)};
  other.set_occurrence(1);
  ids.insert(id_of(other));
  other = what;
  other.set_window(4);
  ids.insert(id_of(other));
  other = what;
  other.set_leg(v1::SettlementDifference::BANK);
  ids.insert(id_of(other));
  ids.insert(id_of(surplus("r", 100)));
  ids.insert(id_of(missing("s", 100)));
  EXPECT_EQ(ids.size(), 7u);
  other = what;
  other.mutable_internal()->set_amount(7);
  EXPECT_EQ(id_of(other), id_of(what));
}

TEST(Exceptions, RefuseWhatIsWrongInOrder) {
  const exceptions world;
  auto command = opening(missing("r", 1));
  const auto why = [&](auto change) {
    auto changed = command;
    change(*changed.mutable_open());
    return world.check(changed).why;
  };
  EXPECT_EQ(world.check({}).why, refused::command_malformed);
  EXPECT_EQ(why([](auto& open) { open.set_due_hours(8'761); }), refused::command_malformed);
  EXPECT_EQ(why([](auto& open) { open.clear_differences(); }), refused::items_too_many);
  EXPECT_EQ(why([](auto& open) { open.set_currency("XXQ"); }), refused::currency_unknown);
  EXPECT_EQ(why([](auto& open) { open.mutable_differences(0)->set_window(0); }),
            refused::command_malformed);
  EXPECT_EQ(why([](auto& open) { open.mutable_differences(0)->clear_reference(); }),
            refused::reference_invalid);
  EXPECT_EQ(why([](auto& open) {
              open.mutable_differences(0)->mutable_internal()->set_amount(stated_amount_max + 1);
            }),
            refused::amount_too_large);
  EXPECT_EQ(why([](auto& open) { open.set_account("a b"); }), refused::account_id_invalid);
  EXPECT_EQ(why([](auto& open) { open.set_owner(std::string(65, 'o')); }), refused::owner_invalid);
  EXPECT_EQ(world.check(disposing("exc_0", v1::ACCEPTED)).why, refused::exception_not_found);
  auto silent = disposing("exc_0", v1::ACCEPTED);
  silent.mutable_dispose()->clear_reason();
  EXPECT_EQ(world.check(silent).why, refused::reason_invalid);
}

TEST(Exceptions, AreListedByPage) {
  exceptions world;
  for (int number = 0; number < 5; ++number)
    world.run(opening(missing("r" + std::to_string(number), 1)));
  world.run(disposing(id_of(missing("r2", 1)), v1::CORRECTED));
  v1::ListSettlementExceptionsRequest question;
  question.set_only_open(true);
  question.set_limit(3);
  const auto first = world.book.ask(question);
  EXPECT_EQ(first.data_size(), 3);
  EXPECT_TRUE(first.has_more());
  question.set_starting_after(first.data(2).id());
  EXPECT_EQ(world.book.ask(question).data_size(), 1);
  EXPECT_FALSE(world.book.ask(question).has_more());
}

TEST(Exceptions, AreForgottenWithTheirWindow) {
  exceptions world;
  const auto what = missing("r", 1);
  world.run(opening(what));
  world.run(disposing(id_of(what), v1::CORRECTED));
  world.book.take_changed_rows();
  world.book.forget("EUR", 3);
  EXPECT_EQ(world.book.find(id_of(what)), nullptr);
  const auto rows = world.book.take_changed_rows();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].value, "");
}

} // namespace ducat::settlement::testing
