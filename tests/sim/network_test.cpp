/// What goes over a simulated network, and what does not.

#include "sim/network.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

namespace ducat::sim {
namespace {

using namespace std::chrono_literals;

struct two_places {
  dice chance{1};
  clockwork time{chance};
  network ways{time, chance};

  void run(duration how_long) {
    time.run_until([] { return false; }, how_long);
  }

  bool gets_through() {
    bool has_come = false;
    ways.send("a", "b", [&] { has_come = true; });
    run(1s);
    return has_come;
  }
};

TEST(Network, HealsEachCutByItself) {
  two_places at;
  const disturbance first = at.ways.cut("a", "b");
  const disturbance second = at.ways.cut("a", "b");
  at.ways.mend(first);
  EXPECT_FALSE(at.gets_through()) << "the other one still cuts";
  at.ways.mend(second);
  EXPECT_TRUE(at.gets_through());
}

TEST(Network, IsSlowAsLongAsAnythingSlowsItDown) {
  two_places at;
  const auto took = [&] {
    const time_point begin = at.time.now();
    time_point end{};
    at.ways.send("a", "b", [&] { end = at.time.now(); });
    at.run(1s);
    return end - begin;
  };
  const disturbance first = at.ways.slow_down({.least = 100ms, .most = 200ms});
  const disturbance second = at.ways.slow_down({.least = 100ms, .most = 200ms});
  at.ways.mend(second);
  EXPECT_GE(took(), 100ms);
  at.ways.mend(first);
  EXPECT_LE(took(), 2ms);
}

TEST(Network, KeepsTheOrderOfAStreamAndNotOfCalls) {
  two_places at;
  std::vector<int> streamed;
  std::vector<int> called;
  for (int i = 0; i < 100; ++i) {
    at.ways.send("a", "b", [&, i] { streamed.push_back(i); });
    at.ways.call("a", "b", [&, i] { called.push_back(i); });
  }
  at.run(1s);
  EXPECT_EQ(streamed.size(), 100u);
  EXPECT_TRUE(std::ranges::is_sorted(streamed));
  EXPECT_EQ(called.size(), 100u);
  EXPECT_FALSE(std::ranges::is_sorted(called));
}

TEST(Network, LosesAPartOfWhatGoesOverALossyWayAndDelaysAPart) {
  two_places at;
  const disturbance loss = at.ways.lose("b", 300);
  int in_time = 0;
  int in_all = 0;
  for (int i = 0; i < 1'000; ++i)
    at.ways.call("a", "b", [&] { ++in_all; });
  at.run(100ms);
  in_time = in_all;
  at.run(10s);
  EXPECT_GT(in_all, 600);
  EXPECT_LT(in_all, 800);
  EXPECT_LT(in_time, in_all - 100);
  at.ways.mend(loss);
  EXPECT_TRUE(at.gets_through());
}

/// A stream of which something is lost is told so: it breaks.
TEST(Network, TellsAStreamWhatIsLost) {
  two_places at;
  at.ways.lose("a", 500);
  int come = 0;
  int lost = 0;
  for (int i = 0; i < 200; ++i)
    at.ways.send("a", "b", [&] { ++come; }, [&] { ++lost; });
  at.run(1s);
  EXPECT_EQ(come + lost, 200);
  EXPECT_GT(lost, 50);
  EXPECT_GT(come, 50);
}

} // namespace
} // namespace ducat::sim
