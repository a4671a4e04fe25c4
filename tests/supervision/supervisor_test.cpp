#include "supervision/test_children.hpp"

#include <ducat/inject.hpp>
#include <ducat/router.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using namespace test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Supervisor, StartsItsChildrenInOrder) {
  virtual_tree tree{three_of(one_for_one)};
  ASSERT_TRUE(tree.outcome());
  EXPECT_THAT(tree.take_events(), ElementsAre("started a#1", "started b#1", "started c#1"));
}

TEST(Supervisor, StopsThoseThatHaveStartedInReverseIfOneDoesNotStart) { // S2
  auto spec = three_of(one_for_one);
  spec.children[2].start = start(stillborn);
  virtual_tree tree{spec};
  ASSERT_FALSE(tree.outcome());
  EXPECT_EQ(tree.outcome().error().code, errc::unavailable);
  EXPECT_THAT(tree.outcome().error().message, HasSubstr("failed_to_start_child c"));
  EXPECT_THAT(tree.outcome().error().message, HasSubstr("no disk"));
  EXPECT_THAT(tree.take_events(),
              ElementsAre("started a#1", "started b#1", "start_failed c#1 crashed: no disk",
                          "down b#1 shutdown", "down a#1 shutdown"));
}

TEST(Supervisor, RestartsOnlyTheFailedChild) { // S19
  virtual_tree tree{three_of(one_for_one)};
  tree.take_events();
  end(tree, "b", "boom");
  EXPECT_THAT(tree.take_events(),
              ElementsAre("down b#1 crashed: boom", "restart b#1 1/5", "started b#2"));
  EXPECT_EQ(tree.find("b").incarnation(), 2u);
}

TEST(Supervisor, GivesUpOnceTheBudgetIsSpent) { // S13, S33
  virtual_tree tree{three_of(one_for_one, 1)};
  end(tree, "b", "boom");
  tree.take_events();
  end(tree, "b", "boom");
  EXPECT_THAT(tree.take_events(), ElementsAre("down b#2 crashed: boom", "give_up #0 2/1",
                                              "down c#1 shutdown", "down a#1 shutdown"));
  EXPECT_EQ(tree.find("a").incarnation(), 0u);
  EXPECT_FALSE(tree.find("a").current());
}

TEST(Supervisor, KillsAChildThatIgnoresShutdownAfterItsTimeout) { // S26
  auto spec = three_of(one_for_one);
  spec.children[1] = {.id = "b", .start = start(stubborn), .shutdown = 20ms};
  virtual_tree tree{spec};
  tree.take_events();
  const time_point before = tree.system().now();
  stop_tree(tree.system().get(), tree.root());
  EXPECT_EQ(tree.system().now() - before, 20ms);
  EXPECT_THAT(tree.take_events(),
              ElementsAre("down c#1 shutdown", "down b#1 killed", "down a#1 shutdown"));
}

TEST(Supervisor, StartsANestedTreeBeforeTheNextChild) {
  auto nested = std::make_shared<const supervisor_spec>(three_of(one_for_one));
  virtual_tree tree{{.flags = {},
                     .children = {{.id = "inner", .supervisor = nested},
                                  {.id = "last", .start = start(mortal)}}}};
  EXPECT_THAT(tree.take_events(),
              ElementsAre("started inner/a#1", "started inner/b#1", "started inner/c#1",
                          "started inner#1", "started last#1"));
}

TEST(Supervisor, KillsItsChildrenWhenItCrashes) { // S32
  auto nested = std::make_shared<const supervisor_spec>(three_of(one_for_one));
  virtual_tree tree{{.flags = {}, .children = {{.id = "inner", .supervisor = nested}}}};
  tree.take_events();
  const caf::actor before = tree.find("inner/b").current();
  ASSERT_TRUE(inject(tree.find("inner"), fault_kind::crash, 0ms));
  tree.system().run();
  const std::string killed = "#1 killed: inner has crashed";
  EXPECT_THAT(tree.take_events(),
              ElementsAre("down inner/c" + killed, "down inner/b" + killed, "down inner/a" + killed,
                          "down inner#1 crashed: injected fault at inner", "restart inner#1 1/1",
                          "started inner/a#2", "started inner/b#2", "started inner/c#2",
                          "started inner#2"));
  auto answer = tree.system().ask<int>(before, std::string{"normal"});
  tree.system().run();
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((*answer)->error().code, errc::outcome_unknown); // It is dead.
}

TEST(Supervisor, ShowsAPoolAsASupervisorWithItsRouter) {
  virtual_tree tree{
      {.flags = {},
       .children = {{.id = "pool", .start = start(adder), .pool = pool_spec{.size = 2}}}}};
  std::vector<std::string> lines;
  for (const child_status& child : tree.list())
    lines.push_back(child.path + " " + std::string{to_string(child.what)} + " " +
                    std::string{to_string(child.now)});
  EXPECT_THAT(lines, ElementsAre("pool supervisor running", "pool/w1 worker running",
                                 "pool/w2 worker running", "pool/router router running"));
  EXPECT_EQ(tree.find("pool").current(), tree.find("pool/router").current());
  EXPECT_NE(tree.find("pool").own(), tree.find("pool").current());
}

TEST(Pool, AnswersRequestsWithAndWithoutAnEnvelope) {
  virtual_tree tree{
      {.flags = {},
       .children = {{.id = "pool", .start = start(adder), .pool = pool_spec{.size = 2}}}}};
  auto bare = tree.system().ask<int>(tree.find("pool").current(), 1);
  auto enveloped =
      tree.system().ask<int>(tree.find("pool").current(), make_routed(tree.system().now() + 1s, 2));
  tree.system().run();
  ASSERT_TRUE(bare->has_value());
  EXPECT_EQ(**bare, 2);
  ASSERT_TRUE(enveloped->has_value());
  EXPECT_EQ(**enveloped, 3);
}

} // namespace
} // namespace ducat
