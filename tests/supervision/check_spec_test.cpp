#include <ducat/child_spec.hpp>

#include <caf/event_based_actor.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

caf::behavior idle(caf::event_based_actor*) {
  return {[](int) {}};
}

child_spec worker(const std::string& id) {
  return {.id = id, .start = start(idle)};
}

supervisor_spec of(child_spec child) {
  return {.flags = {}, .children = {std::move(child)}};
}

std::string refusal_of(const supervisor_spec& spec) {
  const auto outcome = check(spec);
  return outcome ? "none" : to_string(outcome.error());
}

TEST(CheckSpec, AcceptsTheDefaults) { // S4
  EXPECT_EQ(refusal_of(of(worker("a"))), "none");
  const supervisor_flags flags;
  EXPECT_EQ(flags.strategy, one_for_one);
  EXPECT_EQ(flags.restarts_max, 1u);
  EXPECT_EQ(flags.window, 5s);
  EXPECT_EQ(worker("a").restart, permanent);
  EXPECT_EQ(shutdown_policy{}, shutdown_policy{5s});
}

TEST(CheckSpec, AcceptsAShutdownOfZeroAndNoChildren) { // S4
  auto child = worker("a");
  child.shutdown = 0ms;
  EXPECT_EQ(refusal_of(of(child)), "none");
  EXPECT_EQ(refusal_of({}), "none");
}

TEST(CheckSpec, NamesTheIdThatIsUsedTwice) { // S4
  const supervisor_spec twice{.flags = {}, .children = {worker("a"), worker("a")}};
  EXPECT_EQ(refusal_of(twice), "invalid_argument: a: this id is used twice");
}

TEST(CheckSpec, NamesTheWholePath) {
  auto inner = std::make_shared<const supervisor_spec>(of(worker("not an id")));
  const supervisor_spec outer = of({.id = "outer", .supervisor = inner});
  EXPECT_THAT(refusal_of(outer), HasSubstr("outer/not an id: an id is 1 to 64"));
}

TEST(CheckSpec, RefusesAnIdThatIsEmptyOrTooLong) {
  EXPECT_THAT(refusal_of(of(worker(""))), HasSubstr("an id is"));
  EXPECT_EQ(refusal_of(of(worker(std::string(64, 'x')))), "none");
  EXPECT_THAT(refusal_of(of(worker(std::string(65, 'x')))), HasSubstr("an id is"));
}

TEST(CheckSpec, RefusesAChildWithNothingOrWithTwoThingsToStart) {
  EXPECT_THAT(refusal_of(of({.id = "a"})), HasSubstr("exactly one of start and supervisor"));
  auto both = worker("a");
  both.supervisor = std::make_shared<const supervisor_spec>();
  EXPECT_THAT(refusal_of(of(both)), HasSubstr("exactly one of start and supervisor"));
}

TEST(CheckSpec, RefusesAWindowOfZero) { // S5
  EXPECT_THAT(refusal_of({.flags = {.window = 0ms}, .children = {}}),
              HasSubstr("the root: window is more than 0"));
}

TEST(CheckSpec, RefusesANegativeShutdown) {
  auto child = worker("a");
  child.shutdown = -1ms;
  EXPECT_THAT(refusal_of(of(child)), HasSubstr("shutdown is not negative"));
}

TEST(CheckSpec, AllowsSignificantOnlyWhereItCanMatter) { // S45
  auto child = worker("a");
  child.significant = true;
  supervisor_spec spec = of(child);
  EXPECT_THAT(refusal_of(spec), HasSubstr("a permanent child is never significant"));
  spec.children[0].restart = transient;
  EXPECT_THAT(refusal_of(spec), HasSubstr("significant needs auto_shutdown"));
  spec.flags.auto_shutdown = auto_shutdown::any_significant;
  EXPECT_EQ(refusal_of(spec), "none");
}

TEST(CheckSpec, ChecksThePool) {
  auto child = worker("p");
  child.pool = pool_spec{.size = 0};
  EXPECT_THAT(refusal_of(of(child)), HasSubstr("pool.size"));
  child.pool = pool_spec{.size = 2, .weights = {1, 1}};
  EXPECT_THAT(refusal_of(of(child)), HasSubstr("pool.weights has one for each worker"));
  child.pool = pool_spec{.size = 2, .policy = route::weighted_round_robin, .weights = {1}};
  EXPECT_THAT(refusal_of(of(child)), HasSubstr("pool.weights has one for each worker"));
  child.pool = pool_spec{.size = 2, .policy = route::weighted_round_robin, .weights = {1, 0}};
  EXPECT_THAT(refusal_of(of(child)), HasSubstr("each of pool.weights is more than 0"));
  child.pool = pool_spec{.size = 2, .policy = route::weighted_round_robin, .weights = {3, 1}};
  EXPECT_EQ(refusal_of(of(child)), "none");
}

std::string refusal_of(const pool_spec& pool) {
  auto child = worker("p");
  child.pool = pool;
  return refusal_of(of(child));
}

TEST(CheckSpec, RefusesARedundancyThatCannotBe) {
  const auto refusal = [](redundancy_spec group) {
    return refusal_of(pool_spec{.size = 2, .redundancy = std::move(group)});
  };
  using enum redundancy_mode;
  EXPECT_EQ(refusal({.nodes = {"n1", "n2"}}), "none");
  EXPECT_EQ(refusal({.nodes = {"n1"}, .mode = exclusive, .standby = standby_policy::cold}), "none");
  EXPECT_THAT(refusal({.nodes = {}}), HasSubstr("names the nodes"));
  EXPECT_THAT(refusal({.nodes = {"n/1"}}), HasSubstr("id of a node"));
  EXPECT_THAT(refusal({.nodes = {"n1", "n2", "n1"}}), HasSubstr("names n1 twice"));
  for (const auto standby : {standby_policy::cold, standby_policy::hot})
    EXPECT_THAT(refusal({.nodes = {"n1"}, .standby = standby}), HasSubstr("standby"));
  for (const auto mode : {primary_backup, exclusive})
    EXPECT_THAT(refusal({.nodes = {"n1"}, .mode = mode}), HasSubstr("standby"));
  EXPECT_THAT(refusal({.nodes = {"n1"}, .takeover = true}), HasSubstr("takeover"));
}

// They are stopped with a grant and started with the next one.
TEST(CheckSpec, RefusesTemporaryWorkersInAGroupThatIsGranted) {
  const auto refusal = [](restart_type restart, redundancy_mode mode, standby_policy standby) {
    child_spec pool = worker("pool");
    pool.restart = restart;
    pool.pool =
        pool_spec{.redundancy = redundancy_spec{.nodes = {"n1"}, .mode = mode, .standby = standby}};
    return refusal_of(of(std::move(pool)));
  };
  using enum redundancy_mode;
  for (const auto standby : {standby_policy::cold, standby_policy::hot}) {
    EXPECT_THAT(refusal(temporary, exclusive, standby), HasSubstr("temporary"));
    EXPECT_THAT(refusal(temporary, primary_backup, standby), HasSubstr("temporary"));
    EXPECT_EQ(refusal(transient, exclusive, standby), "none");
  }
  EXPECT_EQ(refusal(temporary, active_active, standby_policy::active), "none");
}

TEST(CheckSpec, RefusesWeightsForAnyOtherPolicy) {
  for (const route how :
       {route::random, route::least_requests, route::power_of_two_choices, route::by_key}) {
    EXPECT_EQ(refusal_of(pool_spec{.size = 2, .policy = how}), "none") << how;
    EXPECT_THAT(refusal_of(pool_spec{.size = 2, .policy = how, .weights = {1, 1}}),
                HasSubstr("pool.weights"))
        << how;
  }
}

TEST(CheckSpec, RefusesAPolicyThatIsNone) {
  EXPECT_THAT(refusal_of(pool_spec{.policy = route{}}), HasSubstr("pool.policy"));
  EXPECT_THAT(refusal_of(pool_spec{.policy = static_cast<route>(7)}), HasSubstr("pool.policy"));
}

TEST(CheckSpec, RefusesABoundOfAWorkerThatThePoolsBoundHides) {
  EXPECT_THAT(refusal_of(pool_spec{.in_flight_max = 5, .pending_max = 4}),
              HasSubstr("pool.pending_max"));
  EXPECT_EQ(refusal_of(pool_spec{.in_flight_max = 5, .pending_max = 5}), "none");
  EXPECT_EQ(refusal_of(pool_spec{.in_flight_max = 5}), "none");
  EXPECT_EQ(refusal_of(pool_spec{.pending_max = 4}), "none");
}

TEST(CheckSpec, ChecksTheBreakerOfAPool) {
  EXPECT_THAT(refusal_of(pool_spec{.breaker = {.failure_percent = 101}}),
              HasSubstr("pool.breaker.failure_percent"));
  EXPECT_EQ(refusal_of(pool_spec{.breaker = {.failure_percent = 100}}), "none");
  EXPECT_THAT(refusal_of(pool_spec{.breaker = {.sample = 0}}), HasSubstr("pool.breaker.sample"));
  EXPECT_THAT(refusal_of(pool_spec{.breaker = {.pause = 0ms}}), HasSubstr("pool.breaker.pause"));
  EXPECT_THAT(refusal_of(pool_spec{.breaker = {.pause = -1ms}}), HasSubstr("pool.breaker.pause"));
}

TEST(CheckSpec, TakesExactlyOneTemplateUnderSimpleOneForOne) { // S6, sup_start_map_simple
  supervisor_spec spec{.flags = {.strategy = simple_one_for_one}, .children = {worker("a")}};
  EXPECT_EQ(refusal_of(spec), "none");
  spec.children.push_back(worker("b"));
  EXPECT_THAT(refusal_of(spec), HasSubstr("exactly one child, the template"));
  spec.children.clear();
  EXPECT_THAT(refusal_of(spec), HasSubstr("exactly one child, the template"));
}

TEST(CheckSpec, RefusesAutoShutdownUnderSimpleOneForOne) { // S45, significant_simple
  for (const auto mode : {auto_shutdown::any_significant, auto_shutdown::all_significant})
    EXPECT_THAT(refusal_of({.flags = {.strategy = simple_one_for_one, .auto_shutdown = mode},
                            .children = {worker("a")}}),
                HasSubstr("never shuts down by itself"));
  auto significant = worker("a");
  significant.restart = transient;
  significant.significant = true;
  EXPECT_THAT(refusal_of({.flags = {.strategy = simple_one_for_one}, .children = {significant}}),
              HasSubstr("significant needs auto_shutdown"));
}

TEST(CheckSpec, ChecksTheBackoff) { // X6
  auto child = worker("a");
  child.backoff = {.initial = 2s, .max = 1s};
  EXPECT_THAT(refusal_of(of(child)), HasSubstr("backoff.initial"));
  child.backoff = {.initial = -1ms};
  EXPECT_THAT(refusal_of(of(child)), HasSubstr("backoff.initial"));
  child.backoff = {.initial = 1s, .max = 1s, .jitter_percent = 101};
  EXPECT_THAT(refusal_of(of(child)), HasSubstr("backoff.jitter_percent"));
  child.backoff = {.initial = 1s, .max = 1s, .jitter_percent = 100};
  EXPECT_EQ(refusal_of(of(child)), "none");
}

TEST(CheckSpec, KeepsMailboxesOnlyOfWorkersThatAreNoPools) { // X4
  auto child = worker("a");
  child.mailbox.fate = mailbox_fate::keep;
  EXPECT_EQ(refusal_of(of(child)), "none");
  child.pool = pool_spec{};
  EXPECT_THAT(refusal_of(of(child)), HasSubstr("mailbox.fate"));
  child.pool.reset();
  for (std::uint32_t mailbox_spec::* field :
       {&mailbox_spec::capacity, &mailbox_spec::in_hand_max, &mailbox_spec::poison_after}) {
    auto none = child;
    none.mailbox.*field = 0;
    EXPECT_THAT(refusal_of(of(none)), HasSubstr("are at least 1"));
  }
}

TEST(CheckSpec, RefusesANegativeHandlerBudget) { // X1
  auto child = worker("a");
  child.handler_budget = -1ms;
  EXPECT_THAT(refusal_of(of(child)), HasSubstr("handler_budget"));
}

} // namespace
} // namespace ducat
