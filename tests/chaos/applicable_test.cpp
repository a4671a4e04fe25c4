/// Which rules of a schedule a stage refuses before anything is started.

#include "chaos/applicable.hpp"

#include <ducat/fault.hpp>

#include <gmock/gmock.h>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const fault_point throwing{"applicable_test.throwing"};
const fault_point of_process{"applicable_test.of_process", fault_scope::process};

const stage_offer cluster{.nodes = {"node1", "node2"}, .members = {"etcd1"}};

std::vector<std::string> refused(const std::vector<fault_rule>& rules, const stage_offer& on) {
  fault_schedule schedule{.rules = rules};
  for (fault_rule& each : schedule.rules)
    each.at = {1s};
  return not_applicable(schedule, on);
}

TEST(Applicable, IsEverythingOnAClusterWhoseNetworkCanBeBroken) {
  EXPECT_THAT(refused({{.what = fault_action::kill},
                       {.what = fault_action::kill, .node = "writer"},
                       {.what = fault_action::kill, .node = "etcd1"},
                       {.what = fault_action::pause, .node = "everything"},
                       {.what = fault_action::partition, .node = "node2"},
                       {.what = fault_action::deaf},
                       {.what = fault_action::slow},
                       {.what = fault_action::crash, .point = "applicable_test.throwing"},
                       {.what = fault_action::exit, .point = "applicable_test.of_process"},
                       {.what = fault_action::storm, .child = "payments"}},
                      cluster),
              IsEmpty());
}

TEST(Applicable, AreNoBrokenNetworksWhereThereIsNone) {
  const stage_offer one{.nodes = {"node1"}, .why_no_network = "one node has no network"};
  EXPECT_THAT(refused({{.what = fault_action::partition},
                       {.what = fault_action::kill},
                       {.what = fault_action::deaf},
                       {.what = fault_action::slow}},
                      one),
              ElementsAre("rule 1: partition cannot be carried out: one node has no network",
                          HasSubstr("rule 3: deaf"), HasSubstr("rule 4: slow")));
}

TEST(Applicable, IsOnASimulatedDiskOnlyWhereThatIs) {
  const std::vector<fault_rule> rules{{.what = fault_action::lossy},
                                      {.what = fault_action::disk_flip}};
  EXPECT_THAT(refused(rules, cluster),
              ElementsAre("rule 1: lossy is only simulated: --stage sim",
                          "rule 2: disk_flip is only simulated: --stage sim"));
  stage_offer simulated = cluster;
  simulated.is_simulated = true;
  EXPECT_THAT(refused(rules, simulated), IsEmpty());
}

TEST(Applicable, AreLossesOfPowerAndFullDisksWhereNodesHaveDisksOfTheirOwn) {
  const std::vector<fault_rule> rules{{.what = fault_action::disk_full, .node = "node1"},
                                      {.what = fault_action::kill},
                                      {.what = fault_action::power_loss, .node = "writer"}};
  EXPECT_THAT(refused(rules, cluster), IsEmpty());
  stage_offer without = cluster;
  without.why_no_disks = "there are none";
  EXPECT_THAT(refused(rules, without),
              ElementsAre("rule 1: disk_full cannot be carried out: there are none",
                          "rule 3: power_loss cannot be carried out: there are none"));
  EXPECT_THAT(refused({{.what = fault_action::power_loss, .node = "etcd1"}}, cluster),
              ElementsAre("rule 1: power_loss is of a node, not of etcd1"));
}

TEST(Applicable, NeedsDisksOnlyForWhatBreaksThem) {
  EXPECT_TRUE(
      needs_disks({.rules = {{.what = fault_action::kill}, {.what = fault_action::power_loss}}}));
  EXPECT_TRUE(needs_disks({.rules = {{.what = fault_action::disk_full}}}));
  EXPECT_FALSE(
      needs_disks({.rules = {{.what = fault_action::kill}, {.what = fault_action::disk_flip}}}));
}

TEST(Applicable, IsNothingOfANodeThatThereIsNot) {
  EXPECT_THAT(refused({{.what = fault_action::kill, .node = "node3"},
                       {.what = fault_action::kill, .node = "etcd2"}},
                      cluster),
              ElementsAre("rule 1: there is no node node3", "rule 2: there is no node etcd2"));
}

TEST(Applicable, AreOnlyKillsAndPausesToMembersOfEtcdAndToEverythingAtOnce) {
  EXPECT_THAT(refused({{.what = fault_action::partition, .node = "etcd1"},
                       {.what = fault_action::storm, .child = "payments", .node = "everything"}},
                      cluster),
              ElementsAre("rule 1: partition is of a node, not of etcd1",
                          "rule 2: storm is of a node, not of everything"));
}

TEST(Applicable, AreOnlyFaultPointsThatExistAndDoWhatIsAsked) {
  EXPECT_THAT(refused({{.what = fault_action::crash, .point = "applicable_test.missing"},
                       {.what = fault_action::crash, .point = "applicable_test.of_process"}},
                      cluster),
              ElementsAre("rule 1: there is no fault point applicable_test.missing",
                          HasSubstr("rule 2: applicable_test.of_process does not throw")));
}

} // namespace
} // namespace ducat::cli
