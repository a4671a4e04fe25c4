/// What a node's figures say of what is watched for.

#include "alerts/conditions.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace ducat::alerts {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

log_time moment(duration since_begin) {
  return {1'000'000'000'000 + static_cast<std::uint64_t>(since_begin.count())};
}

/// A node that is well, and tells everything.
metrics::node_figures well() {
  metrics::node_figures of;
  of.is_ready = true;
  of.tree.emplace().mutable_spec()->set_restarts_max(50);
  of.measured.emplace();
  of.status.emplace();
  v1::ClusterNode& self = *of.nodes.emplace().add_nodes();
  self.set_id("n1");
  self.set_state("alive");
  self.set_holds_log(true);
  of.links.emplace();
  of.acquirers.emplace();
  of.exceptions.emplace();
  of.dead_letters.emplace();
  return of;
}

v1::ClusterNode& add_node(metrics::node_figures& to, const char* id, const char* state) {
  v1::ClusterNode& made = *to.nodes->add_nodes();
  made.set_id(id);
  made.set_state(state);
  return made;
}

v1::Child& add_child(metrics::node_figures& to, const char* path) {
  to.measured->add_children()->set_path(path);
  v1::Child& made = *to.tree->add_children();
  made.set_path(path);
  made.set_state("running");
  return made;
}

class Conditions : public ::testing::Test {
protected:
  /// Returns what holds, as "RULE" or "RULE SUBJECT".
  std::vector<std::string> hold(const metrics::node_figures& of, duration when = 0s) {
    std::vector<std::string> all;
    for (const finding& each : conditions_.look(of, moment(when)).holds)
      all.push_back(each.rule + (each.subject.empty() ? "" : " " + each.subject));
    return all;
  }

  conditions conditions_{"n1"};
};

TEST_F(Conditions, ANodeThatIsWellHasNone) {
  EXPECT_THAT(hold(well()), IsEmpty());
  EXPECT_THAT(conditions_.look(well(), moment(0s)).unseen, IsEmpty());
}

TEST_F(Conditions, AreAllOfRulesThatShip) {
  metrics::node_figures nothing;
  auto seen = conditions_.look(nothing, moment(0s));
  std::vector<std::string> names = seen.unseen;
  names.push_back(seen.holds.at(0).rule); // It is not ready.
  std::vector<std::string> rules;
  for (const rule& each : shipped_rules())
    rules.push_back(each.name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAreArray(rules));
}

TEST_F(Conditions, OfTheLedger) {
  auto of = well();
  of.is_ready = false;
  v1::LedgerTotals& totals = *of.status->add_totals();
  totals.set_currency("EUR");
  v1::TimeInDoubt& doubt = *of.status->add_time_in_doubt_by_link();
  doubt.set_link("acme");
  doubt.set_open(1);
  doubt.set_oldest_age_ms(600'001);
  EXPECT_THAT(hold(of), UnorderedElementsAre("DucatNodeNotReady", "DucatLedgerOutOfBalance EUR",
                                             "DucatInDoubtForLong acme"));
  of.is_ready = true;
  totals.set_in_balance(true);
  doubt.set_oldest_age_ms(600'000);
  EXPECT_THAT(hold(of), IsEmpty());
}

TEST_F(Conditions, OfNodes) {
  auto of = well();
  of.nodes->mutable_nodes(0)->set_applied(20'000);
  add_node(of, "n2", "silent").set_applied(20'000);
  add_node(of, "n3", "gone").set_applied(20'000);
  add_node(of, "n4", "draining").set_applied(9'999);
  add_node(of, "n5", "alive").set_applied(10'000);
  EXPECT_THAT(hold(of),
              UnorderedElementsAre("DucatNodeDown n2", "DucatNodeDown n3", "DucatNodeBehind n4"));
}

TEST_F(Conditions, ThatNobodyWritesTheLog) {
  auto of = well();
  of.nodes->mutable_nodes(0)->set_holds_log(false);
  EXPECT_THAT(hold(of), ElementsAre("DucatNobodyWritesTheLog"));
  add_node(of, "n2", "gone").set_holds_log(true);
  EXPECT_THAT(hold(of), Contains("DucatNobodyWritesTheLog")) << "it did, and is gone";
}

TEST_F(Conditions, OneNodeSpeaksForTheCluster) {
  auto of = well();
  EXPECT_TRUE(conditions_.look(of, moment(0s)).speaks_for_cluster);
  of.nodes->mutable_nodes(0)->set_holds_log(false);
  add_node(of, "n2", "alive").set_holds_log(true);
  EXPECT_FALSE(conditions_.look(of, moment(0s)).speaks_for_cluster);
  of.nodes->mutable_nodes(1)->set_state("silent");
  EXPECT_TRUE(conditions_.look(of, moment(0s)).speaks_for_cluster) << "the first that is up";
  EXPECT_FALSE(conditions{"n3"}.look(of, moment(0s)).speaks_for_cluster);
  of.nodes.reset();
  EXPECT_TRUE(conditions{"n3"}.look(of, moment(0s)).speaks_for_cluster)
      << "who does not know speaks";
}

TEST_F(Conditions, OfLinksAndAcquirers) {
  auto of = well();
  v1::AcquirerLinks& acme = *of.links->add_acquirers();
  acme.set_name("acme");
  acme.set_breaker("open");
  acme.add_links()->set_state("suspect");
  v1::Acquirer& books = *of.acquirers->add_data();
  books.set_link("acme");
  books.set_currency("EUR");
  books.set_state(v1::Acquirer::OUT_OF_BALANCE);
  EXPECT_THAT(hold(of),
              UnorderedElementsAre("DucatAcquirerUnreachable acme", "DucatBreakerOpen acme",
                                   "DucatAcquirerOutOfBalance acme EUR"));
  acme.add_links()->set_state("signed_on");
  acme.set_breaker("half_open");
  books.set_state(v1::Acquirer::IN_BALANCE);
  EXPECT_THAT(hold(of), IsEmpty());
}

TEST_F(Conditions, OfWhatWaitsForPeople) {
  auto of = well();
  of.exceptions->add_data();
  of.dead_letters->add_letters();
  EXPECT_THAT(hold(of), UnorderedElementsAre("DucatExceptionWaits", "DucatDeadLetters"));
}

TEST_F(Conditions, OfChildren) {
  auto of = well();
  add_child(of, "ledger").set_state("restarting");
  v1::Child& pool = add_child(of, "payments");
  pool.set_restarts_max(10);
  of.measured->mutable_children(0)->set_zombies(2);
  of.measured->mutable_children(1)->set_restarts_left(2);
  EXPECT_THAT(hold(of),
              UnorderedElementsAre("DucatChildDoesNotComeBack ledger", "DucatZombie ledger",
                                   "DucatBudgetNearlySpent payments"));
  of.measured->mutable_children(1)->set_restarts_left(3);
  EXPECT_THAT(hold(of), Contains("DucatZombie ledger").Times(1));
  EXPECT_THAT(hold(of), ::testing::Not(Contains("DucatBudgetNearlySpent payments")));
  pool.set_restarts_max(4);
  of.measured->mutable_children(1)->set_restarts_left(0);
  EXPECT_THAT(hold(of), ::testing::Not(Contains("DucatBudgetNearlySpent payments")))
      << "so few are nearly spent by one crash";
}

TEST_F(Conditions, OfRestartsWithinFiveMinutes) {
  auto of = well();
  v1::Child& worker = add_child(of, "payments/w1");
  worker.set_restarts(100);
  EXPECT_THAT(hold(of, 0s), IsEmpty()) << "those were before";
  worker.set_restarts(105);
  EXPECT_THAT(hold(of, 100s), IsEmpty());
  worker.set_restarts(106);
  EXPECT_THAT(hold(of, 200s), ElementsAre("DucatChildRestartsOften payments/w1"));
  EXPECT_THAT(hold(of, 399s), ElementsAre("DucatChildRestartsOften payments/w1"));
  EXPECT_THAT(hold(of, 400s), IsEmpty()) << "five of the six are older";
}

TEST_F(Conditions, OfRefusalsWithinAMinute) {
  auto of = well();
  v1::PoolFigures& pool = *of.measured->add_pools();
  pool.set_pool("at_a_time");
  pool.set_overloaded(100);
  EXPECT_THAT(hold(of, 0s), IsEmpty()) << "those were before";
  pool.set_late(5);
  EXPECT_THAT(hold(of, 1s), IsEmpty()) << "that was not the node's doing";
  pool.set_overloaded(101);
  EXPECT_THAT(hold(of, 10s), ElementsAre("DucatShed at_a_time"));
  pool.set_unavailable(1);
  EXPECT_THAT(hold(of, 69s), ElementsAre("DucatShed at_a_time"));
  EXPECT_THAT(hold(of, 128s), ElementsAre("DucatShed at_a_time"));
  EXPECT_THAT(hold(of, 129s), IsEmpty());
}

/// Of so many writes of the log, so many within a quarter of a second.
void set_writes(metrics::node_figures& of, std::uint64_t all, std::uint64_t quick) {
  v1::Histogram& times = *of.measured->mutable_sync();
  times.Clear();
  times.set_count(all);
  for (const auto& [bound, count] :
       {std::pair{1'000U, quick / 2}, std::pair{250'000U, quick}, std::pair{500'000U, all}}) {
    v1::Histogram::Bucket& bucket = *times.add_buckets();
    bucket.set_up_to_us(bound);
    bucket.set_count(count);
  }
}

TEST_F(Conditions, OfSlowWritesWithinAMinute) {
  auto of = well();
  set_writes(of, 1'000, 0);
  EXPECT_THAT(hold(of, 0s), IsEmpty()) << "those were before";
  set_writes(of, 1'100, 99);
  EXPECT_THAT(hold(of, 10s), IsEmpty()) << "one in a hundred";
  set_writes(of, 1'101, 99);
  EXPECT_THAT(hold(of, 20s), ElementsAre("DucatSyncSlow")) << "two in a hundred and one";
  EXPECT_THAT(hold(of, 79s), ElementsAre("DucatSyncSlow"));
  EXPECT_THAT(hold(of, 80s), IsEmpty());
}

// Those that are added and go, such as ten thousand exceptions, are counted by nobody here.
TEST_F(Conditions, OfChildrenThatComeAndGoThereAreNone) {
  auto of = well();
  v1::Child& passing = *of.tree->add_children();
  passing.set_path("exceptions/e1");
  passing.set_state("restarting");
  EXPECT_THAT(hold(of), IsEmpty());
}

} // namespace
} // namespace ducat::alerts
