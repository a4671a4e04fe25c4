/// What is measured of children.

#include "supervision/test_children.hpp"

#include <ducat/child_figures.hpp>
#include <ducat/dynamic_children.hpp>
#include <ducat/inject.hpp>

#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using namespace test;

child_figures figures(virtual_tree& tree, const std::string& path) {
  return figures_of(tree.find(path));
}

TEST(ChildFigures, TellWhenTheLifeThatRunsBegan) {
  virtual_tree tree{three_of(one_for_one)};
  tree.system().advance(5s);
  end(tree, "a", "boom");
  const auto restarted = figures(tree, "a").began;
  ASSERT_TRUE(restarted);
  EXPECT_EQ(tree.system().now() - *restarted, 0s);
  tree.system().advance(3s);
  EXPECT_EQ(tree.system().now() - *figures(tree, "a").began, 3s);
}

TEST(ChildFigures, TellNothingOfALifeThatIsOver) {
  virtual_tree tree{
      {.flags = {}, .children = {{.id = "a", .start = start(mortal), .restart = temporary}}}};
  tree.system().advance(1s);
  end(tree, "a", "normal");
  EXPECT_FALSE(figures(tree, "a").began);
  EXPECT_FALSE(figures(tree, "a").waiting);
}

TEST(ChildFigures, CountMessagesThatWait) {
  virtual_tree tree{{.flags = {}, .children = {{.id = "a", .start = start(adder)}}}};
  const caf::actor child = tree.find("a").current();
  EXPECT_EQ(figures(tree, "a").waiting, 0u);
  for (int i = 0; i < 3; ++i)
    caf::anon_send(child, i);
  EXPECT_EQ(figures(tree, "a").waiting, 3u);
  tree.system().run();
  EXPECT_EQ(figures(tree, "a").waiting, 0u);
}

// What was in the mailbox of the life before is lost with it.
TEST(ChildFigures, CountMessagesOfEachLifeAnew) {
  virtual_tree tree{three_of(one_for_one)};
  for (int i = 0; i < 3; ++i)
    caf::anon_send(tree.find("a").current(), std::string{"boom"});
  tree.system().run();
  EXPECT_EQ(tree.find("a").incarnation(), 2u);
  EXPECT_EQ(figures(tree, "a").waiting, 0u);
}

TEST(ChildFigures, CountMessagesThatAreKeptForAChildThatDoesNotAnswer) {
  const auto silent = [](caf::event_based_actor* self) -> caf::behavior {
    return {[self](int) -> caf::result<int> { return self->make_response_promise<int>(); }};
  };
  virtual_tree tree{
      {.flags = {},
       .children = {{.id = "a", .start = start(silent), .mailbox = {.fate = mailbox_fate::keep}}}}};
  EXPECT_EQ(figures(tree, "a").kept, 0u);
  for (int i = 0; i < 3; ++i)
    caf::anon_send(tree.find("a").current(), i);
  tree.system().run();
  EXPECT_EQ(figures(tree, "a").kept, 3u);
}

TEST(ChildFigures, CountNothingOfChildrenThatWereAdded) {
  virtual_tree tree{three_of(one_for_one)};
  caf::anon_send(tree.root(), start_child({.id = "d", .start = start(adder)}));
  tree.system().run();
  ASSERT_TRUE(tree.find("d").current());
  EXPECT_TRUE(figures(tree, "c").is_named);
  EXPECT_FALSE(figures(tree, "d").is_named);
  EXPECT_FALSE(figures(tree, "d").waiting);
}

TEST(ChildFigures, CountNothingOfInstances) {
  virtual_tree tree{{.flags = {.strategy = simple_one_for_one},
                     .children = {{.id = "template", .start = start(adder)}}}};
  caf::anon_send(tree.root(), start_instance());
  tree.system().run();
  ASSERT_EQ(tree.list().size(), 1u);
  EXPECT_TRUE(tree.find("1").current());
  EXPECT_FALSE(figures(tree, "1").waiting);
}

TEST(ChildFigures, TellWhatIsLeftOfABudget) {
  const supervisor_flags flags{.restarts_max = 3, .window = 10s};
  virtual_tree tree{{.flags = flags, .children = {{.id = "a", .start = start(mortal)}}}};
  const auto left = [&] {
    return restarts_left(flags, figures(tree, "").restarts, tree.system().now());
  };
  EXPECT_EQ(left(), 3u);
  tree.system().advance(1s);
  end(tree, "a", "boom");
  tree.system().advance(6s);
  end(tree, "a", "boom");
  EXPECT_EQ(left(), 1u);
  tree.system().advance(5s); // Nothing happens, and the first one counts no more.
  EXPECT_EQ(left(), 2u);
  tree.system().advance(10s);
  EXPECT_EQ(left(), 3u);
}

TEST(RestartsLeft, AreNeverLessThanNone) {
  const supervisor_flags flags{.restarts_max = 1, .window = 10s};
  const time_point now{100s};
  EXPECT_EQ(restarts_left(flags, {now - 3s, now - 2s, now}, now), 0u);
  EXPECT_EQ(restarts_left(flags, {now - 11s}, now), 1u);
  EXPECT_EQ(restarts_left(flags, {now - 10s}, now), 0u) << "as restart_window counts";
}

} // namespace
} // namespace ducat
