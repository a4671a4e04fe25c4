#include "routing/pool_test.hpp"

#include <ducat/dynamic_children.hpp>
#include <ducat/inject.hpp>

#include <gmock/gmock.h>

#include <map>
#include <set>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using test::numbered;
using test::numbered_or_silent;
using test::virtual_tree;
using ::testing::ElementsAre;

class ResizePoolTest : public test::pool_test {
protected:
  auto resize(virtual_tree& tree, std::uint32_t size) {
    const auto answer = tree.system().ask<change_reply>(tree.find("pool").own(), resize_pool(size));
    tree.system().run();
    return answer;
  }

  change_outcome resized(virtual_tree& tree, std::uint32_t size) {
    return resize(tree, size)->value().value().outcome;
  }

  /// Returns which lives answer; each is asked twice.
  std::set<int> who_answers(virtual_tree& tree, int workers) {
    std::set<int> all;
    for (int i = 0; i < 2 * workers; ++i)
      all.insert(ask_now(tree, std::string{"who"}).value_or(0));
    return all;
  }

  std::vector<std::string> paths(virtual_tree& tree) {
    std::vector<std::string> all;
    for (const child_status& each : tree.list())
      all.push_back(each.path);
    return all;
  }
};

TEST_F(ResizePoolTest, StartsWorkersThatGetRequestsAtOnce) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 2})};
  EXPECT_EQ(resized(tree, 4), change_outcome::ok);
  EXPECT_EQ(who_answers(tree, 4), (std::set{1, 2, 3, 4}));
  EXPECT_THAT(paths(tree),
              ElementsAre("pool", "pool/w1", "pool/w2", "pool/router", "pool/w3", "pool/w4"));
}

TEST_F(ResizePoolTest, StopsTheLastWorkers) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 4})};
  EXPECT_EQ(resized(tree, 2), change_outcome::ok);
  EXPECT_EQ(who_answers(tree, 2), (std::set{1, 2}));
  EXPECT_THAT(paths(tree), ElementsAre("pool", "pool/w1", "pool/w2", "pool/router"));
}

TEST_F(ResizePoolTest, LetsAWorkerFinishWhatItHasBeforeItIsStopped) {
  virtual_tree tree{pool_of(start(numbered_or_silent, lives_), {.size = 1})};
  EXPECT_EQ(resized(tree, 2), change_outcome::ok);
  const auto first = ask(tree, 100, 2s); // To w1.
  const auto second = ask(tree, 100, 1s);
  tree.system().run();
  const auto answer = resize(tree, 1);
  EXPECT_FALSE(answer->has_value());
  EXPECT_EQ(tree.find("pool/w2").incarnation(), 1u);
  tree.system().advance(1s);
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ(tree.find("pool/w2").incarnation(), 0u);
}

TEST_F(ResizePoolTest, GoesUpAndDownOneAfterTheOther) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 2})};
  const caf::actor pool = tree.find("pool").own();
  const auto up = tree.system().ask<change_reply>(pool, resize_pool(5));
  const auto down = tree.system().ask<change_reply>(pool, resize_pool(1));
  const auto up_again = tree.system().ask<change_reply>(pool, resize_pool(3));
  tree.system().run();
  ASSERT_TRUE(up->has_value() && down->has_value() && up_again->has_value());
  EXPECT_EQ(who_answers(tree, 3).size(), 3u);
  EXPECT_EQ(tree.list().size(), 5u);
}

TEST_F(ResizePoolTest, RestartsAnAddedWorkerAsTheOthers) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 1})};
  EXPECT_EQ(resized(tree, 2), change_outcome::ok);
  ASSERT_TRUE(inject(tree.find("pool/w2"), fault_kind::crash, 0ms));
  tree.system().run();
  EXPECT_EQ(who_answers(tree, 2), (std::set{1, 3}));
}

TEST_F(ResizePoolTest, TellsTheNextRouterOfTheWorkersThatWereAdded) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 1})};
  EXPECT_EQ(resized(tree, 3), change_outcome::ok);
  ASSERT_TRUE(inject(tree.find("pool/router"), fault_kind::crash, 0ms));
  tree.system().run();
  EXPECT_EQ(who_answers(tree, 3), (std::set{1, 2, 3}));
}

TEST_F(ResizePoolTest, HasTheSizeOfItsSpecWhenThePoolIsRestarted) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 1})};
  EXPECT_EQ(resized(tree, 3), change_outcome::ok);
  caf::anon_send_exit(tree.find("pool").own(), caf::exit_reason::kill);
  tree.system().run();
  EXPECT_EQ(who_answers(tree, 1).size(), 1u);
  EXPECT_EQ(resized(tree, 2), change_outcome::ok);
  EXPECT_EQ(who_answers(tree, 2).size(), 2u);
}

TEST_F(ResizePoolTest, KeepsTheSizeItHadReachedIfAWorkerDoesNotStart) {
  const auto third_fails = [lives = lives_](caf::event_based_actor*) -> caf::behavior {
    if (++*lives == 3)
      throw std::runtime_error("no room");
    return {[mine = *lives](const std::string&) { return mine; }};
  };
  virtual_tree tree{pool_of(start(third_fails), {.size = 1})};
  const auto answer = resize(tree, 4);
  EXPECT_EQ((*answer)->value().outcome, change_outcome::start_failed);
  EXPECT_EQ((*answer)->value().reason.detail, "no room");
  EXPECT_EQ(who_answers(tree, 2), (std::set{1, 2}));
  EXPECT_EQ(resized(tree, 3), change_outcome::ok);
  EXPECT_EQ(who_answers(tree, 3), (std::set{1, 2, 4}));
}

TEST_F(ResizePoolTest, RefusesWhatCannotBe) {
  virtual_tree tree{pool_of(start(numbered, lives_),
                            {.size = 2, .policy = route::weighted_round_robin, .weights = {3, 1}})};
  EXPECT_EQ(resized(tree, 3), change_outcome::invalid_spec);
  virtual_tree other{pool_of(start(numbered, lives_), {.size = 2})};
  EXPECT_EQ(resized(other, 0), change_outcome::invalid_spec);
  const auto no_pool = other.system().ask<change_reply>(other.root(), resize_pool(3));
  other.system().run();
  EXPECT_EQ((*no_pool)->value().outcome, change_outcome::invalid_spec);
}

} // namespace
} // namespace ducat
