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
  auto all = events_of(plan_soak(given), given.nodes);
  std::erase_if(all, [&](const fault_event& each) { return each.what != what; });
  return all;
}

TEST(SoakPlan, IsTheSameForTheSameSeed) {
  EXPECT_EQ(events(options(), fault_action::kill), events(options(), fault_action::kill));
  EXPECT_NE(events(options(), fault_action::kill), events(options(2), fault_action::kill));
  EXPECT_EQ(events(options(), fault_action::power_loss),
            events(options(), fault_action::power_loss));
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
  for (const fault_action each : {fault_action::partition, fault_action::deaf, fault_action::slow,
                                  fault_action::power_loss, fault_action::disk_full}) {
    EXPECT_FALSE(events(options(), each).empty()) << each;
    EXPECT_THAT(events(given, each), IsEmpty());
  }
}

TEST(SoakPlan, TakesThePowerOfADiskEvery23SecondsAndFillsOneEvery41) {
  EXPECT_EQ(events(options(), fault_action::power_loss).size(), 26u);
  const auto full = events(options(), fault_action::disk_full);
  EXPECT_EQ(full.size(), 14u);
  EXPECT_THAT(full, Each(Field(&fault_event::lease, ::testing::Lt(2'500ms))));
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
      const auto good = check(plan_soak(soak));
      EXPECT_TRUE(good) << "seed " << seed << ": " << good.error();
    }
}

} // namespace
} // namespace ducat::cli
