#include "payment_world.hpp"

#include <gtest/gtest.h>

namespace ducat::payment::test {
namespace {

v1::Outcome payments_page(const world& w, std::uint32_t limit, const std::string& after) {
  v1::Question question;
  question.mutable_payments()->set_limit(limit);
  question.mutable_payments()->set_starting_after(after);
  return w.ask(question);
}

TEST(PaymentList, PagesThroughEverythingInOrderOfCreation) {
  world w;
  for (int i = 0; i < 6; ++i)
    w.run(create_payment("k" + std::to_string(i), "alice", "shop", 1 + i));
  std::vector<std::int64_t> amounts;
  std::string after;
  for (bool more = true; more;) {
    const auto page = payments_page(w, 3, after).payments();
    for (const auto& payment : page.data())
      amounts.push_back(payment.amount());
    after = page.data().rbegin()->id();
    more = page.has_more();
  }
  EXPECT_EQ(amounts, (std::vector<std::int64_t>{10'000, 1, 2, 3, 4, 5, 6}));
}

TEST(PaymentList, HasTenRowsUnlessAskedOtherwise) {
  world w;
  for (int i = 0; i < 12; ++i)
    w.run(create_payment("k" + std::to_string(i), "alice", "shop", 1));
  EXPECT_EQ(payments_page(w, 0, "").payments().data_size(), 10);
}

TEST(PaymentList, RefusesPagesThatAreTooLargeAndCursorsItDoesNotKnow) {
  world w;
  EXPECT_EQ(payments_page(w, 101, "").error().code(), "limit_invalid");
  EXPECT_EQ(payments_page(w, 1, "pay_none").error().code(), "cursor_not_found");
}

TEST(AccountList, PagesInOrderOfCreation) {
  world w;
  v1::Question question;
  question.mutable_accounts()->set_limit(2);
  question.mutable_accounts()->set_starting_after("alice");
  const auto page = w.ask(question).accounts();
  ASSERT_EQ(page.data_size(), 2);
  EXPECT_EQ(page.data(0).id(), "bob");
  EXPECT_EQ(page.data(1).id(), "shop");
  EXPECT_FALSE(page.has_more());
}

TEST(Question, AboutNothingIsNotFound) {
  world w;
  v1::Question question;
  question.mutable_account()->set_id("nobody");
  EXPECT_EQ(w.ask(question).error().type(), v1::Error::NOT_FOUND);
  question.mutable_payment()->set_id("pay_none");
  EXPECT_EQ(w.ask(question).error().code(), "payment_not_found");
  EXPECT_EQ(w.ask({}).error().code(), "command_malformed");
}

TEST(Summary, CountsPaymentsByStateAndBalancesTheBook) {
  world w;
  w.hold("k1", "alice", "shop", 1);
  w.hold("k2", "alice", "shop", 1'000'000);
  v1::Question question;
  question.mutable_summary();
  const auto summary = w.ask(question).summary();
  EXPECT_EQ(summary.accounts(), 4u);
  EXPECT_EQ(summary.payments(), 3u);
  EXPECT_EQ(summary.payments_by_state().at("authorized"), 1u);
  EXPECT_EQ(summary.payments_by_state().at("declined"), 1u);
  ASSERT_EQ(summary.totals_size(), 1);
  EXPECT_TRUE(summary.totals(0).in_balance());
  EXPECT_EQ(summary.totals(0).debits_posted(), "10000");
  EXPECT_EQ(summary.totals(0).debits_pending(), "1");
}

} // namespace
} // namespace ducat::payment::test
