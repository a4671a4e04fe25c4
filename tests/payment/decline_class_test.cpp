#include "payment_world.hpp"

#include <ducat/payment/decline_class.hpp>
#include <ducat/v1/node.pb.h>

#include <gtest/gtest.h>

namespace ducat::payment {
namespace {

TEST(DeclineClass, IsOfTheCodeOfAnAcquirer) {
  EXPECT_EQ(class_of_decline("51"), decline_class::funds);
  EXPECT_EQ(class_of_decline("54"), decline_class::card);
  EXPECT_EQ(class_of_decline("55"), decline_class::authentication);
  EXPECT_EQ(class_of_decline("05"), decline_class::refused);
  EXPECT_EQ(class_of_decline("91"), decline_class::technical);
}

TEST(DeclineClass, IsOfWhatOurBooksSay) {
  EXPECT_EQ(class_of_decline("exceeds_credits"), decline_class::funds);
  EXPECT_EQ(class_of_decline("net_debit_cap_exceeded"), decline_class::funds);
}

// An acquirer may send anything: that makes no class of its own.
TEST(DeclineClass, OfACodeThatNobodyKnowsIsOther) {
  for (const char* code : {"", "5", "511", "99", "ZZ", "a decline"})
    EXPECT_EQ(class_of_decline(code), decline_class::other) << code;
}

TEST(DeclineClass, OfEachDeclineIsCountedByTheMachine) {
  test::world world;
  for (const auto& [key, code] :
       {std::pair{"k1", "51"}, std::pair{"k2", "61"}, std::pair{"k3", "??"}}) {
    const std::string id = world.run(ducat::testing::create_card_payment(key, 100)).payment().id();
    world.run(ducat::testing::send_attempt(id));
    v1::Command declined = ducat::testing::resolve_attempt(id, v1::ResolveAttempt::DECLINED);
    declined.mutable_resolve_attempt()->set_response_code(code);
    world.run(declined);
  }
  v1::Question question;
  question.mutable_summary();
  const auto counts = world.ask(question).summary().declines_by_class();
  EXPECT_EQ(counts.at("funds"), 2u);
  EXPECT_EQ(counts.at("other"), 1u);
  EXPECT_EQ(counts.at("card"), 0u) << "a class without declines is there";
  EXPECT_EQ(counts.size(), decline_classes);
}

} // namespace
} // namespace ducat::payment
