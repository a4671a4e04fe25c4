#include <ducat/ducat.hpp>
#include <ducat/testing.hpp>

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

namespace ducat::testing {
namespace {

using namespace std::chrono_literals;

caf::behavior adder(caf::event_based_actor*) {
  return {[](int value) { return value + 1; }};
}

void two_adders(node& node) {
  node.supervise({.restarts_max = 5},
                 {{.id = "a", .start = start(adder)},
                  {.id = "once", .start = start(adder), .restart = temporary},
                  {.id = "pool", .start = start(adder), .pool = pool_spec{.size = 1}}});
}

class LocalNode : public ::testing::Test {
protected:
  LocalNode() { spdlog::set_level(spdlog::level::off); }
};

TEST_F(LocalNode, WaitsForTheLifeAfterTheOneThatItCrashed) {
  local_node node{two_adders};
  EXPECT_EQ(node.crash("a"), 1u);
  EXPECT_EQ(node.wait_until_restarted("a", 1), 2u);
  EXPECT_EQ(node.crash("a"), 2u);
  EXPECT_EQ(node.wait_until_restarted("a", 2), 3u);
  EXPECT_EQ(node.wait_until_restarted("a", 1), 3u);
  EXPECT_EQ(node.ask<int>("a", 1), 2);
}

TEST_F(LocalNode, CrashesAWholePool) {
  local_node node{two_adders};
  EXPECT_EQ(node.crash("pool"), 1u);
  EXPECT_EQ(node.wait_until_restarted("pool", 1), 2u);
  EXPECT_EQ(node.wait_until_restarted("pool/w1", 1), 2u);
}

TEST_F(LocalNode, SaysThatAChildIsNotRestarted) {
  local_node node{two_adders};
  EXPECT_EQ(node.wait_until_restarted("once", node.crash("once"), 20ms).error().code,
            errc::unavailable);
  EXPECT_THROW(node.crash("nobody"), std::runtime_error);
}

} // namespace
} // namespace ducat::testing
