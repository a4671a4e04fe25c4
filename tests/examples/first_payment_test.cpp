/// The listing of the README: it runs, and it is the one that is printed there.

#include "../../apps/examples/first_payment.cpp"
#include "support/listing.hpp"
#include "support/payment_commands.hpp"

#include <ducat/testing.hpp>

#include <gtest/gtest.h>

namespace {

std::int64_t balance(ducat::testing::local_node& node, const std::string& id) {
  ducat::v1::Question question;
  question.mutable_account()->set_id(id);
  ducat::v1::Outcome outcome;
  outcome.ParseFromString(
      node.ask<ducat::answer>("ledger", ducat::query{question.SerializeAsString()}).value().text);
  return outcome.account().balance();
}

TEST(FirstPayment, PaysOnceWhenItIsCrashedAfterEachStep) {
  ducat::testing::local_node node{tips};
  using namespace ducat::testing;
  for (const auto& command : {open_account("guest", true), open_account("waiter", false)})
    ASSERT_TRUE(node.ask<ducat::committed>("ledger", ducat::commit{command.SerializeAsString()}));
  node.arm(after_step, {.times = 3});
  const pay::pay tip{.first = create_payment("tip-1", "guest", "waiter", 250),
                     .deadline = std::chrono::steady_clock::now() + 30s};
  const auto paid = node.ask<pay::paid>("tips", tip); // Retries, with the same key.
  ASSERT_TRUE(paid) << paid.error();
  EXPECT_EQ(paid->outcome.payment().state(), ducat::v1::Payment::CAPTURED);
  EXPECT_EQ(node.restarts("tips"), 3u);
  EXPECT_EQ(balance(node, "waiter"), 250);
}

TEST(FirstPayment, IsPrintedInTheReadmeAsItIsCompiled) {
  EXPECT_TRUE(ducat::test::is_printed_in_the_readme("apps/examples/first_payment.cpp"));
}

} // namespace
