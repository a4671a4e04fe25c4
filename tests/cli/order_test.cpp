#include "load/order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat::testing {

namespace {

using ::testing::ElementsAre;

std::vector<std::uint64_t> take_all(cli::operation_order& order) {
  std::vector<std::uint64_t> taken;
  while (const auto next = order.take_ready())
    taken.push_back(*next);
  return taken;
}

} // namespace

TEST(OperationOrder, SendsWhatDependsOnNothingAtOnce) {
  cli::operation_order order;
  order.admit(1, {}, {"a"});
  order.admit(2, {"x"}, {"b"});
  EXPECT_THAT(take_all(order), ElementsAre(1, 2));
}

TEST(OperationOrder, HoldsBackWhatNeedsAnUnfinishedOne) {
  cli::operation_order order;
  order.admit(1, {}, {"a"});
  order.admit(2, {"a"}, {});
  order.admit(3, {}, {});
  EXPECT_THAT(take_all(order), ElementsAre(1, 3));
  order.finish(3);
  EXPECT_THAT(take_all(order), ElementsAre());
  order.finish(1);
  EXPECT_THAT(take_all(order), ElementsAre(2));
}

TEST(OperationOrder, WaitsForEveryOneThatIsNeeded) {
  cli::operation_order order;
  order.admit(1, {}, {"a"});
  order.admit(2, {}, {"a", "b"});
  order.admit(3, {"a", "b"}, {});
  EXPECT_THAT(take_all(order), ElementsAre(1, 2));
  order.finish(1);
  EXPECT_THAT(take_all(order), ElementsAre());
  order.finish(2);
  EXPECT_THAT(take_all(order), ElementsAre(3));
}

TEST(OperationOrder, KeepsAChainInItsOrder) {
  cli::operation_order order;
  for (std::uint64_t id = 1; id <= 3; ++id)
    order.admit(id, {"p"}, {"p"});
  for (std::uint64_t id = 1; id <= 3; ++id) {
    EXPECT_THAT(take_all(order), ElementsAre(id));
    order.finish(id);
  }
  EXPECT_EQ(order.unfinished(), 0u);
}

TEST(OperationOrder, DoesNotWaitForTheFinishedOrForItself) {
  cli::operation_order order;
  order.admit(1, {"a"}, {"a"});
  EXPECT_THAT(take_all(order), ElementsAre(1));
  order.finish(1);
  order.admit(2, {"a"}, {});
  EXPECT_THAT(take_all(order), ElementsAre(2));
}

} // namespace ducat::testing
