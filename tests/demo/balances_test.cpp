#include "demo/balances.hpp"

#include <gtest/gtest.h>

namespace ducat::cli {
namespace {

v1::Account on_node(const std::string& id, std::int64_t debits, std::int64_t credits) {
  v1::Account account;
  account.set_id(id);
  account.set_debits_posted(debits);
  account.set_credits_posted(credits);
  return account;
}

checked_account in_log(const std::string& id, std::int64_t debits, std::int64_t credits) {
  return {.id = id, .currency = "EUR", .debits_posted = debits, .credits_posted = credits};
}

TEST(Balances, AreTheSameOnTheNodeAndInTheLog) {
  EXPECT_TRUE(differing_balances({on_node("a", 5, 0), on_node("b", 0, 5)},
                                 {in_log("a", 5, 0), in_log("b", 0, 5)})
                  .empty());
}

TEST(Balances, OfANodeThatPostedTwiceDiffer) {
  const auto found = differing_balances({on_node("a", 10, 0), on_node("b", 0, 10)},
                                        {in_log("a", 5, 0), in_log("b", 0, 5)});
  EXPECT_EQ(found.size(), 2u);
}

TEST(Balances, WithAMissingAccountDiffer) {
  EXPECT_EQ(differing_balances({}, {in_log("a", 0, 0)}).size(), 1u);
}

TEST(Balances, WithAHoldThatIsNotInTheLogDiffer) {
  auto account = on_node("a", 5, 0);
  account.set_debits_pending(1);
  EXPECT_EQ(differing_balances({account}, {in_log("a", 5, 0)}).size(), 1u);
}

} // namespace
} // namespace ducat::cli
