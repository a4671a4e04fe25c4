/// What `ducat top` shows of what a node has answered.

#include "top/top_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class Top : public ::testing::Test {
protected:
  Top() {
    now_.status.set_node("n1");
    now_.status.set_payments(700);
    now_.status.set_log_index(40);
    now_.status.add_totals()->set_in_balance(true);
    add("payments", "running", 0);
    add("payments/w1", "running", 3);
    add("payments/w2", "running", 9);
    add("ledger", "restarting", 1);
  }

  v1::Child& add(const std::string& path, const std::string& state, std::uint64_t restarts) {
    v1::Child& child = *now_.tree.add_children();
    child.set_path(path);
    child.set_kind("worker");
    child.set_state(state);
    child.set_restarts(restarts);
    child.set_incarnation(restarts + 1);
    return child;
  }

  std::string screen(top_order order = top_order::restarts, screen_size size = {},
                     const top_sample* before = nullptr) {
    const console io{.out = printed_, .err = printed_};
    return top_screen(io, now_, before, order, size);
  }

  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> all;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
      all.push_back(line);
    return all;
  }

  top_sample now_;
  std::ostringstream printed_;
};

TEST_F(Top, ShowsFirstWhatDoesNotRunThenWhatRestartsMost) {
  const auto shown = lines(screen());
  ASSERT_EQ(shown.size(), 9u);
  EXPECT_THAT(shown[5], HasSubstr("ledger"));
  EXPECT_THAT(shown[6], HasSubstr("payments/w2"));
  EXPECT_THAT(shown[7], HasSubstr("payments/w1"));
}

TEST_F(Top, ShowsWhatDoesNotRunFirstInEveryOrder) {
  for (const top_order order : {top_order::restarts, top_order::life, top_order::name})
    EXPECT_THAT(lines(screen(order))[5], HasSubstr("ledger"));
  EXPECT_THAT(lines(screen(top_order::name))[6], ContainsRegex("^payments "));
}

TEST_F(Top, SaysWhetherTheBooksBalance) {
  EXPECT_THAT(screen(), HasSubstr("ledger in balance"));
  now_.status.add_totals()->set_in_balance(false);
  EXPECT_THAT(screen(), HasSubstr("OUT OF BALANCE"));
}

TEST_F(Top, ShowsHowMuchWasDoneSinceTheLookBefore) {
  top_sample before = now_;
  now_.at = before.at + 2s;
  before.status.set_payments(500);
  before.status.set_log_index(10);
  EXPECT_THAT(screen(top_order::name, {}, &before), HasSubstr("payments 700 (100/s)"));
  EXPECT_THAT(screen(top_order::name, {}, &before), HasSubstr("log 40 (15/s)"));
  EXPECT_THAT(screen(), Not(HasSubstr("/s)")));
}

TEST_F(Top, ShowsNoRateOfANodeThatHasBegunAnew) {
  EXPECT_EQ(rate_of(5, 9, 1s), std::nullopt);
  EXPECT_EQ(rate_of(9, 5, 0s), std::nullopt);
  EXPECT_EQ(rate_of(9, 5, 8s), 1u);
}

TEST_F(Top, ShowsAsManyChildrenAsThereIsRoomFor) {
  for (int each = 0; each < 10'000; ++each)
    add("terminals/t" + std::to_string(each), "running", 0);
  const auto shown = lines(screen(top_order::restarts, {.rows = 12, .columns = 80}));
  ASSERT_EQ(shown.size(), 12u);
  EXPECT_THAT(shown[5], HasSubstr("ledger"));
  EXPECT_EQ(shown.back(), "and 9998 more");
  EXPECT_THAT(screen(), HasSubstr("children 10004  not running 1"));
}

TEST_F(Top, IsNoWiderAndNoHigherThanTheScreen) {
  now_.tree.mutable_children(0)->set_last_exit(std::string(500, 'x'));
  now_.tree.mutable_children(1)->set_path("payments/" + std::string(300, 'y') + "/end");
  for (const std::size_t rows : {0u, 1u, 4u, 5u, 6u, 7u, 30u}) {
    const auto shown = lines(screen(top_order::name, {.rows = rows, .columns = 70}));
    EXPECT_LE(shown.size(), rows);
    for (const std::string& each : shown)
      EXPECT_LE(each.size(), 70u);
  }
  EXPECT_THAT(screen(), ContainsRegex("\\.\\.y+/end "));
}

TEST_F(Top, DoesNotLetAPathSteerTheTerminal) {
  add("x\x1b[2J", "running", 0);
  EXPECT_THAT(screen(), Not(HasSubstr("\x1b")));
}

TEST_F(Top, ListsTheNodesOfACluster) {
  EXPECT_THAT(screen(), Not(HasSubstr("nodes")));
  for (const char* id : {"n1", "n2"}) {
    v1::ClusterNode& node = *now_.nodes.add_nodes();
    node.set_id(id);
    node.set_state("alive");
  }
  now_.nodes.mutable_nodes(1)->set_holds_log(true);
  EXPECT_THAT(screen(), HasSubstr("nodes  n1 alive  n2 alive writes\n"));
}

} // namespace
} // namespace ducat::cli
