/// All that can break in a run, numbered.

#include "sim/fault_menu.hpp"

#include <gmock/gmock.h>

#include <set>

namespace ducat::sim {
namespace {

using ::testing::ElementsAre;

testing::trial_result run_with(std::uint64_t messages, std::vector<testing::point_hit> hits) {
  testing::trial_result run;
  run.messages = messages;
  run.hits = std::move(hits);
  return run;
}

menu_options three_nodes() {
  return {.between = {fault_action::kill},
          .nodes = {"a", "b", "c"},
          .children = {{"a", "ledger"}, {"b", "w1"}},
          .points_that_throw = {"throws"},
          .from = 0};
}

TEST(FaultMenu, HasEachFaultOfANodeAtEachBoundary) {
  const fault_menu menu{run_with(10, {}), three_nodes()};
  EXPECT_EQ(menu.size(), 30u);
  std::set<std::pair<std::uint64_t, std::string>> all;
  for (std::uint64_t i = 0; i < menu.size(); ++i)
    all.emplace(menu.at(i).what.at, menu.at(i).what.node);
  EXPECT_EQ(all.size(), 30u);
  EXPECT_EQ(all.begin()->first, 0u);
  EXPECT_EQ(all.rbegin()->first, 9u);
}

TEST(FaultMenu, HasEachFaultOfAChildForEachThatTakesPart) {
  menu_options options = three_nodes();
  options.between = {fault_action::crash, fault_action::hang, fault_action::slow};
  const fault_menu menu{run_with(1, {}), options};
  ASSERT_EQ(menu.size(), 5u) << "two children, twice, and one network";
  EXPECT_EQ(
      menu.at(1).what,
      (testing::flow_fault{.what = fault_action::crash, .at = 0, .node = "b", .child = "w1"}));
}

TEST(FaultMenu, HasAtEachHitOfAPointWhatCanHappenThere) {
  menu_options options = three_nodes();
  options.between = {};
  const fault_menu menu{run_with(9, {{"throws", 1, 4}, {"throws", 2, 5}, {"ends", 1, 6}}), options};
  EXPECT_EQ(menu.size(), 4u + 4u + 3u);
  EXPECT_EQ(menu.at(4).what,
            (testing::flow_fault{.what = fault_action::crash, .at = 2, .point = "throws"}));
  EXPECT_EQ(menu.at(4).after, 5u);
}

TEST(FaultMenu, BreaksNothingBeforeItsBeginning) {
  menu_options options = three_nodes();
  options.from = 8;
  const fault_menu menu{run_with(10, {{"throws", 1, 7}, {"throws", 2, 8}}), options};
  EXPECT_EQ(menu.size(), 2u * 3 + 4);
  EXPECT_EQ(menu.at(0).after, 8u);
}

TEST(DrawNumbers, DrawsThatManyDifferentOnesInOrderByTheSeed) {
  const auto drawn = draw_numbers(1, 50, 1'000);
  EXPECT_EQ(std::set(drawn.begin(), drawn.end()).size(), 50u);
  EXPECT_TRUE(std::ranges::is_sorted(drawn));
  EXPECT_LT(drawn.back(), 1'000u);
  EXPECT_EQ(drawn, draw_numbers(1, 50, 1'000));
  EXPECT_NE(drawn, draw_numbers(2, 50, 1'000));
}

TEST(DrawNumbers, ReturnsAllIfThereAreNoMore) {
  EXPECT_THAT(draw_numbers(1, 5, 3), ElementsAre(0, 1, 2));
  EXPECT_THAT(draw_numbers(1, 5, 0), ElementsAre());
}

} // namespace
} // namespace ducat::sim
