/// Members of a window say how the acquirer knows them: by the message that moved the money.

#include "settlement_world.hpp"

#include <ducat/payment/attempt.hpp>

#include <gtest/gtest.h>

#include <string>

namespace ducat::settlement::test {
namespace {

using namespace ducat::testing;

class MembersAtAcquirer : public ::testing::Test {
protected:
  /// Pays 2,500 by card to books, up to the approval; returns the payment's id.
  std::string authorize(const std::string& key, v1::SendAttempt::Asked asked) {
    const std::string id = payment::payment_id_of(key);
    v1::Command created = create_terminal_payment(key, 2'500, true);
    created.mutable_create_payment()->set_to("books");
    w_.run(created);
    w_.run(send_attempt(id, "north", 30'000, asked));
    w_.run(resolve_attempt(id, v1::ResolveAttempt::APPROVED, 2'500));
    return id;
  }

  v1::Member member(int place) const {
    const auto all = w_.members("books", 1);
    EXPECT_LT(place, all.data_size());
    return place < all.data_size() ? all.data(place) : v1::Member{};
  }

  void expect_known_as(const v1::Member& member, std::uint64_t number, std::uint32_t stan) {
    EXPECT_EQ(member.acquirer(), "north");
    EXPECT_EQ(member.rrn(),
              payment::rrn_of({.id = {}, .link = {}, .number = number, .sent_at = {}}));
    EXPECT_EQ(member.stan(), stan);
  }

  settlement_world w_;
};

TEST_F(MembersAtAcquirer, HaveTheNumberOfTheRequestIfItCapturedAtOnce) {
  const std::string id = authorize("k", v1::SendAttempt::FINANCIAL);
  w_.capture(id, "c");
  expect_known_as(member(0), 1, 1);
}

TEST_F(MembersAtAcquirer, HaveTheNumberOfTheAdviceIfItWasOnlyAuthorised) {
  authorize("first", v1::SendAttempt::AUTHORIZATION);
  const std::string id = authorize("k", v1::SendAttempt::AUTHORIZATION);
  w_.capture(id, "c", 2'000);
  expect_known_as(member(0), 2, 3);
}

// What is given back of a capture for less than was approved is an advice, too, and no refund here.
TEST_F(MembersAtAcquirer, OfRefundsHaveTheNumberOfTheirOwnAdvice) {
  const std::string id = authorize("k", v1::SendAttempt::FINANCIAL);
  w_.capture(id, "c", 2'000);
  w_.refund(id, "r1", 700);
  w_.refund(id, "r2", 700);
  expect_known_as(member(0), 1, 1);
  expect_known_as(member(1), 1, 3);
  expect_known_as(member(2), 1, 4);
  EXPECT_EQ(member(2).kind(), v1::Member::REFUND);
}

TEST_F(MembersAtAcquirer, HaveNoNumberOnceTheAcquirerHasReversedThem) {
  const std::string id = authorize("k", v1::SendAttempt::FINANCIAL);
  w_.capture(id, "c");
  w_.run(reverse_payment("back", "k"));
  expect_known_as(member(0), 1, 1);
  expect_known_as(member(1), 1, 0);
  w_.run(resolve_attempt(id, v1::ResolveAttempt::REVERSAL_ACCEPTED));
  expect_known_as(member(0), 1, 0);
}

TEST_F(MembersAtAcquirer, TakenBackAfterAnAdviceHaveTheNumberOfTheRefundThatTellsIt) {
  const std::string id = authorize("k", v1::SendAttempt::AUTHORIZATION);
  w_.capture(id, "c");
  w_.run(reverse_payment("back", "k"));
  expect_known_as(member(0), 1, 2);
  expect_known_as(member(1), 1, 3);
}

TEST_F(MembersAtAcquirer, ThatAreDisputedHaveNoNumber) {
  const std::string id = authorize("k", v1::SendAttempt::FINANCIAL);
  w_.capture(id, "c");
  w_.dispute(id, v1::DisputePayment::OPENED);
  expect_known_as(member(1), 1, 0);
}

TEST_F(MembersAtAcquirer, WithoutACardHaveNoAcquirer) {
  w_.pay_to_the_end("k", "world", "books", 100);
  EXPECT_EQ(member(0).payment(), payment::payment_id_of("k"));
  EXPECT_EQ(member(0).acquirer(), "");
  EXPECT_EQ(member(0).rrn(), "");
  EXPECT_EQ(member(0).stan(), 0u);
}

} // namespace
} // namespace ducat::settlement::test
