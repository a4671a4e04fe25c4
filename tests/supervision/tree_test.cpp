#include "supervision/test_children.hpp"

#include <ducat/inject.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using namespace test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

supervisor_spec nested(supervisor_spec inner, supervisor_flags flags = {},
                       restart_type restart = permanent) {
  return {.flags = flags,
          .children = {{.id = "inner",
                        .restart = restart,
                        .supervisor = std::make_shared<const supervisor_spec>(std::move(inner))}}};
}

/// S7, S9: what becomes of a child of `type` that ends as `how`.
struct ending {
  restart_type type;
  const char* how;
  const char* then; ///< "restarted", "stopped" or "gone".
};

std::ostream& operator<<(std::ostream& out, const ending& value) {
  return out << to_string(value.type) << " that ends as " << value.how << " is " << value.then;
}

class EndOfAChild : public ::testing::TestWithParam<ending> {};

TEST_P(EndOfAChild, IsHandledAsItsRestartTypeSays) {
  virtual_tree tree{
      {.flags = {}, .children = {{.id = "a", .start = start(mortal), .restart = GetParam().type}}}};
  end(tree, "a", GetParam().how);
  const auto all = tree.list();
  const std::string then = all.empty() ? "gone" : all[0].restarts > 0 ? "restarted" : "stopped";
  EXPECT_EQ(then, GetParam().then);
  EXPECT_EQ(tree.find("a").incarnation(), then == "restarted" ? 2u : 0u);
}

INSTANTIATE_TEST_SUITE_P(AllRestartTypes, EndOfAChild,
                         ::testing::Values(ending{permanent, "normal", "restarted"},
                                           ending{permanent, "shutdown", "restarted"},
                                           ending{permanent, "boom", "restarted"},
                                           ending{transient, "normal", "stopped"},
                                           ending{transient, "shutdown", "stopped"},
                                           ending{transient, "boom", "restarted"},
                                           ending{temporary, "normal", "gone"},
                                           ending{temporary, "shutdown", "gone"},
                                           ending{temporary, "boom", "gone"}),
                         [](const auto& param) {
                           return std::string{to_string(param.param.type)} + "_" + param.param.how;
                         });

TEST(Tree, RestartsAPermanentSupervisorThatGaveUp) { // S34, P15b
  virtual_tree tree{nested(three_of(one_for_one, 0))};
  tree.take_events();
  end(tree, "inner/a", "boom");
  EXPECT_EQ(tree.find("inner").incarnation(), 2u);
  EXPECT_EQ(tree.find("inner/c").incarnation(), 2u);
}

TEST(Tree, DoesNotRestartATransientSupervisorThatGaveUp) { // S34, P15
  virtual_tree tree{nested(three_of(one_for_one, 0), {}, transient)};
  end(tree, "inner/a", "boom");
  EXPECT_EQ(tree.find("inner").incarnation(), 0u);
  EXPECT_EQ(tree.list().front().now, child_status::state::stopped);
}

TEST(Tree, MultipliesTheBudgetsOfItsLevels) { // S35, P16
  virtual_tree tree{
      nested({.flags = {.restarts_max = 2}, .children = {{.id = "a", .start = start(mortal)}}},
             {.restarts_max = 2})};
  int lives = 0;
  while (tree.find("inner/a").current()) {
    ++lives;
    end(tree, "inner/a", "boom");
  }
  EXPECT_EQ(lives, 9);
}

TEST(Tree, NamesTheChildThatFailedDeepDown) { // S2
  auto inner = three_of(one_for_one);
  inner.children[1].start = start(stillborn);
  virtual_tree tree{nested(inner)};
  ASSERT_FALSE(tree.outcome());
  EXPECT_THAT(tree.outcome().error().message, HasSubstr("failed_to_start_child inner"));
  EXPECT_THAT(tree.outcome().error().message,
              HasSubstr("failed_to_start_child b: crashed: no disk"));
}

TEST(Tree, RefusesASpecThatIsWrong) {
  virtual_tree tree{{.flags = {}, .children = {{.id = "a"}}}};
  ASSERT_FALSE(tree.outcome());
  EXPECT_EQ(tree.outcome().error().code, errc::invalid_argument);
}

TEST(Tree, IgnoresAnExitOfSomebodyElseThanTheParent) { // S10
  virtual_tree tree{nested(three_of(one_for_one))};
  tree.take_events();
  caf::anon_send_exit(tree.find("inner").own(), caf::exit_reason::user_shutdown);
  tree.system().run_to_the_end();
  EXPECT_THAT(tree.take_events(), IsEmpty());
  EXPECT_EQ(tree.find("inner").incarnation(), 1u);
}

TEST(Tree, LeavesNoOrphanWhenASupervisorIsKilled) { // S32; OTP leaves those that trap (P27).
  virtual_tree tree{nested({.flags = {}, .children = {{.id = "a", .start = start(stubborn)}}})};
  const caf::actor orphan = tree.find("inner/a").current();
  bool dead = false;
  orphan->attach_functor([&dead] { dead = true; });
  caf::anon_send_exit(tree.find("inner").own(), caf::exit_reason::kill);
  tree.system().run();
  EXPECT_TRUE(dead);
  EXPECT_EQ(tree.find("inner/a").incarnation(), 2u);
}

TEST(Tree, LeavesNoOrphanWhenTheRootIsKilled) { // S32
  virtual_tree tree{nested({.flags = {}, .children = {{.id = "a", .start = start(stubborn)}}})};
  const caf::actor orphan = tree.find("inner/a").current();
  bool dead = false;
  orphan->attach_functor([&dead] { dead = true; });
  caf::anon_send_exit(tree.root(), caf::exit_reason::kill);
  tree.system().run();
  EXPECT_TRUE(dead);
  for (const child_status& child : tree.list())
    EXPECT_EQ(child.now, child_status::state::stopped) << child.path;
}

TEST(Tree, EndsWithShutdownWhenItGivesUp) { // S33
  virtual_tree tree{three_of(one_for_one, 0)};
  exit_reason why;
  tree.root()->attach_functor([&why](const caf::error& reason) { why = exit_reason_of(reason); });
  end(tree, "a", "boom");
  EXPECT_EQ(why, (exit_reason{exit_kind::shutdown, ""}));
}

TEST(Tree, EndsSignificantSupervisorsUpToTheTop) { // S49
  auto inner = three_of(one_for_one);
  inner.flags.auto_shutdown = auto_shutdown::any_significant;
  inner.children[0].restart = transient;
  inner.children[0].significant = true;
  auto spec = nested(inner, {.auto_shutdown = auto_shutdown::any_significant}, transient);
  spec.children[0].significant = true;
  virtual_tree tree{spec};
  tree.take_events();
  end(tree, "inner/a", "normal");
  EXPECT_THAT(tree.take_events(), ElementsAre("down inner/a#1 normal", "auto_shutdown inner#0",
                                              "down inner/c#1 shutdown", "down inner/b#1 shutdown",
                                              "down inner#1 shutdown", "auto_shutdown #0"));
}

TEST(Tree, EndsAnUnreferencedRootWithItsChildren) {
  virtual_system system;
  auto names = std::make_shared<directory>();
  supervisor_options options;
  options.directory = names;
  {
    const auto root = start_tree(system.get(), three_of(one_for_one), options);
    ASSERT_TRUE(root);
  }
  system.run();
  EXPECT_FALSE(names->find("a").current());
}

TEST(Tree, ShowsTheRootIfItHasAPath) {
  virtual_system system;
  auto names = std::make_shared<directory>();
  supervisor_options options{.path = "node1", .directory = names};
  const auto root = start_tree(system.get(), three_of(one_for_one), options);
  ASSERT_TRUE(root);
  std::vector<std::string> paths;
  for (const child_status& child : names->list())
    paths.push_back(child.path + " " + std::string{to_string(child.now)});
  EXPECT_THAT(
      paths, ElementsAre("node1 running", "node1/a running", "node1/b running", "node1/c running"));
  EXPECT_EQ(names->find("node1").own(), *root);
  stop_tree(system.get(), *root);
  EXPECT_FALSE(names->find("node1").own());
}

TEST(Handle, ComesToLifeWithTheChild) { // X3
  virtual_system system;
  auto names = std::make_shared<directory>();
  const handle early = names->find("a");
  EXPECT_FALSE(early.current());
  EXPECT_FALSE(names->contains("a"));
  const auto root = start_tree(system.get(), three_of(one_for_one), {.directory = names});
  EXPECT_TRUE(early.current());
  EXPECT_TRUE(names->contains("a"));
  EXPECT_EQ(early, names->find("a"));
  stop_tree(system.get(), *root);
}

TEST(Handle, NamesNobodyAsSoonAsTheStopBegins) {
  virtual_tree tree{{.flags = {}, .children = {{.id = "a", .start = start(stubborn)}}}};
  caf::anon_send_exit(tree.root(), caf::exit_reason::user_shutdown);
  tree.system().run(); // The child has not ended: nobody has moved the clock to its timeout.
  EXPECT_FALSE(tree.find("a").current());
  EXPECT_THAT(tree.take_events(), ElementsAre("started a#1"));
}

} // namespace
} // namespace ducat
