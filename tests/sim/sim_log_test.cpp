/// The log of a simulation, call by call: what is lost on the way is unknown and found out.

#include "cluster/word_machine.hpp"
#include "durable/batch_codec.hpp"
#include "sim/sim_log.hpp"

#include <ducat/replica.hpp>

#include <gmock/gmock.h>

#include <optional>

namespace ducat::sim {
namespace {

using namespace std::chrono_literals;

/// Two nodes and the log.
struct shared_world {
  dice chance{1};
  clockwork time{chance};
  network ways{time, chance};
  log_service service{time, ways, "epoch"};
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
  sim_log a{time, ways, service, "a", alive};
  sim_log b{time, ways, service, "b", alive};

  void run(duration how_long) {
    time.run_until([] { return false; }, how_long);
  }

  result<epoch> take(sim_log& by, const std::string& node, std::uint64_t seen) {
    std::optional<result<epoch>> taken;
    time.start(node, [&] { taken = by.take_epoch_after({seen}); });
    time.run_until([&] { return taken.has_value(); }, 1min);
    return *taken;
  }

  log_callback note(std::vector<std::string>& into, const std::string& name) {
    return [&into, name](const result<void>& how) { into.push_back(name + (how ? " ok" : " no")); };
  }
};

TEST(SimulatedLog, TakesTimeToBeTaken) {
  shared_world at;
  const time_point begin = at.time.now();
  EXPECT_EQ(at.take(at.a, "a", 0), epoch{1});
  EXPECT_GT(at.time.now() - begin, 500us);
}

TEST(SimulatedLog, IsTakenByOneOfTwo) {
  shared_world at;
  std::vector<bool> taken;
  at.time.start("a", [&] { taken.push_back(at.a.take_epoch_after({0}).has_value()); });
  at.time.start("b", [&] { taken.push_back(at.b.take_epoch_after({0}).has_value()); });
  at.run(1min);
  EXPECT_THAT(taken, ::testing::UnorderedElementsAre(true, false));
}

/// The answer is lost: whoever took it finds its own name there, and does not take it twice.
TEST(SimulatedLog, IsKnownToBeTakenWhenTheAnswerWasLost) {
  shared_world at;
  const disturbance cut = at.ways.cut(log_place, "a");
  at.time.after(2s, [&] { at.ways.mend(cut); });
  std::optional<result<epoch>> taken;
  at.time.start("a", [&] { taken = at.a.take_epoch_after({0}); });
  at.run(10s);
  ASSERT_TRUE(taken);
  EXPECT_EQ(*taken, epoch{1});
  EXPECT_EQ(at.service.newest().granted, epoch{1});
}

TEST(SimulatedLog, IsUnavailableWhileItDoesNotAnswer) {
  shared_world at;
  at.ways.cut("a", log_place);
  EXPECT_EQ(at.take(at.a, "a", 0).error().code, errc::unavailable);
}

TEST(SimulatedLog, PutsAnEntryOnceThoughItIsTriedAgain) {
  shared_world at;
  ASSERT_TRUE(at.take(at.a, "a", 0));
  const disturbance cut = at.ways.cut(log_place, "a");
  at.time.after(2s, [&] { at.ways.mend(cut); });
  std::vector<std::string> told;
  ASSERT_TRUE(at.a.begin_append({1}, {1}, "x", at.note(told, "x")));
  at.run(1s);
  EXPECT_THAT(told, ::testing::IsEmpty());
  at.run(5s);
  EXPECT_THAT(told, ::testing::ElementsAre("x ok"));
  EXPECT_EQ(at.service.entries().size(), 1u);
}

TEST(SimulatedLog, RefusesAWriterThatWasSucceeded) {
  shared_world at;
  ASSERT_TRUE(at.take(at.a, "a", 0));
  ASSERT_TRUE(at.take(at.b, "b", 1));
  std::vector<std::string> told;
  ASSERT_TRUE(at.a.begin_append({1}, {1}, "x", at.note(told, "x")));
  at.run(5s);
  EXPECT_THAT(told, ::testing::ElementsAre("x no"));
  EXPECT_TRUE(at.service.entries().empty());
}

/// An entry behind a gap that its writer has left is none of the log, and whoever writes next puts
/// another one there.
TEST(SimulatedLog, ClosesTheGapThatAWriterHasLeft) {
  shared_world at;
  ASSERT_TRUE(at.take(at.a, "a", 0));
  const auto revision = at.service.newest().revision;
  entry first = following({}, {1}, {1}, "first");
  ASSERT_TRUE(at.service.add(following(link_of(first), {1}, {2}, "second"), revision));
  EXPECT_TRUE(at.service.entries().empty());
  ASSERT_TRUE(at.take(at.b, "b", 1));
  EXPECT_FALSE(at.service.add(first, revision)) << "it came late";
  std::vector<std::string> told;
  ASSERT_TRUE(at.b.begin_append({2}, {3}, "third", at.note(told, "third")));
  ASSERT_TRUE(at.b.begin_append({2}, {4}, "fourth", at.note(told, "fourth")));
  at.run(5s);
  EXPECT_THAT(told, ::testing::ElementsAre("third ok", "fourth ok"));
  ASSERT_EQ(at.service.entries().size(), 2u);
  EXPECT_EQ(at.service.entries()[1].payload, "fourth");
}

TEST(SimulatedLog, SaysWhatWasTrimmedAway) {
  shared_world at;
  ASSERT_TRUE(at.take(at.a, "a", 0));
  std::vector<std::string> told;
  for (std::uint64_t i = 1; i <= 5; ++i)
    ASSERT_TRUE(at.a.begin_append({1}, {i}, "x", at.note(told, "x")));
  at.run(5s);
  std::optional<result<void>> read;
  std::vector<std::uint64_t> seen;
  at.time.start("b", [&] {
    EXPECT_TRUE(at.b.trim(3));
    read = at.b.read(3, [](const entry&) { return true; });
    EXPECT_TRUE(at.b.read(4, [&](const entry& e) {
      seen.push_back(e.index);
      return true;
    }));
  });
  at.run(5s);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->error().code, errc::not_found);
  EXPECT_THAT(seen, ::testing::ElementsAre(4u, 5u));
}

/// Between the take-over and the last page another node takes the log, and writes: what was read
/// then is more than what the first one would continue.
TEST(SimulatedLog, IsNotLedByWhoeverWasSucceededWhileItRead) {
  shared_world at;
  std::optional<result<void>> led;
  at.time.start("a", [&] {
    auto one = replica::follow({.log = {std::shared_ptr<void>{}, &at.a},
                                .machine =
                                    [] {
                                      return std::make_unique<testing::word_machine>(
                                          std::make_shared<testing::settled_entries>(), false);
                                    },
                                .now = [] { return log_time{1}; }});
    ASSERT_TRUE(one);
    const auto taken = at.a.take_epoch_after({0});
    ASSERT_TRUE(taken);
    at.time.wait_for(1s);
    led = one->lead(*taken);
  });
  at.run(500ms);
  ASSERT_TRUE(at.take(at.b, "b", 1));
  std::vector<std::string> told;
  batch_builder batch;
  batch.add("word");
  ASSERT_TRUE(at.b.begin_append({2}, {1}, std::move(batch).take(), at.note(told, "word")));
  at.run(5s);
  EXPECT_THAT(told, ::testing::ElementsAre("word ok"));
  ASSERT_TRUE(led);
  EXPECT_EQ(led->error().code, errc::epoch_lost);
}

} // namespace
} // namespace ducat::sim
