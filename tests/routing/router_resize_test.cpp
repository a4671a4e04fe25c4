#include "routing/pool_test.hpp"
#include "routing/router.hpp"

#include <ducat/dynamic_children.hpp>
#include <ducat/inject.hpp>
#include <ducat/spawn.hpp>

#include <gmock/gmock.h>

#include <map>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using routing::set_workers;
using test::numbered;
using test::numbered_or_silent;
using test::virtual_tree;

/// Tells the router itself, as the supervisor of a pool does.
class SetWorkersTest : public test::pool_test {
protected:
  /// Returns whether the router has answered, now or later.
  std::shared_ptr<bool> set(virtual_tree& tree, const std::vector<std::string>& ids) {
    set_workers change;
    for (const std::string& id : ids)
      change.workers.push_back(tree.find("pool/" + id));
    auto is_done = std::make_shared<bool>(false);
    spawn_function(tree.system().get(), [=, &tree](caf::event_based_actor* self) {
      self->request(tree.find("pool").current(), caf::infinite, change).then([=] {
        *is_done = true;
      });
    });
    tree.system().run();
    return is_done;
  }

  std::map<int, int> shares_of(virtual_tree& tree, int requests) {
    std::map<int, int> counts;
    for (int i = 0; i < requests; ++i)
      ++counts[ask_now(tree, std::string{"who"}).value_or(0)];
    return counts;
  }

  using shares = std::map<int, int>;
};

TEST_F(SetWorkersTest, UsesAnAddedWorkerAtOnce) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 2})};
  tree.system().ask<change_reply>(tree.find("pool").own(),
                                  start_child({.id = "w3", .start = start(numbered, lives_)}));
  tree.system().run();
  EXPECT_EQ(shares_of(tree, 6), (shares{{1, 3}, {2, 3}}));
  EXPECT_TRUE(*set(tree, {"w1", "w2", "w3"}));
  EXPECT_EQ(shares_of(tree, 6), (shares{{1, 2}, {2, 2}, {3, 2}}));
}

TEST_F(SetWorkersTest, UsesAnAddedWorkerOnceItRuns) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 1})};
  EXPECT_TRUE(*set(tree, {"w1", "w2"}));
  EXPECT_EQ(shares_of(tree, 4), (shares{{1, 4}}));
  tree.system().ask<change_reply>(tree.find("pool").own(),
                                  start_child({.id = "w2", .start = start(numbered, lives_)}));
  tree.system().run();
  EXPECT_EQ(shares_of(tree, 4), (shares{{1, 2}, {2, 2}}));
}

TEST_F(SetWorkersTest, GivesNothingToARemovedWorkerAndAnswersAtOnceIfItIsIdle) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 3})};
  EXPECT_TRUE(*set(tree, {"w1"}));
  EXPECT_EQ(shares_of(tree, 4), (shares{{1, 4}}));
}

TEST_F(SetWorkersTest, AnswersWhenARemovedWorkerHasAnsweredWhatItHad) {
  virtual_tree tree{pool_of(start(numbered_or_silent, lives_), {.size = 2})};
  const auto first = ask(tree, 100, 2s); // To w1, which keeps it.
  const auto second = ask(tree, 100, 1s);
  tree.system().run();
  const auto is_done = set(tree, {"w1"});
  EXPECT_FALSE(*is_done);
  tree.system().advance(1s);
  EXPECT_TRUE(second->has_value());
  EXPECT_TRUE(*is_done);
  EXPECT_FALSE(first->has_value());
}

TEST_F(SetWorkersTest, AnswersWhenARemovedWorkerHasGoneDown) {
  virtual_tree tree{pool_of(start(numbered_or_silent, lives_), {.size = 2})};
  const auto answer = ask(tree, 100, 10s); // To w1.
  tree.system().run();
  const auto is_done = set(tree, {"w2"});
  EXPECT_FALSE(*is_done);
  ASSERT_TRUE(inject(tree.find("pool/w1"), fault_kind::crash, 0ms));
  tree.system().run();
  EXPECT_TRUE(answer->has_value());
  EXPECT_TRUE(*is_done);
}

TEST_F(SetWorkersTest, AnswersTheEarlierChangeWhenALaterOneTakesTheWorkerBack) {
  virtual_tree tree{pool_of(start(numbered_or_silent, lives_), {.size = 2})};
  const auto answer = ask(tree, 100, 10s); // To w1.
  tree.system().run();
  const auto is_done = set(tree, {"w2"});
  EXPECT_FALSE(*is_done);
  EXPECT_TRUE(*set(tree, {"w1", "w2"}));
  EXPECT_TRUE(*is_done);
  EXPECT_EQ(shares_of(tree, 4), (shares{{1, 2}, {2, 2}}));
}

TEST_F(SetWorkersTest, KeepsTheKeysOfTheWorkersThatStay) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 3, .policy = route::by_key})};
  const auto owner = [&](std::uint64_t key) {
    const auto answer =
        tree.system().ask<int>(tree.find("pool").current(),
                               make_routed_by_key(tree.system().now() + 1s, key, std::string{}));
    tree.system().run();
    return answer->value().value();
  };
  std::vector<int> before;
  for (std::uint64_t key = 0; key < 50; ++key)
    before.push_back(owner(key));
  set(tree, {"w1", "w2"});
  for (std::uint64_t key = 0; key < 50; ++key)
    EXPECT_TRUE(before[key] == 3 || owner(key) == before[key]);
  set(tree, {"w1", "w2", "w3"});
  for (std::uint64_t key = 0; key < 50; ++key)
    EXPECT_EQ(owner(key), before[key]);
}

} // namespace
} // namespace ducat
