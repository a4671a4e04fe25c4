/// Grants of links stand in the log: an attempt that was decided under an old one is not sent. And
/// payments that no link takes.

#include "payment_world.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ducat::payment::test {
namespace {

using namespace ducat::testing;
using heard = v1::ResolveAttempt;

class LinkGrants : public ::testing::Test {
protected:
  LinkGrants() { w_.run(create_card_payment("k", 100, true)); }

  v1::LinkGrants grants() const {
    v1::Question question;
    question.mutable_link_grants();
    return w_.ask(question).link_grants();
  }

  v1::Payment now() const { return w_.payment(id_); }

  world w_;
  const std::string id_ = payment_id_of("k");
};

TEST_F(LinkGrants, CountUpFromOne) {
  const auto first = w_.run(grant_link("a", 0));
  EXPECT_EQ(first.link_grants().data(0).epoch(), 1u);
  EXPECT_NE(first.index(), 0u);
  EXPECT_EQ(w_.run(grant_link("b", 1)).link_grants().data(0).epoch(), 2u);
  ASSERT_EQ(grants().data_size(), 1);
  EXPECT_EQ(grants().data(0).link(), "b");
  EXPECT_EQ(grants().data(0).acquirer(), "acme");
  EXPECT_EQ(grants().data(0).node(), "node1");
}

// Two lives of whoever decides may both ask: one of them has it.
TEST_F(LinkGrants, HaveNoEffectUnlessTheyFollowTheNewest) {
  w_.run(grant_link("a", 0));
  const auto entries = w_.log().size();
  const auto late = w_.run(grant_link("b", 0));
  EXPECT_TRUE(late.replayed());
  EXPECT_EQ(late.link_grants().data(0).link(), "a") << "it says who has it";
  EXPECT_TRUE(w_.run(grant_link("b", 2)).replayed());
  EXPECT_EQ(w_.log().size(), entries);
}

TEST_F(LinkGrants, AreOfOneNodeAndOneAcquirer) {
  w_.run(grant_link("a", 0));
  w_.run(grant_link("x", 0, "acme", "node2"));
  w_.run(grant_link("y", 0, "other"));
  EXPECT_EQ(grants().data_size(), 3);
  EXPECT_EQ(w_.run(send_over(id_, "a", 1)).payment().attempts_size(), 1);
}

TEST_F(LinkGrants, AreOnTheAttemptsThatWereSentUnderThem) {
  w_.run(grant_link("a", 0));
  const auto sent = w_.run(send_over(id_, "a", 1)).payment();
  EXPECT_EQ(sent.attempts(0).carrier(), "a");
  EXPECT_EQ(sent.attempts(0).epoch(), 1u);
  EXPECT_EQ(sent.attempts(0).link(), "acme");
}

// The fence: whoever decided under the old grant sends nothing.
TEST_F(LinkGrants, RefuseAnAttemptThatWasDecidedUnderAnOlderOne) {
  w_.run(grant_link("a", 0));
  w_.run(grant_link("b", 1));
  const auto entries = w_.log().size();
  EXPECT_EQ(w_.run(send_over(id_, "a", 1)).error().code(), "link_grant_superseded");
  EXPECT_EQ(w_.log().size(), entries);
  EXPECT_EQ(now().state(), v1::Payment::CREATED);
  EXPECT_EQ(w_.account("world").debits_pending(), 0);
  EXPECT_EQ(w_.run(send_over(id_, "b", 2)).payment().state(), v1::Payment::AUTHORIZING);
}

TEST_F(LinkGrants, RefuseALinkThatDoesNotHaveIt) {
  EXPECT_EQ(w_.run(send_over(id_, "a", 1)).error().code(), "link_grant_superseded") << "none has";
  w_.run(grant_link("a", 0));
  EXPECT_EQ(w_.run(send_over(id_, "b", 1)).error().code(), "link_grant_superseded");
  EXPECT_EQ(w_.run(send_over(id_, "a", 1, "node2")).error().code(), "link_grant_superseded");
  EXPECT_EQ(w_.run(send_over(id_, "a", 0)).error().code(), "link_grant_superseded");
}

// What is under way on the old link stays its own: answered, or in doubt.
TEST_F(LinkGrants, LeaveWhatIsUnderWayAlone) {
  w_.run(grant_link("a", 0));
  w_.run(send_over(id_, "a", 1));
  w_.run(grant_link("b", 1));
  EXPECT_EQ(w_.run(send_over(id_, "b", 2)).payment().attempts_size(), 1);
  EXPECT_EQ(w_.run(resolve_attempt(id_, heard::APPROVED, 100)).payment().state(),
            v1::Payment::AUTHORIZED);
}

TEST_F(LinkGrants, RefuseNamesThatAreNone) {
  EXPECT_EQ(w_.run(grant_link("", 0)).error().param(), "link");
  EXPECT_EQ(w_.run(grant_link("a", 0, "a b")).error().param(), "acquirer");
  EXPECT_EQ(w_.run(grant_link("a", 0, "acme", "/")).error().param(), "node");
}

// Giving up ---------------------------------------------------------------------------------------

TEST_F(LinkGrants, APaymentThatNoRouteTakesFailsAndSaysWhy) {
  const auto failed = w_.run(give_up_payment(id_, "acme: its breaker is open")).payment();
  EXPECT_EQ(failed.state(), v1::Payment::FAILED);
  EXPECT_EQ(failed.failure_reason(), "acme: its breaker is open");
  EXPECT_EQ(failed.attempts_size(), 0);
  EXPECT_EQ(w_.run(create_card_payment("k", 100, true)).payment().state(), v1::Payment::FAILED);
  EXPECT_TRUE(w_.run(give_up_payment(id_, "again")).replayed());
  EXPECT_EQ(now().failure_reason(), "acme: its breaker is open");
}

TEST_F(LinkGrants, APaymentThatIsGivenUpAfterADeclineIsDeclined) {
  w_.run(send_attempt(id_));
  auto declined = resolve_attempt(id_, heard::DECLINED);
  declined.mutable_resolve_attempt()->set_may_reroute(true);
  declined.mutable_resolve_attempt()->set_response_code("91");
  w_.run(declined);
  const auto done = w_.run(give_up_payment(id_, "other: its breaker is open")).payment();
  EXPECT_EQ(done.state(), v1::Payment::DECLINED);
  EXPECT_EQ(done.decline_code(), "91");
}

TEST_F(LinkGrants, APaymentThatWasSentIsNotGivenUp) {
  w_.run(send_attempt(id_));
  EXPECT_TRUE(w_.run(give_up_payment(id_, "x")).replayed());
  EXPECT_EQ(now().state(), v1::Payment::AUTHORIZING);
  EXPECT_EQ(w_.run(give_up_payment("pay_0", "x")).error().code(), "payment_not_found");
  EXPECT_EQ(w_.run(give_up_payment(payment_id_of("fund-alice"), "x")).error().code(),
            "payment_not_by_card");
}

} // namespace
} // namespace ducat::payment::test
