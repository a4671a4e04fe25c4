/// Schedules of faults: what is refused, and what happens when.

#include <ducat/fault_schedule.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::vector<std::string> nodes{"node1", "node2", "node3"};

fault_schedule with(const fault_rule& rule, std::uint64_t seed = 1) {
  return {.seed = seed, .length = 10s, .rules = {rule}};
}

std::string refusal_of(const fault_schedule& what) {
  const auto done = check(what);
  return done ? "" : done.error().message;
}

std::vector<std::chrono::milliseconds> times_of(const std::vector<fault_event>& events) {
  std::vector<std::chrono::milliseconds> times;
  for (const fault_event& each : events)
    times.push_back(each.at);
  return times;
}

TEST(FaultSchedule, HappensWhenItsRulesSay) {
  const fault_schedule schedule{.length = 10s,
                                .rules = {{.what = fault_action::kill, .at = {5s, 1s}},
                                          {.what = fault_action::pause, .every = 3s, .from = 2s}}};
  ASSERT_EQ(refusal_of(schedule), "");
  EXPECT_THAT(times_of(events_of(schedule, nodes)), ElementsAre(1s, 2s, 5s, 5s, 8s));
}

TEST(FaultSchedule, IsTheSameForTheSameSeed) {
  const fault_rule rule{.what = fault_action::kill, .every = 100ms, .jitter = 50ms};
  EXPECT_EQ(events_of(with(rule, 7), nodes), events_of(with(rule, 7), nodes));
  EXPECT_NE(events_of(with(rule, 7), nodes), events_of(with(rule, 8), nodes));
}

TEST(FaultSchedule, DrawsNodesUnlessOneIsNamed) {
  const auto drawn = events_of(with({.what = fault_action::kill, .every = 100ms}), nodes);
  for (const std::string& node : nodes)
    EXPECT_THAT(drawn, ::testing::Contains(Field(&fault_event::node, node)));
  const auto named =
      events_of(with({.what = fault_action::kill, .node = "writer", .every = 1s}), nodes);
  EXPECT_THAT(named, AllOf(SizeIs(10), Each(Field(&fault_event::node, "writer"))));
}

TEST(FaultSchedule, KeepsJitterWithinItsLength) {
  const auto events =
      events_of(with({.what = fault_action::kill, .every = 500ms, .jitter = 5s}), nodes);
  for (const fault_event& each : events)
    EXPECT_LT(each.at, 10s);
  EXPECT_TRUE(std::ranges::is_sorted(events, {}, &fault_event::at));
}

TEST(FaultSchedule, RefusesWhatCannotBe) {
  const auto refused = [](const fault_rule& rule) { return refusal_of(with(rule)); };
  EXPECT_THAT(refused({.what = fault_action::crash, .at = {1s}}), HasSubstr("rule 1: throw needs"));
  EXPECT_THAT(refused({.what = fault_action::crash, .point = "a", .child = "b", .at = {1s}}),
              HasSubstr("either a fault point or a child"));
  EXPECT_THAT(refused({.what = fault_action::kill, .child = "b", .at = {1s}}),
              HasSubstr("kill has no fault point"));
  EXPECT_THAT(refused({.what = fault_action::storm, .point = "a", .at = {1s}}),
              HasSubstr("storm needs a supervisor"));
  EXPECT_THAT(refused({.what = fault_action::kill}), HasSubstr("either times or an interval"));
  EXPECT_THAT(refused({.what = fault_action::kill, .at = {1s}, .every = 1s}),
              HasSubstr("either times or an interval"));
  EXPECT_THAT(refused({.what = fault_action::kill, .at = {10s}}),
              HasSubstr("a time is not within"));
  EXPECT_THAT(refused({.what = fault_action::kill, .every = 1s, .from = 5s, .until = 5s}),
              HasSubstr("its interval is not within"));
  EXPECT_THAT(refused({.what = fault_action::kill, .every = 1s, .until = 11s}),
              HasSubstr("its interval is not within"));
  EXPECT_THAT(refused({.what = fault_action::kill, .at = {1s}, .lease = 0ms}),
              HasSubstr("a lease"));
  EXPECT_THAT(refused({.what = fault_action::kill, .at = {1s}, .times = 0}), HasSubstr("at least"));
}

TEST(FaultSchedule, RefusesMoreEventsThanItMayHold) {
  fault_schedule schedule = with({.what = fault_action::kill, .every = 1ms});
  schedule.length = 24h;
  EXPECT_THAT(refusal_of(schedule), HasSubstr("at most 100000 events"));
}

TEST(FaultSchedule, NamesEachActionOnce) {
  std::set<std::string_view> names;
  for (const fault_action each : all_fault_actions())
    names.insert(to_string(each));
  EXPECT_THAT(names, SizeIs(all_fault_actions().size()));
  EXPECT_FALSE(names.contains("unknown"));
}

} // namespace
} // namespace ducat
