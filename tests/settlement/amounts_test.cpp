/// Amounts so large that sums of them would not fit are refused where they come in.

#include "settlement_world.hpp"

#include <limits>

namespace ducat::settlement::test {
namespace {

constexpr std::int64_t too_much = 10'000'000'000'001;

v1::SettlementCommand presented(std::int64_t amount) {
  v1::SettlementCommand command;
  v1::PresentedCapture& item = *command.mutable_present()->add_items();
  item.set_reference("r");
  item.set_from("world");
  item.set_to("books");
  item.set_amount(amount);
  return command;
}

TEST(Amounts, OfWhatIsSettledHaveALimit) {
  settlement_world w;
  const auto pay = [&](const std::string& to, std::int64_t amount) {
    const std::string key = to + std::to_string(amount);
    return w.run(ducat::testing::create_payment(key, "world", to, amount)).error().code();
  };
  EXPECT_EQ(pay("books", too_much), "amount_too_large");
  EXPECT_EQ(pay("books", too_much - 1), "");
  EXPECT_EQ(pay("shop", std::numeric_limits<std::int64_t>::max()), "") << "no merchant";
  EXPECT_EQ(w.settle(presented(too_much)).error().code(), "amount_too_large");
  EXPECT_FALSE(w.settle(presented(too_much - 1)).has_error());
}

TEST(Amounts, BetweenParticipantsHaveALimit) {
  settlement_world w;
  EXPECT_FALSE(w.participant("north", {"world"}, 0, 5'000).has_error());
  EXPECT_FALSE(w.participant("south", {"shop"}, 0, 5'000).has_error());
  EXPECT_EQ(w.run(ducat::testing::create_payment("k", "world", "shop", too_much)).error().code(),
            "amount_too_large");
  EXPECT_EQ(w.participant("north", {}, too_much, 0).error().code(), "amount_too_large");
  for (const std::int64_t amount : {too_much, -too_much, std::numeric_limits<std::int64_t>::min()})
    EXPECT_EQ(w.fund("north", "k", amount).error().code(), "amount_too_large") << amount;
}

TEST(Amounts, OfFeesOfDisputesHaveALimit) {
  settlement_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  const std::string a = payment::payment_id_of("a");
  w.dispute(a, v1::DisputePayment::OPENED);
  EXPECT_EQ(w.dispute(a, v1::DisputePayment::LOST, 0, too_much).error().code(), "amount_too_large");
  EXPECT_FALSE(w.dispute(a, v1::DisputePayment::LOST, 0, 100).has_error());
}

} // namespace
} // namespace ducat::settlement::test
