/// What a simulated disk keeps when the power fails, and what else happens to it.

#include "sim/disk.hpp"

#include <gmock/gmock.h>

#include <set>

namespace ducat::sim {
namespace {

using namespace std::chrono_literals;

struct one_disk {
  explicit one_disk(std::uint64_t seed = 1) : chance{seed} {}

  dice chance;
  clockwork time{chance};
  disk platter{time, chance, "a"};
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
  std::unique_ptr<testing::sim_disk> mounted = platter.mount(alive);

  /// Runs as a handler of the node.
  void run(const std::function<void()>& what) {
    time.start("a", what);
    time.run_until([] { return false; }, 10s);
  }

  void fail_power() {
    *alive = false;
    time.end("a");
    platter.lose_unsynced();
    alive = std::make_shared<bool>(true);
    mounted = platter.mount(alive);
  }
};

TEST(SimulatedDisk, KeepsWhatWasSynced) {
  one_disk at;
  at.run([&] {
    EXPECT_TRUE(at.mounted->write("f", 0, "kept"));
    EXPECT_TRUE(at.mounted->sync("f"));
  });
  at.fail_power();
  EXPECT_EQ(at.mounted->read("f"), "kept");
}

// As when a life hangs in one, and the next life begins another.
TEST(SimulatedDisk, IsSyncedByTwoAtOnce) {
  one_disk at;
  at.run([&] {
    EXPECT_TRUE(at.mounted->write("f", 0, "one "));
    at.mounted->run_apart([&] {
      EXPECT_TRUE(at.mounted->write("f", 4, "two"));
      EXPECT_TRUE(at.mounted->sync("f"));
    });
    EXPECT_TRUE(at.mounted->sync("f"));
  });
  at.fail_power();
  EXPECT_EQ(at.mounted->read("f"), "one two");
}

TEST(SimulatedDisk, IsReplacedWhileItIsSynced) {
  one_disk at;
  at.run([&] {
    EXPECT_TRUE(at.mounted->write("f", 0, "one"));
    at.mounted->run_apart([&] { EXPECT_TRUE(at.mounted->replace("f", "another")); });
    EXPECT_TRUE(at.mounted->sync("f"));
  });
  at.fail_power();
  EXPECT_EQ(at.mounted->read("f"), "another");
}

/// Each sector of a write that was not synced is there or is not: all four ways are seen.
TEST(SimulatedDisk, TearsWhatWasNotSynced) {
  std::set<std::pair<bool, bool>> seen;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    one_disk at{seed};
    at.run([&] {
      EXPECT_TRUE(at.mounted->write("f", 0, std::string(2 * testing::sector_bytes, 'a')));
      EXPECT_TRUE(at.mounted->sync("f"));
      EXPECT_TRUE(at.mounted->write("f", 0, std::string(2 * testing::sector_bytes, 'b')));
    });
    at.fail_power();
    const std::string left = at.mounted->read("f");
    ASSERT_EQ(left.size(), 2 * testing::sector_bytes);
    EXPECT_EQ(left[0], left[testing::sector_bytes - 1]) << "a sector is written whole";
    seen.emplace(left.front() == 'b', left.back() == 'b');
  }
  EXPECT_EQ(seen.size(), 4u);
}

TEST(SimulatedDisk, TakesItsTimeAndMoreWhenItIsSlow) {
  one_disk at;
  const auto sync_time = [&] {
    duration took{};
    at.run([&] {
      const time_point begin = at.time.now();
      EXPECT_TRUE(at.mounted->write("f", 0, "x"));
      EXPECT_TRUE(at.mounted->sync("f"));
      took = at.time.now() - begin;
    });
    return took;
  };
  EXPECT_LE(sync_time(), 4ms);
  at.platter.slow_down();
  at.platter.slow_down();
  at.platter.speed_up();
  EXPECT_GE(sync_time(), 100ms) << "the other one still slows it down";
}

TEST(SimulatedDisk, RefusesToWriteWhenItIsFull) {
  one_disk at;
  at.platter.fill();
  at.run([&] {
    EXPECT_EQ(at.mounted->write("f", 0, "x").error().code, errc::io);
    at.platter.give_space();
    EXPECT_TRUE(at.mounted->write("f", 0, "x"));
  });
}

TEST(SimulatedDisk, FlipsOneBit) {
  one_disk at;
  EXPECT_FALSE(at.platter.flip_a_bit()) << "there is nothing";
  at.run([&] { EXPECT_TRUE(at.mounted->replace("f", std::string(100, '\0'))); });
  EXPECT_TRUE(at.platter.flip_a_bit());
  int bits = 0;
  for (const char each : at.mounted->read("f"))
    bits += __builtin_popcount(static_cast<unsigned char>(each));
  EXPECT_EQ(bits, 1);
}

TEST(SimulatedDisk, IsNoMoreOfALifeThatHasEnded) {
  one_disk at;
  *at.alive = false;
  EXPECT_THROW((void)at.mounted->read("f"), place_ended);
  EXPECT_THROW((void)at.mounted->write("f", 0, "x"), place_ended);
}

} // namespace
} // namespace ducat::sim
