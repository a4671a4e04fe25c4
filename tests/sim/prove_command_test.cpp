/// `ducat prove`: the flows of ours hold, the wrong ones do not.

#include "prove/prove_command.hpp"
#include "prove/proven_flows.hpp"
#include "prove/recorded_acquirer.hpp"
#include "prove/trial_crowd.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <sstream>

namespace ducat::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct done {
  exit_code code;
  std::string out;
  std::string err;
};

done prove(prove_arguments arguments, output_format format = output_format::table) {
  std::ostringstream out;
  std::ostringstream err;
  const exit_code code = run_prove(arguments, {.out = out, .err = err, .format = format});
  return {code, out.str(), err.str()};
}

nlohmann::json certificate_of(const prove_arguments& arguments) {
  return nlohmann::json::parse(prove(arguments, output_format::json).out);
}

TEST(ProveCommand, ListsTheFlows) {
  const done listed = prove({.list = true});
  EXPECT_EQ(listed.code, exit_code::done);
  for (const proven_flow& each : proven_flows())
    EXPECT_THAT(listed.out, HasSubstr(each.name));
}

TEST(ProveCommand, RefusesWhatIsNoFlowAndNoSeed) {
  EXPECT_EQ(prove({.flow = "none"}).code, exit_code::usage);
  EXPECT_EQ(prove({.flow = "tips", .seeds = "x"}).code, exit_code::usage);
  EXPECT_EQ(prove({.flow = "tips", .json = "/nonexistent/file"}).code, exit_code::usage);
  EXPECT_EQ(prove({.flow = "tips", .report = "/nonexistent/file"}).code, exit_code::usage);
}

TEST(ProveCommand, SaysTheSameWithAnyNumberOfProcesses) {
  const done alone = prove({.flow = "tips", .pairs = 40, .jobs = 1}, output_format::json);
  EXPECT_EQ(alone.code, exit_code::done) << alone.out;
  EXPECT_EQ(alone.out, prove({.flow = "tips", .pairs = 40, .jobs = 3}, output_format::json).out);
}

TEST(ProveCommand, AcquitsPaymentsOfAccounts) {
  const done proven = prove({.flow = "payments", .pairs = 100});
  EXPECT_EQ(proven.code, exit_code::done) << proven.out;
}

// What is in doubt is taken back, and what is not is paid: both have to happen.
TEST(ProveCommand, AcquitsASaleByCard) {
  const auto proven = certificate_of({.flow = "card-sale", .pairs = 200});
  EXPECT_TRUE(proven["holds"]) << proven;
  EXPECT_GT(proven["answers"]["sale: CAPTURED captured 100 refunded 0"], 500);
  EXPECT_GT(proven["answers"]["sale: REVERSED captured 0 refunded 0"], 20);
}

// The wrong order of R1: what must be remembered before a byte leaves is not.
TEST(ProveCommand, ConvictsASaleThatAsksTheAcquirerBeforeThatIsInTheLog) {
  const auto found = certificate_of({.flow = "card-rash", .pairs = 0});
  EXPECT_FALSE(found["holds"]);
  const auto& first = found["shortest"][0];
  EXPECT_EQ(first["faults"].size(), 1u) << "without a fault it looks right";
  EXPECT_EQ(first["broken"][0]["claim"], "no effect is there twice");
  EXPECT_EQ(first["broken"][0]["why"], "sale");
}

testing::certificate a_certificate() {
  const testing::flow_fault crash{
      .what = fault_action::crash, .at = 3, .node = "node2", .child = "ledger"};
  return {.flow = "Tips",
          .maker = "tips_flow",
          .requests = {"tip-1"},
          .seeds = {{.seed = 1,
                     .messages = 36,
                     .points = {{"durable.before_append", 3}},
                     .children = {{"node1", "tips/w1"}},
                     .pairs_possible = 999}},
          .without = 1,
          .singles = 700,
          .faults = 700,
          .came_too_late = 2,
          .broken_by = {{"throw", 291}},
          .answers = {{"tip-1: CAPTURED", 701}},
          .claims = {{.claim = "the waiter has it once", .held = 589, .broken = 112},
                     {.claim = "all nodes say the same", .held = 701}},
          .failed = 112,
          .shortest = {
              {.what = {.faults = {crash}}, .broken = {{"the waiter has it once", "he has <0>"}}},
              {.what = {.seed = 2, .faults = {crash}}, .broken = {}}}};
}

TEST(CertificatePage, SaysWhatHeldAndWhatDidNot) {
  const std::string page = page_of(a_certificate(), "ducat prove tips");
  EXPECT_THAT(page, HasSubstr("Proof of Tips: <span class=\"bad\">broken</span>"));
  EXPECT_THAT(page, HasSubstr("<td>the waiter has it once</td><td>589</td><td>112</td>"
                              "<td class=\"bad\">broken</td>"));
  EXPECT_THAT(page, HasSubstr("<td>all nodes say the same</td><td>701</td><td>0</td>"
                              "<td class=\"good\">held</td>"));
  EXPECT_THAT(page, HasSubstr("Again: <code>ducat prove tips</code>"));
}

TEST(CertificatePage, ShowsTheShortestFailingRunAsATestToPaste) {
  const std::string page = page_of(a_certificate(), "");
  EXPECT_THAT(page, HasSubstr("Seed 1: throw in ledger on node2 after message 3"));
  EXPECT_THAT(page, HasSubstr("the waiter has it once: he has &lt;0&gt;"));
  EXPECT_THAT(page, HasSubstr("<pre>TEST(Tips, HoldWhenThisBreaks) {"));
  EXPECT_THAT(page, HasSubstr("Next of the 112 that failed"));
  EXPECT_THAT(page, HasSubstr("<li>Seed 2: throw in ledger on node2 after message 3</li>"));
}

TEST(CertificatePage, SaysWhatWasExplored) {
  const std::string page = page_of(a_certificate(), "");
  EXPECT_THAT(page, HasSubstr("Seed 1: 36 boundaries between messages, 999 pairs"));
  EXPECT_THAT(page, HasSubstr("tips/w1 on node1"));
  EXPECT_THAT(page, HasSubstr("<td>durable.before_append</td><td class=\"count\">3</td>"));
  EXPECT_THAT(page, HasSubstr("<td>tip-1: CAPTURED</td><td class=\"count\">701</td>"));
  EXPECT_THAT(page, HasSubstr("2 of 700 came too late"));
}

TEST(TrialCrowd, TakesARunThatEndsItsProcessForOneThatFailedAndGoesOn) {
  const testing::flow_maker make = [] {
    auto made = payments_flow();
    made.requests.resize(1);
    made.claims = {{"nobody dies", [](testing::sim_cluster& on) -> std::string {
                      if (on.messages() > 0 && on.at("node1").tree().front().incarnation > 1)
                        std::raise(SIGKILL);
                      return "";
                    }}};
    return made;
  };
  const testing::flow_fault crash{
      .what = fault_action::crash, .at = 1, .node = "node1", .child = "ledger"};
  const std::vector<testing::trial> all{{}, {.faults = {crash}}, {}, {.faults = {crash}}, {}};
  const auto results = run_in_crowd(make, all, {.jobs = 2});
  for (const std::size_t i : {0u, 2u, 4u})
    EXPECT_THAT(results[i].broken, IsEmpty()) << i;
  for (const std::size_t i : {1u, 3u})
    EXPECT_THAT(results[i].broken, ElementsAre(testing::broken_claim{
                                       "the run ends by itself", "the process ended: signal 9"}));
}

TEST(AcquirerJournal, KnowsWhatStands) {
  acquirer_journal journal;
  EXPECT_TRUE(journal.take_request("a"));
  EXPECT_TRUE(journal.take_request("b"));
  journal.take_reversal("a");
  journal.take_reversal("c");
  EXPECT_FALSE(journal.take_request("c")) << "it comes after its reversal";
  EXPECT_THAT(journal.requests(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(journal.standing(), ElementsAre("b"));
}

} // namespace
} // namespace ducat::cli
