#include "routing/pool_test.hpp"
#include "routing/seed.hpp"
#include "supervision/child_slot.hpp"

#include <ducat/child_figures.hpp>
#include <ducat/dynamic_children.hpp>
#include <ducat/inject.hpp>
#include <ducat/router.hpp>
#include <ducat/spawn.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <map>
#include <set>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using test::moody;
using test::numbered;
using test::numbered_or_silent;
using test::virtual_tree;
using ::testing::ElementsAre;

class RouterTest : public test::pool_test {};

TEST_F(RouterTest, GivesTheAnswerOfTheWorkerToTheCaller) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 2})};
  EXPECT_EQ(ask_now(tree, 21), 42);
}

TEST_F(RouterTest, GivesTheErrorOfTheWorkerToTheCaller) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 2})};
  const auto answer = ask_now(tree, std::string{"no such account"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::not_found);
  EXPECT_EQ(answer.error().message, "no such account");
}

TEST_F(RouterTest, SaysThatARequestIsInvalidWhichNoWorkerKnows) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 2})};
  const auto answer = ask_now(tree, 2.5);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::invalid_argument);
}

TEST_F(RouterTest, SharesRequestsAsItsPolicySays) {
  virtual_tree tree{pool_of(start(numbered, lives_),
                            {.size = 2, .policy = route::weighted_round_robin, .weights = {3, 1}})};
  std::vector<int> order;
  for (int i = 0; i < 4; ++i)
    order.push_back(ask_now(tree, std::string{"who"}).value());
  EXPECT_THAT(order, ElementsAre(1, 1, 2, 1));
}

TEST_F(RouterTest, SendsNothingOnceTheDeadlineHasPassed) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 2})};
  const auto answer = ask(tree, 1, 0s);
  tree.system().run();
  ASSERT_TRUE(answer->has_value());
  ASSERT_FALSE(**answer);
  EXPECT_EQ((*answer)->error().code, errc::deadline_exceeded);
  EXPECT_TRUE(log_->seen.empty());
}

TEST_F(RouterTest, SaysAtTheDeadlineThatTheOutcomeIsUnknown) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 2})};
  const auto answer = ask(tree, 100, 1s);
  tree.system().advance(999ms);
  EXPECT_FALSE(answer->has_value());
  tree.system().advance(1ms);
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((*answer)->error().code, errc::outcome_unknown);
  EXPECT_THAT(log_->seen, ElementsAre(100)); // Not sent again.
}

TEST_F(RouterTest, SaysAtOnceThatTheOutcomeIsUnknownIfTheWorkerGoesDownWithIt) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 2})};
  const auto answer = ask_now(tree, -1);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::outcome_unknown);
  EXPECT_THAT(log_->seen, ElementsAre(-1)); // Not sent to the other worker.
}

TEST_F(RouterTest, SaysSoForEveryRequestTheWorkerHadTaken) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 1})};
  const auto first = ask(tree, 100);
  const auto second = ask(tree, 101);
  tree.system().run();
  EXPECT_FALSE(first->has_value());
  ASSERT_TRUE(inject(tree.find("pool/w1"), fault_kind::crash, 0ms));
  tree.system().run();
  ASSERT_TRUE(first->has_value() && second->has_value());
  EXPECT_EQ((*first)->error().code, errc::outcome_unknown);
  EXPECT_EQ((*second)->error().code, errc::outcome_unknown);
}

TEST_F(RouterTest, GivesTheAnswerThatCameBeforeTheCrashThoughItHearsOfTheCrashFirst) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 1})};
  const auto answered = ask(tree, 1);
  const auto lost = ask(tree, -1);
  auto& scheduler = tree.system().scheduler();
  while (log_->seen.size() < 2)
    ASSERT_TRUE(scheduler.try_run_once());
  ASSERT_TRUE(scheduler.prioritize(tree.find("pool").own())); // It hears of the crash,
  scheduler.run_once();
  EXPECT_EQ(tree.find("pool/w1").incarnation(), 0u);
  EXPECT_FALSE(answered->has_value()); // and the router has not seen the answer yet.
  tree.system().run();
  EXPECT_EQ(**answered, 2);
  EXPECT_EQ((*lost)->error().code, errc::outcome_unknown);
}

TEST_F(RouterTest, SaysSoToEveryCallerWhenTheRouterItselfGoesDown) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 1})};
  const auto answer = ask(tree, 100);
  tree.system().run();
  ASSERT_TRUE(inject(tree.find("pool/router"), fault_kind::crash, 0ms));
  tree.system().run();
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((*answer)->error().code, errc::outcome_unknown);
  EXPECT_EQ(ask_now(tree, 4), 8); // The next router routes.
}

TEST_F(RouterTest, ShowsWhatIsInFlightAndWhatItRefused) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 2, .pending_max = 1})};
  const auto shown = [&] { return *figures_of(tree.find("pool/router")).router; };
  EXPECT_EQ(shown(), (router_figures{.workers_able = 2}));
  (void)ask(tree, 100, 10s);
  tree.system().run();
  EXPECT_EQ(shown().in_flight, 1u);
  EXPECT_EQ(ask_now(tree, 1).error().code, errc::overloaded);
  (void)ask(tree, 1, 0s);
  tree.system().run();
  EXPECT_EQ(shown(),
            (router_figures{.in_flight = 1, .workers_able = 2, .overloaded = 1, .late = 1}));
  ASSERT_TRUE(inject(tree.find("pool/router"), fault_kind::crash, 0ms));
  tree.system().run();
  EXPECT_EQ(shown(), (router_figures{.workers_able = 2, .overloaded = 1, .late = 1}))
      << "it has let go of what was in flight, and counts go on";
}

TEST_F(RouterTest, ShowsWhichBreakersAreNotClosed) {
  virtual_tree tree{
      pool_of(start(moody, log_), {.size = 1, .breaker = {.failures_max = 1, .pause = 10s}})};
  const auto shown = [&] { return *figures_of(tree.find("pool/router")).router; };
  (void)ask_now(tree, -1);
  EXPECT_EQ(shown().breakers_open, 1u);
  EXPECT_EQ(shown().workers_able, 0u);
  EXPECT_EQ(ask_now(tree, 1).error().code, errc::unavailable);
  EXPECT_EQ(shown().unavailable, 1u);
  tree.system().advance(10s);
  EXPECT_EQ(ask_now(tree, 1), 2);
  EXPECT_EQ(shown().breakers_open, 0u);
  EXPECT_EQ(shown().workers_able, 1u);
}

TEST_F(RouterTest, GivesNothingToAWorkerThatIsAwayUntilItIsBack) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 2})};
  const caf::actor pool = tree.find("pool").own();
  tree.system().ask<change_reply>(pool, terminate_child("w1"));
  tree.system().run();
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(ask_now(tree, std::string{"who"}), 2);
  tree.system().ask<change_reply>(pool, restart_child("w1"));
  tree.system().run();
  std::map<int, int> shares;
  for (int i = 0; i < 4; ++i)
    ++shares[ask_now(tree, std::string{"who"}).value()];
  EXPECT_EQ(shares, (std::map<int, int>{{2, 2}, {3, 2}})); // The third life is w1's second.
}

TEST_F(RouterTest, TakesTheAnswersOfALifeThatRests) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 1})};
  const auto answer = ask(tree, 1);
  while (log_->seen.empty())
    ASSERT_TRUE(tree.system().scheduler().try_run_once());
  const auto slot = slot_of(tree.find("pool/w1"));
  slot->rest(slot->incarnation());
  EXPECT_EQ(ask_now(tree, 2).error().code, errc::unavailable) << "it gets nothing more";
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ(**answer, 2);
}

TEST_F(RouterTest, LosesWhatALifeHadThatRestedAndEnded) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 1})};
  const auto answer = ask(tree, 100);
  tree.system().run();
  const auto slot = slot_of(tree.find("pool/w1"));
  slot->rest(1);
  tree.system().run();
  EXPECT_FALSE(answer->has_value());
  slot->end(1, {exit_kind::noconnection, "gone"});
  tree.system().run();
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((*answer)->error().code, errc::outcome_unknown);
}

TEST_F(RouterTest, IsUnavailableAtOnceIfNoWorkerRuns) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 2}, temporary)};
  ask_now(tree, -1);
  ask_now(tree, -1);
  const auto answer = ask_now(tree, 1);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::unavailable);
}

TEST_F(RouterTest, CountsWhatEachWorkerHasInFlight) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 2, .policy = route::least_requests})};
  const auto held = ask(tree, 100, 10s); // w1 holds this one.
  tree.system().run();
  const auto crash_counts = [&] {
    return std::pair{tree.find("pool/w1").incarnation(), tree.find("pool/w2").incarnation()};
  };
  ask_now(tree, -1); // To w2, which has nothing.
  EXPECT_EQ(crash_counts(), std::pair(1ul, 2ul));
  ask_now(tree, -1); // To w2 again: what crashed with it counts no more.
  EXPECT_EQ(crash_counts(), std::pair(1ul, 3ul));
  EXPECT_FALSE(held->has_value());
}

TEST_F(RouterTest, GivesRequestsOfTheSameKeyToTheSameWorker) {
  virtual_tree tree{pool_of(start(numbered, lives_), {.size = 3, .policy = route::by_key})};
  std::set<int> owners;
  for (const char* const account : {"alice", "bob", "carol", "dave", "erin", "frank"}) {
    const auto ask_once = [&] {
      const auto answer = tree.system().ask<int>(
          tree.find("pool").current(),
          make_routed_by_key(tree.system().now() + 1s, key_of(account), std::string{"who"}));
      tree.system().run();
      return answer->value().value();
    };
    const int owner = ask_once();
    EXPECT_EQ(ask_once(), owner) << account;
    owners.insert(owner);
  }
  EXPECT_GT(owners.size(), 1u);
}

TEST_F(RouterTest, GivesNothingToAWorkerAtItsBound) {
  virtual_tree tree{pool_of(start(numbered_or_silent, lives_), {.size = 2, .in_flight_max = 1})};
  const auto held = ask(tree, 100);
  tree.system().run();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ask_now(tree, std::string{"who"}), 2);
  EXPECT_FALSE(held->has_value());
}

TEST_F(RouterTest, IsOverloadedAtOnceIfEachWorkerThatRunsIsAtItsBound) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 2, .in_flight_max = 1}, temporary)};
  ask_now(tree, -1); // One worker is gone for good.
  const auto held = ask(tree, 100);
  const auto refused = ask_now(tree, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::overloaded);
  EXPECT_THAT(log_->seen, ElementsAre(-1, 100)); // Nothing was done.
  tree.system().advance(1s);
  EXPECT_TRUE(held->has_value());
  EXPECT_EQ(ask_now(tree, 1), 2); // At the deadline the room is free again.
}

TEST_F(RouterTest, HasRoomAgainWhenTheWorkerHasComeBack) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 1, .in_flight_max = 1})};
  const auto held = ask(tree, 100);
  tree.system().run();
  ASSERT_TRUE(inject(tree.find("pool/w1"), fault_kind::crash, 0ms));
  tree.system().run();
  EXPECT_TRUE(held->has_value());
  EXPECT_EQ(ask_now(tree, 1), 2);
}

TEST_F(RouterTest, IsOverloadedIfThePoolIsAtItsBound) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 3, .pending_max = 2})};
  const auto one = ask(tree, 100);
  const auto two = ask(tree, 101);
  const auto refused = ask_now(tree, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::overloaded);
  tree.system().advance(1s);
  EXPECT_EQ(ask_now(tree, 1), 2);
}

TEST_F(RouterTest, IsUnavailableRatherThanOverloadedIfNoWorkerRuns) {
  virtual_tree tree{
      pool_of(start(moody, log_), {.size = 1, .in_flight_max = 1, .pending_max = 1}, temporary)};
  ask_now(tree, -1);
  const auto answer = ask_now(tree, 1);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::unavailable);
}

TEST_F(RouterTest, GivesNothingToAWorkerWhoseBreakerIsOpenUntilThePauseIsOver) {
  virtual_tree tree{pool_of(start(numbered_or_silent, lives_),
                            {.size = 2, .breaker = {.failures_max = 1, .pause = 10s}})};
  const auto missed = ask(tree, 100); // w1 misses its deadline.
  tree.system().run();
  tree.system().advance(1s);
  ASSERT_TRUE(missed->has_value());
  EXPECT_EQ((*missed)->error().code, errc::outcome_unknown);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ask_now(tree, std::string{"who"}), 2);
  tree.system().advance(10s);
  EXPECT_EQ(ask_now(tree, std::string{"who"}), 1); // The probe.
  EXPECT_EQ(ask_now(tree, std::string{"who"}), 2);
  EXPECT_EQ(ask_now(tree, std::string{"who"}), 1); // It is closed.
}

TEST_F(RouterTest, IsUnavailableIfEachBreakerIsOpen) {
  virtual_tree tree{
      pool_of(start(moody, log_), {.size = 2, .breaker = {.failures_max = 1, .pause = 10s}})};
  ask_now(tree, -1); // A worker that crashed with a request has failed it,
  ask_now(tree, -1); // even if it runs again.
  const auto refused = ask_now(tree, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::unavailable);
  EXPECT_THAT(log_->seen, ElementsAre(-1, -1));
  tree.system().advance(10s);
  EXPECT_EQ(ask_now(tree, 1), 2);
}

TEST_F(RouterTest, GivesOneProbeAtATimeToAWorkerThatHasFailed) {
  virtual_tree tree{
      pool_of(start(moody, log_), {.size = 1, .breaker = {.failures_max = 1, .pause = 10s}})};
  ask_now(tree, -1);
  tree.system().advance(10s);
  const auto probe = ask(tree, 100);
  const auto second = ask_now(tree, 1);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::unavailable);
  tree.system().advance(1s); // The probe misses its deadline,
  EXPECT_TRUE(probe->has_value());
  tree.system().advance(9s);
  EXPECT_FALSE(ask_now(tree, 1)); // so there is another pause.
  tree.system().advance(1s);
  EXPECT_EQ(ask_now(tree, 1), 2);
}

TEST_F(RouterTest, DoesNotTakeAnErrorThatAWorkerKnowsForAFailure) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 1, .breaker = {.failures_max = 1}})};
  EXPECT_EQ(ask_now(tree, std::string{"no such account"}).error().code, errc::not_found);
  EXPECT_EQ(ask_now(tree, 2.5).error().code, errc::invalid_argument);
  EXPECT_EQ(ask_now(tree, 1), 2);
}

TEST_F(RouterTest, HasNoBreakerByDefault) {
  virtual_tree tree{pool_of(start(moody, log_), {.size = 1})};
  for (int i = 0; i < 20; ++i)
    ask_now(tree, -1);
  EXPECT_EQ(ask_now(tree, 1), 2);
}

/// The unanswered requests of each life of each worker, by deadline; and the most there ever were.
struct load {
  std::map<int, std::multimap<time_point, int>> held;
  std::size_t most_of_one = 0;
  std::size_t most_of_all = 0;

  void take(int life, int request, time_point deadline, time_point now) {
    held[life].emplace(deadline, request);
    std::size_t all = 0;
    for (auto& [each, requests] : held) {
      requests.erase(requests.begin(), requests.upper_bound(now));
      all += requests.size();
    }
    most_of_one = std::max(most_of_one, held[life].size());
    most_of_all = std::max(most_of_all, all);
  }
};

/// Takes a request and its deadline. A third it answers, a third it never does, and with a few it
/// crashes.
caf::behavior laden(caf::event_based_actor* self, const std::shared_ptr<load>& all,
                    const std::shared_ptr<int>& lives) {
  const int life = ++*lives;
  // What a life that has ended had is the next one's no more.
  self->attach_functor([=] { all->held.erase(life); });
  return {[=](int request, std::int64_t deadline) -> caf::result<int> {
    const time_point until{duration{deadline}};
    if (request % 10 == 0)
      throw std::runtime_error("crashed with it");
    if (request % 3 == 0)
      return request;
    all->take(life, request, until, self->clock().now());
    return self->make_response_promise<int>();
  }};
}

TEST_F(RouterTest, KeepsItsBoundsAndAnswersEachCallerOnceUnderRandomCrashes) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  const auto all = std::make_shared<load>();
  std::map<int, int> answers; // How many each caller has got.
  std::map<errc, int> refusals;
  virtual_tree tree{pool_of(start(laden, all, lives_), {.size = 4,
                                                        .policy = route::power_of_two_choices,
                                                        .restarts_max = 100'000,
                                                        .in_flight_max = 3,
                                                        .pending_max = 10})};
  constexpr int callers = 2'000;
  for (int caller = 0; caller < callers; ++caller) {
    const int request = static_cast<int>(random() % 120);
    const auto within = std::chrono::milliseconds{1 + random() % 100};
    spawn_function(tree.system().get(), [&, caller, request, within](caf::event_based_actor* self) {
      const time_point deadline = tree.system().now() + within;
      const std::int64_t ticks = deadline.time_since_epoch().count();
      self->request(tree.find("pool").current(), caf::infinite,
                    make_routed(deadline, request, ticks))
          .then([&answers, caller](int) { ++answers[caller]; },
                [&answers, &refusals, caller](const caf::error& why) {
                  ++answers[caller];
                  ++refusals[error_of(why).code];
                });
    });
    if (random() % 4 == 0)
      tree.system().advance(std::chrono::milliseconds{random() % 20});
    if (random() % 100 != 0)
      continue;
    tree.system().run(); // The next router knows nothing of what is held for this one's callers.
    std::ignore = inject(tree.find("pool/router"), fault_kind::crash, 0ms);
    tree.system().run();
    all->held.clear();
  }
  tree.system().run(); // The last callers ask, and only then
  tree.system().advance(1s);
  EXPECT_EQ(answers.size(), static_cast<std::size_t>(callers));
  for (const auto& [caller, count] : answers)
    EXPECT_EQ(count, 1) << "caller " << caller;
  EXPECT_EQ(all->most_of_one, 3u); // Reached, and never exceeded.
  EXPECT_EQ(all->most_of_all, 10u);
  EXPECT_GT(refusals[errc::overloaded], 0);
}

TEST_F(RouterTest, TriesAWorkerAgainAfterThePauseHoweverItsRequestsEnded) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  virtual_tree tree{pool_of(
      start(moody, log_),
      {.size = 1, .restarts_max = 100'000, .breaker = {.failures_max = 2, .pause = 100ms}})};
  int refused = 0;
  for (int turn = 0; turn < 300; ++turn) {
    std::vector<decltype(ask(tree, 1))> asked;
    for (auto left = random() % 10; left != 0; --left) {
      constexpr int requests[] = {1, 2, 100, -1}; // Half of them fail.
      const auto within = std::chrono::milliseconds{1 + random() % 50};
      asked.push_back(ask(tree, requests[random() % 4], within));
      if (random() % 2 == 0)
        tree.system().run();
      tree.system().advance(std::chrono::milliseconds{random() % 20});
    }
    tree.system().run();
    tree.system().advance(50ms); // Nothing is in flight any more.
    for (const auto& answer : asked) {
      ASSERT_TRUE(answer->has_value());
      refused += !**answer && (*answer)->error().code == errc::unavailable ? 1 : 0;
    }
    tree.system().advance(100ms);
    ASSERT_EQ(ask_now(tree, 1), 2) << "turn " << turn;
  }
  EXPECT_GT(refused, 0);
}

TEST_F(RouterTest, AnswersEachCallerExactlyOnceUnderRandomCrashes) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  std::map<int, int> answers; // How many each caller has got.
  virtual_tree tree{
      pool_of(start(moody, log_), {.size = 4, .policy = route::random, .restarts_max = 100'000})};
  constexpr int callers = 2'000;
  for (int caller = 0; caller < callers; ++caller) {
    const int request = static_cast<int>(random() % 120) - 5;
    const auto within = std::chrono::milliseconds{random() % 50};
    spawn_function(tree.system().get(), [&, caller, request, within](caf::event_based_actor* self) {
      self->request(tree.find("pool").current(), caf::infinite,
                    make_routed(tree.system().now() + within, request))
          .then([&answers, caller](int) { ++answers[caller]; },
                [&answers, caller](const caf::error&) { ++answers[caller]; });
    });
    if (random() % 4 == 0)
      tree.system().advance(std::chrono::milliseconds{random() % 20});
    if (random() % 100 == 0)
      std::ignore = inject(tree.find("pool/router"), fault_kind::crash, 0ms);
  }
  tree.system().run(); // The last callers ask, and only then
  tree.system().advance(1s);
  EXPECT_EQ(answers.size(), static_cast<std::size_t>(callers));
  for (const auto& [caller, count] : answers)
    EXPECT_EQ(count, 1) << "caller " << caller;
}

} // namespace
} // namespace ducat
