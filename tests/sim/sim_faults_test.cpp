/// A schedule of faults, carried out in a simulated cluster.

#include "cluster/word_machine.hpp"

#include <ducat/durable.hpp>
#include <ducat/testing/sim_cluster.hpp>
#include <ducat/testing/sim_faults.hpp>

#include <gmock/gmock.h>

namespace ducat::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

const fault_point planned_point{"sim_faults_test.point"};

void replicate_words(node& n) {
  n.replicate("words", [] {
    return std::make_unique<word_machine>(std::make_shared<settled_entries>(), false);
  });
}

class PlannedFaults : public ::testing::Test {
protected:
  PlannedFaults() { cluster_.run_for(1s); }

  /// Plans one fault of node2 in half a second.
  std::shared_ptr<const fault_counts> plan(fault_action what, duration lease = 2s) {
    const auto planned = plan_faults(
        cluster_,
        {.length = 10s,
         .rules = {{.what = what,
                    .node = "node2",
                    .at = {500ms},
                    .lease = std::chrono::duration_cast<std::chrono::milliseconds>(lease)}}});
    EXPECT_TRUE(planned) << planned.error();
    return planned ? *planned : nullptr;
  }

  bool commits(const std::string& word, const std::string& node) {
    return cluster_.ask<committed>(node, "words", commit{word}).has_value();
  }

  sim_cluster cluster_{{.seed = 7}, replicate_words};
};

TEST_F(PlannedFaults, StrikeWhenTheScheduleSaysAndAreCounted) {
  const auto counts = plan(fault_action::pause);
  cluster_.run_for(499ms);
  EXPECT_THAT(*counts, IsEmpty());
  cluster_.run_for(2ms);
  EXPECT_THAT(*counts, ElementsAre(Pair(fault_action::pause, 1)));
}

TEST_F(PlannedFaults, AreCountedEachTimeTheyStrike) {
  const auto counts = plan_faults(
      cluster_, {.length = 4s,
                 .rules = {{.what = fault_action::slow, .at = {1s, 2s, 3s}, .lease = 10ms},
                           {.what = fault_action::lossy, .every = 2s, .lease = 10ms}}});
  ASSERT_TRUE(counts) << counts.error();
  cluster_.run_for(4s);
  EXPECT_THAT(**counts, ElementsAre(Pair(fault_action::slow, 3), Pair(fault_action::lossy, 2)));
}

TEST_F(PlannedFaults, HaveANodeThatEndsBeginAgain) {
  for (const fault_action each : {fault_action::kill, fault_action::power_loss}) {
    bool was_dead = false;
    const auto counts = plan(each);
    const bool is_back = cluster_.run_until(
        [&] {
          was_dead = was_dead || !cluster_.is_alive("node2");
          return was_dead && cluster_.is_alive("node2");
        },
        5s);
    EXPECT_TRUE(was_dead) << each;
    EXPECT_TRUE(is_back) << each;
    EXPECT_EQ(counts->at(each), 1u);
  }
  EXPECT_TRUE(commits("afterwards", "node2"));
}

TEST_F(PlannedFaults, HealWhenTheirLeaseIsOver) {
  plan(fault_action::partition, 3s);
  cluster_.run_for(600ms);
  const auto asked = cluster_.ask_later("node2", "words", caf::make_message(commit{"cut off"}));
  cluster_.run_for(1s);
  EXPECT_FALSE(asked->has_value() && **asked) << "it is cut off";
  cluster_.run_for(5s);
  EXPECT_TRUE(commits("joined", "node2"));
}

TEST_F(PlannedFaults, AreNoneIfThereIsNoSuchFaultPoint) {
  const auto planned = plan_faults(
      cluster_,
      {.length = 1s,
       .rules = {{.what = fault_action::kill, .at = {0s}},
                 {.what = fault_action::crash, .point = "sim_faults_test.missing", .at = {0s}}}});
  ASSERT_FALSE(planned);
  EXPECT_EQ(planned.error().code, errc::not_found);
  EXPECT_THAT(planned.error().message, HasSubstr("sim_faults_test.missing"));
  const auto lives = cluster_.is_alive("node1");
  cluster_.run_for(1s);
  EXPECT_TRUE(lives && cluster_.is_alive("node1")) << "nothing of it is carried out";
}

TEST_F(PlannedFaults, AreNoneIfTheScheduleIsNotGood) {
  const auto planned =
      plan_faults(cluster_, {.length = 1s, .rules = {{.what = fault_action::kill, .at = {2s}}}});
  ASSERT_FALSE(planned);
  EXPECT_EQ(planned.error().code, errc::invalid_argument);
}

// What nobody has come to by then must not break what comes later.
TEST_F(PlannedFaults, DisarmAFaultPointThatNobodyCameTo) {
  const auto planned = plan_faults(cluster_, {.length = 1s,
                                              .rules = {{.what = fault_action::exit,
                                                         .point = "sim_faults_test.point",
                                                         .node = "node1",
                                                         .at = {100ms},
                                                         .lease = 200ms}}});
  ASSERT_TRUE(planned) << planned.error();
  const auto is_armed = [] {
    for (const fault_point_status& each : list_fault_points())
      if (each.name == "sim_faults_test.point")
        return each.remaining > 0;
    return false;
  };
  cluster_.run_for(150ms);
  EXPECT_TRUE(is_armed());
  cluster_.run_for(200ms);
  EXPECT_FALSE(is_armed());
}

} // namespace
} // namespace ducat::testing
