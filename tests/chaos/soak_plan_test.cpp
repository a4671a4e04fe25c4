/// What the soak breaks, as its seed says.

#include "chaos/soak_plan.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::Field;
using ::testing::IsEmpty;

soak_options options(std::uint64_t seed = 1) {
  return {.length = 10min,
          .seed = seed,
          .nodes = {"node1", "node2", "node3"},
          .members = {"etcd1", "etcd2", "etcd3"},
          .network = true,
          .disks = true};
}

std::vector<fault_event> events(const soak_options& given, fault_action what) {
  auto all = events_of(plan_soak(given).schedule, given.nodes);
  std::erase_if(all, [&](const fault_event& each) { return each.what != what; });
  return all;
}

TEST(SoakPlan, IsTheSameForTheSameSeed) {
  EXPECT_EQ(events(options(), fault_action::kill), events(options(), fault_action::kill));
  EXPECT_NE(events(options(), fault_action::kill), events(options(2), fault_action::kill));
  EXPECT_EQ(plan_soak(options()).disks, plan_soak(options()).disks);
}

TEST(SoakPlan, KillsSomethingEveryTwoSecondsAndEachThirdTimeTheWriter) {
  const auto kills = events(options(), fault_action::kill);
  ASSERT_EQ(kills.size(), 299u);
  for (std::size_t i = 0; i < kills.size(); ++i) {
    EXPECT_GE(kills[i].at, (i + 1) * 2s);
    EXPECT_LT(kills[i].at, (i + 1) * 2s + 200ms);
    EXPECT_EQ(kills[i].node == "writer", i % 3 == 0);
  }
}

TEST(SoakPlan, HitsEveryPartAndEverythingAtOnce) {
  const auto kills = events(options(), fault_action::kill);
  for (const char* each : {"node1", "node2", "node3", "etcd1", "etcd2", "etcd3", "everything"})
    EXPECT_THAT(kills, ::testing::Contains(Field(&fault_event::node, each)));
}

TEST(SoakPlan, LeavesOutWhatTheMachineDoesNotAllow) {
  soak_options given = options();
  given.network = false;
  given.disks = false;
  for (const fault_action each :
       {fault_action::partition, fault_action::deaf, fault_action::slow}) {
    EXPECT_FALSE(events(options(), each).empty()) << each;
    EXPECT_THAT(events(given, each), IsEmpty());
  }
  EXPECT_FALSE(plan_soak(options()).disks.empty());
  EXPECT_THAT(plan_soak(given).disks, IsEmpty());
}

// Whatever the seed, for seconds as for an hour.
TEST(SoakPlan, IsAGoodSchedule) {
  const char* const given = std::getenv("DUCAT_SEED");
  const std::uint64_t first = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
  for (std::uint64_t seed = first; seed < first + 50; ++seed)
    for (const std::chrono::milliseconds length :
         std::initializer_list<std::chrono::milliseconds>{6s, 6'010ms, 60s, 3'600s}) {
      soak_options soak = options(seed);
      soak.length = length;
      const soak_plan plan = plan_soak(soak);
      const auto good = check(plan.schedule);
      EXPECT_TRUE(good) << "seed " << seed << ": " << good.error();
      EXPECT_THAT(plan.disks, Each(Field(&disk_fault::at, ::testing::Lt(length))));
      EXPECT_TRUE(std::ranges::is_sorted(plan.disks, {}, &disk_fault::at));
    }
}

} // namespace
} // namespace ducat::cli
