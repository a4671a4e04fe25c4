/// A cluster on one thread: real nodes, simulated time, network and log.

#include "cluster/word_machine.hpp"

#include <ducat/durable.hpp>
#include <ducat/testing/sim_cluster.hpp>

#include <gmock/gmock.h>

#include <set>

namespace ducat::testing {
namespace {

using namespace std::chrono_literals;

void describe(node& n) {
  n.replicate("words", [] {
    return std::make_unique<word_machine>(std::make_shared<settled_entries>(), false);
  });
}

/// Commits words through random nodes while nodes are killed and cut off, and counts what came of
/// it.
class word_load {
public:
  explicit word_load(sim_cluster& on) : on_{on} {}

  void commit_next() {
    const std::string word = "w" + std::to_string(++words_);
    const std::string& node = on_.nodes()[on_.draw(on_.nodes().size())];
    asked_.push_back({word, on_.ask_later(node, "words", caf::make_message(commit{word}))});
    on_.after(2ms + duration{on_.draw(5'000'000)}, [this] {
      if (!is_over_)
        commit_next();
    });
  }

  void end() { is_over_ = true; }

  std::set<std::string> acknowledged() const {
    std::set<std::string> found;
    for (const auto& [word, answer] : asked_)
      if (answer->has_value() && **answer)
        found.insert(word);
    return found;
  }

private:
  sim_cluster& on_;
  std::uint64_t words_ = 0;
  bool is_over_ = false;
  std::vector<std::pair<std::string, sim_cluster::pending>> asked_;
};

/// Something breaks, and is whole again.
void break_something(sim_cluster& on) {
  const std::string node = on.nodes()[on.draw(on.nodes().size())];
  switch (on.draw(6)) {
  case 0:
    on.after_messages(on.draw(20), [&on, node] { on.kill(node); });
    on.after(300ms, [&on, node] { on.restart(node); });
    return;
  case 1:
    on.isolate(node);
    on.after(duration{on.draw(2'000'000'000)}, [&on] { on.join_all(); });
    return;
  case 2:
    on.stop(node);
    on.after(duration{on.draw(3'000'000'000)}, [&on, node] { on.go_on(node); });
    return;
  case 3:
    on.arm("durable.before_append", {.kind = fault_kind::segv}, node);
    return;
  case 4:
    on.cut("log", node); // What it writes is written, and it is not told.
    on.after(duration{on.draw(2'000'000'000)}, [&on] { on.join_all(); });
    return;
  default:
    on.crash(node, "words");
  }
}

struct outcome {
  digest trace;
  std::uint64_t messages;
  std::size_t acknowledged;
};

outcome run_once(std::uint64_t seed) {
  sim_cluster cluster{{.seed = seed}, describe};
  word_load load{cluster};
  cluster.run_for(1s);
  load.commit_next();
  for (int i = 0; i < 5; ++i) {
    break_something(cluster);
    cluster.run_for(1s + duration{cluster.draw(2'000'000'000)});
  }
  load.end();
  cluster.join_all();
  for (const std::string& each : cluster.nodes())
    cluster.restart(each);
  cluster.run_for(15s);
  const auto acknowledged = load.acknowledged();
  for (const std::string& each : cluster.nodes()) {
    const auto all = cluster.ask<answer>(each, "words", query{""});
    EXPECT_TRUE(all) << each;
    std::set<std::string> known;
    if (all) {
      std::istringstream words{all->text};
      for (std::string word; words >> word;)
        known.insert(word);
    }
    EXPECT_THAT(known, ::testing::IsSupersetOf(acknowledged)) << each << ", seed " << seed;
  }
  return {cluster.trace(), cluster.messages(), acknowledged.size()};
}

TEST(SimCluster, CommitsWhatAnyNodeIsAsked) {
  sim_cluster cluster{{.seed = 1}, describe};
  cluster.run_for(2s);
  for (const std::string& node : cluster.nodes()) {
    const auto done = cluster.ask<committed>(node, "words", commit{"from " + node});
    ASSERT_TRUE(done) << node << ": " << to_string(done.error());
    EXPECT_EQ(done->reply, "new");
  }
  EXPECT_EQ(cluster.log().size(), 3u);
}

TEST(SimCluster, HasAnotherNodeWriteWhenTheWriterIsKilled) {
  sim_cluster cluster{{.seed = 1}, describe};
  cluster.run_for(2s);
  ASSERT_TRUE(cluster.ask<committed>("node2", "words", commit{"a"}));
  cluster.kill("node1");
  cluster.run_for(2s);
  EXPECT_TRUE(cluster.ask<committed>("node2", "words", commit{"b"}));
  cluster.restart("node1");
  cluster.run_for(2s);
  const auto all = cluster.ask<answer>("node1", "words", query{""});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->text, "a b");
}

// Nobody tells it anything new then: it has to look by itself.
TEST(SimCluster, HasANodeThatStoodStillAnswerWhatItCouldNotHandOn) {
  sim_cluster cluster{{.seed = 1}, describe};
  cluster.run_for(2s);
  ASSERT_TRUE(cluster.ask<committed>("node1", "words", commit{"a"}));
  const std::string still = cluster.writer() == "node2" ? "node3" : "node2";
  cluster.stop(still);
  cluster.run_for(2s);
  const auto cut_off = cluster.isolate(still);
  cluster.go_on(still);
  cluster.run_for(1s);
  const auto asked = cluster.ask_later(still, "words", caf::make_message(query{""}));
  cluster.run_for(10ms);
  cluster.mend(cut_off);
  EXPECT_TRUE(cluster.run_until([&] { return asked->has_value(); }, 30s));
}

TEST(SimCluster, RunsTheSameWayTwice) {
  const outcome first = run_once(7);
  const outcome second = run_once(7);
  EXPECT_EQ(to_hex(first.trace), to_hex(second.trace));
  EXPECT_EQ(first.messages, second.messages);
  EXPECT_NE(to_hex(first.trace), to_hex(run_once(8).trace));
}

TEST(SimCluster, LosesNothingThatWasAcknowledged) {
#if defined(DUCAT_ADDRESS_SANITIZED)
  constexpr std::uint64_t seeds = 5; // One takes six seconds.
#else
  constexpr std::uint64_t seeds = 20;
#endif
  std::size_t acknowledged = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    acknowledged += run_once(seed).acknowledged;
  EXPECT_GT(acknowledged, 200 * seeds) << "too little was done to say anything";
}

} // namespace
} // namespace ducat::testing
