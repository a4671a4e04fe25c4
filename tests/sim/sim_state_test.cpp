/// The fake of the store in which a simulated node keeps its state: what it finds again, and what
/// it refuses.

#include "sim/disk.hpp"
#include "sim/sim_database.hpp"

#include <gmock/gmock.h>
#include <rocksdb/write_batch.h>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using ledger::family;

struct node_with_state {
  explicit node_with_state(std::uint64_t seed = 1) : chance{seed} {}

  dice chance;
  sim::clockwork time{chance};
  sim::disk platter{time, chance, "a"};
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);

  void run(const std::function<void()>& what) {
    time.start("a", what);
    time.run_until([] { return false; }, 10s);
  }

  std::shared_ptr<sim_database> open() {
    auto made = std::make_shared<sim_database>(platter.mount(alive));
    EXPECT_TRUE(made->open());
    return made;
  }

  static void write(sim_database& to, const std::string& value) {
    rocksdb::WriteBatch batch;
    to.put(batch, family::meta, "k", value);
    to.put(batch, family::ids, value, value);
    EXPECT_TRUE(to.write(to.begin_session(), batch));
  }

  void fail_power() {
    *alive = false;
    time.end("a");
    platter.lose_unsynced();
    time.run_until([] { return false; }, 1s);
    alive = std::make_shared<bool>(true);
  }
};

// Whatever of the first batch has reached the disk: it never counted.
TEST(SimulatedState, IsThereBeforeItsFirstBatchCounts) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    node_with_state at{seed};
    at.run([&] {
      const auto disk = at.platter.mount(at.alive);
      EXPECT_TRUE(disk->write(sim_state_file, testing::sector_bytes, std::string(1'500, 'x')));
    });
    at.fail_power();
    EXPECT_EQ(at.open()->get(family::meta, "k"), std::nullopt);
  }
}

TEST(SimulatedState, IsFoundAgain) {
  node_with_state at;
  at.run([&] {
    const auto db = at.open();
    at.write(*db, "one");
    at.write(*db, "two");
  });
  at.fail_power();
  const auto db = at.open();
  EXPECT_EQ(db->get(family::meta, "k"), "two");
  EXPECT_EQ(db->get(family::ids, "one"), "one");
  EXPECT_FALSE(db->get(family::ids, "three"));
}

TEST(SimulatedState, IsIteratedFamilyByFamily) {
  node_with_state at;
  at.run([&] {
    const auto db = at.open();
    for (const char* const value : {"b", "a", "c"})
      at.write(*db, value);
    const auto over = db->iterate(family::ids);
    std::string keys;
    for (over->SeekToFirst(); over->Valid(); over->Next())
      keys += over->key().ToString();
    EXPECT_EQ(keys, "abc");
    over->SeekToLast();
    EXPECT_EQ(over->key().ToString(), "c");
    over->SeekForPrev("bb");
    EXPECT_EQ(over->key().ToString(), "b");
    over->SeekForPrev("A");
    EXPECT_FALSE(over->Valid());
    over->Seek("bb");
    EXPECT_EQ(over->key().ToString(), "c");
    const auto none = db->iterate(family::accounts);
    none->SeekToFirst();
    EXPECT_FALSE(none->Valid());
  });
}

/// The power fails somewhere in a write: the state is that of before or that of after.
TEST(SimulatedState, IsWholeWheneverThePowerFails) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    node_with_state at{seed};
    at.run([&] { at.write(*at.open(), "before"); });
    at.time.after(duration{at.chance.below(9'000'000)}, [&] { at.fail_power(); });
    at.run([&] {
      try {
        at.write(*at.open(), std::string(3'000, 'x'));
      } catch (const sim::place_ended&) {
        return;
      }
    });
    seen.insert(at.open()->get(family::meta, "k").value().substr(0, 6));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"before", "xxxxxx"}));
}

TEST(SimulatedState, IsRefusedWhenAnyBitThatCountsIsFlipped) {
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    node_with_state at{seed};
    at.run([&] {
      const auto db = at.open();
      at.write(*db, std::string(2'000, 'x'));
      at.write(*db, "two");
    });
    ASSERT_TRUE(at.platter.flip_a_bit());
    sim_database db{at.platter.mount(at.alive)};
    const auto opened = db.open();
    refused += opened ? 0 : 1;
    if (opened) // The rest of the first sector says nothing.
      EXPECT_EQ(db.get(family::meta, "k"), "two");
    else
      EXPECT_EQ(opened.error().code, errc::corrupt);
  }
  EXPECT_GT(refused, 120);
}

} // namespace
} // namespace ducat::cli
