#include "routing/pool_test.hpp"

#include <ducat/dynamic_children.hpp>
#include <ducat/inject.hpp>

#include <gmock/gmock.h>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using test::virtual_tree;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// What all lives of all workers have seen.
struct history {
  std::vector<int> seen;
  int crashes_left = 0;
  bool is_silent = false;
};

/// Takes a request and crashes with it as long as crashes are left, then answers twice that.
caf::behavior fragile(caf::event_based_actor* self, const std::shared_ptr<history>& all) {
  return {[=](int request) -> caf::result<int> {
    all->seen.push_back(request);
    if (all->crashes_left > 0) {
      --all->crashes_left;
      throw std::runtime_error("crashed with " + std::to_string(request));
    }
    if (all->is_silent)
      return self->make_response_promise<int>();
    return request * 2;
  }};
}

class RouterRetryTest : public test::pool_test {
protected:
  supervisor_spec pool(pool_spec spec, restart_type restart = permanent) {
    return pool_of(start(fragile, all_), std::move(spec), restart);
  }

  std::shared_ptr<history> all_ = std::make_shared<history>();
};

TEST_F(RouterRetryTest, GivesTheRequestToAnotherWorkerIfOneGoesDownWithIt) {
  virtual_tree tree{pool({.size = 3, .retries_max = 2})};
  all_->crashes_left = 2;
  EXPECT_EQ(ask_now(tree, 21), 42);
  EXPECT_THAT(all_->seen, ElementsAre(21, 21, 21));
  EXPECT_TRUE(tree.letters().list().empty());
}

TEST_F(RouterRetryTest, GivesTheRequestToTheNextLifeIfThereIsNoOtherWorker) {
  virtual_tree tree{pool({.size = 1, .retries_max = 2})};
  all_->crashes_left = 2;
  EXPECT_EQ(ask_now(tree, 21), 42);
}

TEST_F(RouterRetryTest, QuarantinesARequestThatWorkersKeepCrashingWith) {
  virtual_tree tree{pool({.size = 3, .retries_max = 2})};
  all_->crashes_left = 100;
  const auto answer = tree.system().ask<int>(tree.find("pool").current(),
                                             make_routed_by_key(tree.system().now() + 1s, 7, 21));
  tree.system().run();
  ASSERT_TRUE(answer->has_value());
  ASSERT_FALSE(**answer);
  EXPECT_EQ((*answer)->error().code, errc::outcome_unknown);
  EXPECT_THAT((*answer)->error().message, HasSubstr("dead letter 1"));
  EXPECT_THAT(all_->seen, ElementsAre(21, 21, 21));
  const auto letter = tree.letters().find(1);
  ASSERT_TRUE(letter);
  EXPECT_EQ(letter->path, "pool");
  EXPECT_EQ(letter->cause, dead_letter_cause::poison);
  EXPECT_EQ(letter->crashes, 3u);
  EXPECT_EQ(letter->last_crash, (exit_reason{exit_kind::crashed, "crashed with 21"}));
  EXPECT_EQ(letter->body.get_as<int>(0), 21);
  EXPECT_EQ(letter->key, 7u);
}

TEST_F(RouterRetryTest, QuarantinesNothingIfNothingIsTriedAgain) {
  virtual_tree tree{pool({.size = 3})};
  all_->crashes_left = 1;
  EXPECT_EQ(ask_now(tree, 21).error().code, errc::outcome_unknown);
  EXPECT_THAT(all_->seen, ElementsAre(21));
  EXPECT_TRUE(tree.letters().list().empty());
}

TEST_F(RouterRetryTest, DoesNotQuarantineWhatOnlyStoodBehindThePoison) {
  virtual_tree tree{pool_of(start(test::moody, log_), {.size = 1, .retries_max = 2})};
  const auto poison = ask(tree, -1);
  const auto behind = ask(tree, 2);
  tree.system().run();
  ASSERT_TRUE(poison->has_value() && behind->has_value());
  EXPECT_FALSE(**poison);
  EXPECT_EQ(**behind, 4);
  EXPECT_THAT(log_->seen, ElementsAre(-1, 2, -1, -1));
  EXPECT_EQ(tree.letters().count(dead_letter_cause::poison), 1u);
}

TEST_F(RouterRetryTest, WaitsForAWorkerUntilTheDeadline) {
  virtual_tree tree{pool({.size = 1, .retries_max = 9})};
  all_->is_silent = true;
  const auto answer = ask(tree, 21, 1s);
  tree.system().run();
  tree.system().ask<change_reply>(tree.find("pool").own(), terminate_child("w1"));
  tree.system().advance(999ms);
  EXPECT_FALSE(answer->has_value());
  tree.system().advance(1ms);
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((*answer)->error().code, errc::outcome_unknown);
  EXPECT_THAT(all_->seen, ElementsAre(21));
}

TEST_F(RouterRetryTest, GoesOnWhenAWorkerIsBack) {
  virtual_tree tree{pool({.size = 1, .retries_max = 9})};
  all_->is_silent = true;
  const auto answer = ask(tree, 21, 1s);
  tree.system().run();
  tree.system().ask<change_reply>(tree.find("pool").own(), terminate_child("w1"));
  tree.system().advance(500ms);
  all_->is_silent = false;
  tree.system().ask<change_reply>(tree.find("pool").own(), restart_child("w1"));
  tree.system().run();
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ(**answer, 42);
}

TEST_F(RouterRetryTest, AnswersTheCallerWhenTheRouterGoesDownWhileARequestWaits) {
  virtual_tree tree{pool({.size = 1, .retries_max = 9})};
  all_->is_silent = true;
  const auto answer = ask(tree, 21, 1s);
  tree.system().run();
  tree.system().ask<change_reply>(tree.find("pool").own(), terminate_child("w1"));
  tree.system().run();
  ASSERT_TRUE(inject(tree.find("pool/router"), fault_kind::crash, 0ms));
  tree.system().run();
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((*answer)->error().code, errc::outcome_unknown);
}

} // namespace
} // namespace ducat
