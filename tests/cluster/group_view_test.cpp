/// Who of a redundancy group serves, and whose turn it is to take it.

#include "cluster/group_view.hpp"

#include <gtest/gtest.h>

namespace ducat::cluster {
namespace {

using namespace std::chrono_literals;
using enum member_status::state;

/// Nodes "a", "b" and "c", alive and linked, as "b" sees them.
class GroupView : public ::testing::Test {
protected:
  GroupView() {
    for (const char* id : {"a", "b", "c"})
      seen_.members.push_back({.id = id, .now = alive, .is_linked = true});
  }

  static group_view group(redundancy_mode mode, bool takeover = false) {
    return {"pool", {.nodes = {"a", "b", "c"}, .mode = mode, .takeover = takeover}};
  }

  member_status& node(const std::string& id) {
    return *std::ranges::find(seen_.members, id, &member_status::id);
  }

  /// Returns whether "b" wants the group after `newest` within the time that all would need.
  bool wants(group_view& group, const grant& newest) const {
    for (time_point now{1h}; now < time_point{1h + 3 * succession::step};
         now += succession::step / 10)
      if (const auto wanted = group.wanted(newest, seen_, now))
        return wanted->node == "b" && wanted->after == newest.epoch && wanted->group == "pool";
    return false;
  }

  surroundings seen_{.me = "b", .members = {}};
};

// The list was made shorter: whoever is not on it serves nobody, however well it is.
TEST_F(GroupView, IsTakenFromANodeThatIsNotOfTheGroup) {
  seen_.members.push_back({.id = "z", .now = alive, .is_linked = true});
  auto g = group(redundancy_mode::primary_backup);
  EXPECT_TRUE(wants(g, {"z", 7}));
  auto same = group(redundancy_mode::primary_backup);
  EXPECT_FALSE(wants(same, {"c", 7}));
}

TEST_F(GroupView, AllNodesThatAreAbleServeWhenAllAreActive) {
  const auto g = group(redundancy_mode::active_active);
  EXPECT_TRUE(g.serves("a", {}, seen_));
  EXPECT_TRUE(g.serves("b", {}, seen_));
  for (const auto state : {silent, draining, gone}) {
    node("a").now = state;
    EXPECT_FALSE(g.serves("a", {}, seen_));
  }
  node("a").now = alive;
  node("a").is_linked = false;
  EXPECT_FALSE(g.serves("a", {}, seen_)) << "it cannot be asked";
  EXPECT_FALSE(g.serves("z", {}, seen_)) << "nobody knows it";
}

TEST_F(GroupView, OnlyTheHolderOfTheGrantServesElse) {
  for (const auto mode : {redundancy_mode::primary_backup, redundancy_mode::exclusive}) {
    const auto g = group(mode);
    EXPECT_TRUE(g.serves("a", {"a", 7}, seen_));
    EXPECT_TRUE(g.serves("b", {"b", 7}, seen_));
    EXPECT_FALSE(g.serves("a", {"b", 7}, seen_));
    EXPECT_FALSE(g.serves("a", {}, seen_)) << "it was never granted";
    node("a").now = silent;
    EXPECT_FALSE(g.serves("a", {"a", 7}, seen_));
    node("a").now = alive;
  }
}

TEST_F(GroupView, AnExclusiveHolderThatNobodyHearsStops) {
  seen_.is_heard = false;
  EXPECT_FALSE(group(redundancy_mode::exclusive).serves("b", {"b", 7}, seen_));
  EXPECT_TRUE(group(redundancy_mode::exclusive).serves("a", {"a", 7}, seen_))
      << "of another one that is not known";
  EXPECT_TRUE(group(redundancy_mode::primary_backup).serves("b", {"b", 7}, seen_));
}

TEST_F(GroupView, IsTakenWhenItsHolderFailsDrainsOrIsGone) {
  for (const auto state : {silent, draining, gone}) {
    auto g = group(redundancy_mode::primary_backup);
    EXPECT_FALSE(wants(g, {"a", 7}));
    node("a").now = state;
    EXPECT_TRUE(wants(g, {"a", 7}));
    node("a").now = alive;
  }
  auto g = group(redundancy_mode::primary_backup);
  EXPECT_TRUE(wants(g, {"z", 7})) << "nobody knows it";
}

// Whether others can reach it this node cannot know.
TEST_F(GroupView, IsLeftToAHolderThatOnlyThisNodeCannotReach) {
  auto g = group(redundancy_mode::primary_backup);
  node("a").is_linked = false;
  EXPECT_FALSE(wants(g, {"a", 7}));
}

TEST_F(GroupView, IsTakenByTheFirstOfItsNodesThatIsAble) {
  auto at_first = group(redundancy_mode::exclusive);
  EXPECT_FALSE(at_first.wanted({}, seen_, time_point{1h})) << "a is preferred, and has its time";
  EXPECT_TRUE(wants(at_first, {})) << "then it is b's turn";
  auto without_a = group(redundancy_mode::exclusive);
  node("a").now = gone;
  EXPECT_TRUE(without_a.wanted({}, seen_, time_point{1h})) << "at once";
  auto draining_itself = group(redundancy_mode::exclusive);
  node("b").now = draining;
  EXPECT_FALSE(wants(draining_itself, {}));
}

TEST_F(GroupView, IsNotTakenByANodeThatNobodyHears) {
  auto g = group(redundancy_mode::primary_backup);
  node("a").now = gone;
  seen_.is_heard = false;
  EXPECT_FALSE(wants(g, {"a", 7}));
}

TEST_F(GroupView, IsTakenBackByAPreferredNodeOnlyIfAskedFor) {
  auto without = group(redundancy_mode::primary_backup, false);
  EXPECT_FALSE(wants(without, {"c", 7}));
  auto with = group(redundancy_mode::primary_backup, true);
  EXPECT_FALSE(wants(with, {"c", 7})) << "a is preferred to b";
  node("a").now = gone;
  EXPECT_TRUE(wants(with, {"c", 7}));
  EXPECT_FALSE(wants(with, {"b", 8})) << "it has it";
}

TEST_F(GroupView, IsNeverTakenWhenAllAreActive) {
  auto g = group(redundancy_mode::active_active);
  node("a").now = gone;
  EXPECT_FALSE(wants(g, {"a", 7}));
}

} // namespace
} // namespace ducat::cluster
