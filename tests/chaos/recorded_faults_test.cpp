/// What nodes have logged of faults by hand, as a schedule that can be carried out.

#include "chaos/recorded_faults.hpp"
#include "chaos/schedule_file.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<recorded_fault> logged(const std::string& text) {
  std::istringstream in{text};
  return faults_in_log(in, "node2");
}

TEST(RecordedFaults, AreOrdersAndKilledRuntimesInALog) {
  const auto found = logged(
      "[2026-01-31 23:59:59.900] [guardian] [info] runtime_started pid=7\n"
      "node_ready id=node2 grpc=127.0.0.1:7421\n"
      "[2026-01-31 23:59:59.950] [fault] [warning] fault_ordered fault=throw "
      "point=payment.after_capture times=3 lease_ms=2000\n"
      "[2026-02-01 00:00:01.000] [fault] [warning] fault_ordered fault=hang child=payments/w1 "
      "times=1 lease_ms=500\n"
      "[2026-02-01 00:00:02.000] [guardian] [warning] runtime_ended reason=\"killed by SIGKILL\" "
      "restarts=1/5 wait_ms=100\n"
      "[2026-02-01 00:00:03.000] [guardian] [warning] runtime_ended reason=\"exit 70\" "
      "restarts=2/5 wait_ms=100\n"
      "[2026-02-01 00:00:04.000] [fault] [warning] fault_ordered fault=melt child=a times=1 "
      "lease_ms=500\n"
      "[2026-02-01 00:00:05.000] [fault] [warning] fault_ordered fault=hang link=node1 times=1 "
      "lease_ms=500\n"
      "[2026-99-01 00:00:0");
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].what.what, fault_action::crash);
  EXPECT_EQ(found[0].what.point, "payment.after_capture");
  EXPECT_EQ(found[0].what.times, 3u);
  EXPECT_EQ(found[0].what.node, "node2");
  EXPECT_EQ(found[1].what.what, fault_action::hang);
  EXPECT_EQ(found[1].what.child, "payments/w1");
  EXPECT_EQ(found[1].what.lease, 500ms);
  EXPECT_EQ(found[1].at - found[0].at, 1'050ms) << "over the end of a month";
  EXPECT_EQ(found[2].what.what, fault_action::kill);
}

// The runtime says so when it goes on.
TEST(RecordedFaults, ArePausesFromWhenTheyBegan) {
  const auto found = logged("[2026-02-01 00:00:04.500] [fault] [warning] fault_ordered fault=hang "
                            "child=a times=1 lease_ms=500\n"
                            "[2026-02-01 00:00:07.250] [fault] [warning] runtime_paused "
                            "for_ms=3250\n");
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[1].what.what, fault_action::pause);
  EXPECT_EQ(found[1].what.node, "node2");
  EXPECT_EQ(found[1].what.lease, 3'250ms);
  EXPECT_EQ(found[0].at - found[1].at, 500ms);
  const auto schedule = schedule_of(found);
  EXPECT_TRUE(check(schedule));
  EXPECT_THAT(schedule.rules[0].at, ElementsAre(1s));
  EXPECT_EQ(schedule.rules[0].what, fault_action::pause);
}

TEST(RecordedFaults, OfAReportAreWhatStruck) {
  std::istringstream report{R"({"faults":[
    {"action":"pause","point":"","child":"","planned":"writer","targets":["node3"],"times":1,
     "lease_ms":700,"begun_at_ms":2100},
    {"action":"kill","point":"","child":"","planned":"writer","targets":[],"times":1,
     "lease_ms":2000,"begun_at_ms":3000},
    {"action":"power_loss","point":"","child":"","planned":"node1","targets":["node1"],"times":1,
     "lease_ms":0,"begun_at_ms":4000}]})"};
  const auto found = faults_in_report(report);
  ASSERT_TRUE(found);
  ASSERT_THAT(*found, SizeIs(2));
  EXPECT_EQ(found->front().what.what, fault_action::pause);
  EXPECT_EQ(found->front().what.node, "writer");
  EXPECT_EQ(found->back().what.what, fault_action::power_loss);
  EXPECT_TRUE(check(schedule_of(*found))) << "a lease of 0 is none";
  std::istringstream nothing{"{}"};
  EXPECT_EQ(faults_in_report(nothing).error().code, errc::invalid_argument);
}

recorded_fault kill_at(std::chrono::milliseconds at) {
  return {.at = std::chrono::sys_time<std::chrono::milliseconds>{at},
          .what = {.what = fault_action::kill, .node = "node1"}};
}

TEST(RecordedFaults, BecomeAScheduleThatBeginsWithTheFirst) {
  const auto schedule = schedule_of({kill_at(90s), kill_at(70s), kill_at(75s)});
  ASSERT_THAT(schedule.rules, SizeIs(1));
  EXPECT_THAT(schedule.rules[0].at, ElementsAre(1s, 6s, 21s));
  EXPECT_TRUE(check(schedule));
  EXPECT_GT(schedule.length, 21s);
}

result<fault_schedule> schedule_with(const std::string& text) {
  const testing::temporary_directory directory;
  const auto file = directory.path() / "schedule.toml";
  std::ofstream{file} << text;
  return read_schedule(file);
}

TEST(ScheduleFile, KnowsTheKindsOfNetworksAndDisks) {
  const std::pair<const char*, fault_action> all[] = {{"lossy", fault_action::lossy},
                                                      {"disk_slow", fault_action::disk_slow},
                                                      {"disk_full", fault_action::disk_full},
                                                      {"disk_flip", fault_action::disk_flip},
                                                      {"power_loss", fault_action::power_loss}};
  for (const auto& [kind, what] : all) {
    const auto read = schedule_with(std::string{"[[fault]]\nkind = \""} + kind +
                                    "\"\nnode = \"node2\"\nat = [\"1s\"]\nlease = \"300ms\"\n");
    ASSERT_TRUE(read) << kind << ": " << read.error();
    ASSERT_THAT(read->rules, SizeIs(1));
    EXPECT_EQ(read->rules[0].what, what) << kind;
    EXPECT_EQ(read->rules[0].lease, 300ms) << kind;
  }
}

TEST(ScheduleFile, HasNoFaultPointForADisk) {
  for (const char* kind : {"lossy", "disk_slow", "disk_full", "disk_flip", "power_loss"}) {
    const auto read = schedule_with(std::string{"[[fault]]\nkind = \""} + kind +
                                    "\"\npoint = \"payment.after_capture\"\nat = [\"1s\"]\n");
    ASSERT_FALSE(read) << kind;
    EXPECT_THAT(read.error().message, ::testing::HasSubstr("has no fault point and no child"));
  }
}

TEST(ScheduleFile, HasEveryAction) {
  for (const fault_action each : all_fault_actions()) {
    fault_rule rule{.what = each, .at = {1s}};
    using enum fault_action;
    if (each == crash || each == exit || each == segv || each == hang || each == almost ||
        each == storm)
      rule.child = "ledger";
    const auto read = schedule_with(to_toml({.rules = {rule}}));
    ASSERT_TRUE(read) << each << ": " << read.error();
    EXPECT_EQ(read->rules[0].what, each);
  }
}

// What is written is what is read, whatever the rule.
TEST(ScheduleFile, IsReadAsItWasWritten) {
  const fault_schedule written{
      .seed = 7,
      .length = 20s,
      .rules = {
          {.what = fault_action::crash,
           .point = "payment.after_capture",
           .at = {1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s, 10s, 11s},
           .times = 3,
           .lease = 100ms},
          {.what = fault_action::storm, .child = "pay\"ments", .node = "writer", .at = {1s}},
          {.what = fault_action::kill, .every = 2s, .jitter = 500ms, .from = 1s, .until = 15s}}};
  const testing::temporary_directory directory;
  const auto file = directory.path() / "schedule.toml";
  std::ofstream{file} << to_toml(written);
  const auto read = read_schedule(file);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->seed, 7u);
  EXPECT_EQ(read->length, 20s);
  const std::vector<std::string> nodes{"node1", "node2"};
  EXPECT_EQ(events_of(*read, nodes), events_of(written, nodes));
}

} // namespace
} // namespace ducat::cli
