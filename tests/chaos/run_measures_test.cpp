/// What makes a run red though nothing was lost.

#include "chaos/run_measures.hpp"

#include <gmock/gmock.h>

namespace ducat::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A run of three nodes that meets these bounds exactly, to be spoilt.
struct some_run {
  some_run() {
    for (int i = 0; i < 5; ++i)
      faults.push_back({.action = i < 2 ? "kill" : "power_loss", .targets = {"node1"}});
    faults.push_back({.action = "kill"}); // It missed.
    found.acknowledged = 100;
  }

  /// Returns the names of the measures that are missed.
  std::vector<std::string> missed() const {
    chaos_measurements run;
    run.measures = measures_of({.faults = faults,
                                .clients = clients,
                                .found = found,
                                .planned = faults.size(),
                                .loses_power = true,
                                .nodes = 3,
                                .agreeing = agreeing},
                               bounds);
    std::vector<std::string> names;
    for (const measure& each : run.measures)
      if (!each.is_met)
        names.push_back(each.name);
    EXPECT_EQ(run.is_green(), names.empty());
    return names;
  }

  std::vector<struck_fault> faults;
  import_summary clients;
  verdict found;
  std::uint64_t agreeing = 3;
  run_bounds bounds{
      .acknowledged_min = 100, .struck_min = 5, .kills_min = 2, .power_losses_min = 3};
};

TEST(RunMeasures, AreMetByWhatWasAskedFor) {
  EXPECT_THAT(some_run{}.missed(), IsEmpty());
}

TEST(RunMeasures, MissIfTooLittleWasAcknowledged) {
  some_run run;
  run.found.acknowledged = 99;
  EXPECT_THAT(run.missed(), ElementsAre("acknowledged"));
  run.bounds = {};
  EXPECT_THAT(run.missed(), IsEmpty());
  run.found.acknowledged = 0;
  EXPECT_THAT(run.missed(), ElementsAre("acknowledged")) << "whatever the bounds";
}

TEST(RunMeasures, MissIfTooLittleWasBroken) {
  some_run run;
  run.faults[0].targets.clear();
  EXPECT_THAT(run.missed(), ElementsAre("faults that struck", "processes killed"));
  some_run second;
  second.faults[4].action = "pause";
  EXPECT_THAT(second.missed(), ElementsAre("disks that lost power"));
}

TEST(RunMeasures, MissIfAnythingIsUnknownInTheEnd) {
  some_run run;
  run.found.in_doubt = 1; // On record.
  EXPECT_THAT(run.missed(), ElementsAre("unresolved"));
  some_run second;
  second.clients.in_doubt = 1; // Given up.
  EXPECT_THAT(second.missed(), ElementsAre("unresolved"));
}

TEST(RunMeasures, MissIfSomethingWasFoundOrRefusedOrNodesDiffer) {
  some_run run;
  run.clients.refused = 1;
  run.agreeing = 2;
  for (const finding_kind each :
       {finding_kind::lost, finding_kind::doubled, finding_kind::unbalanced})
    run.found.add_finding(make_finding(each, "", ""));
  EXPECT_THAT(run.missed(), ElementsAre("refused", "lost", "doubled", "other findings",
                                        "nodes with the same log"));
}

} // namespace
} // namespace ducat::cli
