/// Everything that can break in a flow breaks, and what does not hold is found.

#include "cluster/word_machine.hpp"

#include <ducat/durable.hpp>
#include <ducat/testing/prove.hpp>

#include <gmock/gmock.h>

#include <sstream>

namespace ducat::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

std::string words_at(sim_cluster& on, const std::string& node) {
  const auto told = on.ask<answer>(node, "words", query{""});
  return told ? told->text : "";
}

/// One word, and whoever says it again is told the same.
flow words_flow() {
  const auto there = [](const committed&) -> result<std::string> { return "there"; };
  const auto say = [](time_point) { return commit{"hello"}; };
  return {.name = "Words",
          .maker = "words_flow",
          .describe =
              [](node& n) {
                n.replicate("words", [] {
                  return std::make_unique<word_machine>(std::make_shared<settled_entries>(), false);
                });
              },
          .prepare = {},
          .requests = {ask_for<committed>("hello", "words", say, there)},
          .effects = {},
          .view = words_at,
          .claims = {{"the word is there", [](sim_cluster& on) {
                        const std::string all = words_at(on, "node1");
                        return all == "hello" ? "" : "there is: " + all;
                      }}}};
}

std::string text_of(const certificate& what) {
  std::ostringstream text;
  text << what;
  return text.str();
}

TEST(Prove, RunsEachFaultAtEachBoundaryAndAtEachHitOfAFaultPoint) {
  const auto proof = prove(words_flow);
  EXPECT_TRUE(proof.holds()) << proof;
  ASSERT_EQ(proof.seeds.size(), 1u);
  const explored_seed& of = proof.seeds.front();
  EXPECT_GT(of.messages, 5u);
  EXPECT_EQ(of.points.at("durable.before_append"), 1u);
  const std::uint64_t at_each = of.children.size() + 4 * 3; // Kill, pause, partition, deaf.
  EXPECT_EQ(proof.singles, of.messages * at_each + 4);
  EXPECT_EQ(proof.came_too_late, 0u);
  EXPECT_EQ(proof.broken_by.at("kill"), of.messages * 3);
  EXPECT_THAT(proof.answers, ElementsAre(Pair("hello: there", proof.runs())));
  for (const claim_count& each : proof.claims)
    EXPECT_EQ(each.held, proof.runs()) << each.claim;
}

TEST(Prove, GivesTheSameCertificateForTheSameSeed) {
  const auto once = [](std::uint64_t seed) {
    return text_of(prove(words_flow, {.seeds = {seed}, .pairs_max = 20}));
  };
  const std::string first = once(3);
  EXPECT_EQ(once(3), first);
  EXPECT_NE(once(4), first);
}

TEST(Prove, DrawsOnlySoManyPairsAndSaysOfHowMany) {
  const auto proof = prove(words_flow, {.pairs_max = 25});
  EXPECT_TRUE(proof.holds()) << proof;
  EXPECT_EQ(proof.pairs, 25u);
  EXPECT_GT(proof.seeds.front().pairs_possible, 1'000u);
  EXPECT_THAT(text_of(proof),
              HasSubstr("25 of " + std::to_string(proof.seeds.front().pairs_possible)));
}

/// Each commit has an effect.
flow doubled_flow() {
  auto made = words_flow();
  made.effects = [](sim_cluster& on) {
    const auto entries = on.log().size();
    return std::vector<std::string>(entries, "hello");
  };
  made.describe = [](node& n) { // Wrong: each commit is a new word to it.
    struct forgetful final : machine {
      std::optional<std::string> answer_without_commit(std::string_view) const override {
        return std::nullopt;
      }

      std::string apply(const position&, std::string_view) override { return "new"; }

      std::string query(std::string_view) const override { return "hello"; }

      digest state_digest() const override { return {}; }
    };
    n.replicate("words", [] { return std::make_unique<forgetful>(); });
  };
  return made;
}

TEST(Prove, ConvictsAFlowThatIsWrongWithoutAnyFault) {
  const auto proof = prove(doubled_flow);
  EXPECT_FALSE(proof.holds());
  EXPECT_EQ(proof.runs(), 1u) << "it is of no use to break it";
  ASSERT_EQ(proof.shortest.size(), 1u);
  EXPECT_THAT(proof.shortest.front().what.faults, IsEmpty());
  EXPECT_EQ(proof.shortest.front().broken.front().claim, "no effect is there twice");
}

/// Wrong if a node begins a second time.
flow once_only_flow() {
  auto made = words_flow();
  made.name = "OnceOnly";
  made.maker = "once_only_flow";
  const auto lives = std::make_shared<int>(0);
  made.describe = [lives, describe = made.describe](node& n) {
    ++*lives;
    describe(n);
  };
  made.claims.push_back({"no node begins again", [lives](sim_cluster&) {
                           return *lives == 3 ? "" : std::to_string(*lives) + " lives";
                         }});
  return made;
}

TEST(Prove, FindsTheEarliestOfTheShortestFailingRunsWhichFailsAgain) {
  const auto proof = prove(once_only_flow);
  EXPECT_FALSE(proof.holds());
  // Each kill, and at the one fault point exit and segv.
  EXPECT_EQ(proof.failed, proof.seeds.front().messages * 3 + 2) << proof;
  ASSERT_EQ(proof.shortest.size(), failed_trials_shown);
  const failed_trial& first = proof.shortest.front();
  ASSERT_EQ(first.what.faults.size(), 1u);
  EXPECT_EQ(first.what.faults.front(), (flow_fault{.what = fault_action::kill, .node = "node1"}));
  const trial_result again = run_trial(once_only_flow, first.what);
  EXPECT_EQ(again.broken, first.broken);
  EXPECT_EQ(again.struck, 1u);
}

/// Wrong only if two nodes begin again.
flow twice_only_flow() {
  auto made = once_only_flow();
  made.claims.back().judge = [judge = made.claims.back().judge](sim_cluster& on) {
    const std::string why = judge(on);
    return why == "4 lives" ? "" : why;
  };
  return made;
}

TEST(Prove, FindsWhatOnlyTwoFaultsBreak) {
  const auto alone = prove(twice_only_flow, {.between = {fault_action::kill}});
  EXPECT_TRUE(alone.holds()) << alone;
  const auto proof = prove(twice_only_flow, {.pairs_max = 50, .between = {fault_action::kill}});
  EXPECT_FALSE(proof.holds());
  EXPECT_EQ(proof.shortest.front().what.faults.size(), 2u);
  const trial_result again = run_trial(twice_only_flow, proof.shortest.front().what);
  EXPECT_EQ(again.broken, proof.shortest.front().broken);
}

TEST(Prove, BreaksTheSecondAfterTheFirst) {
  std::uint64_t pairs = 0;
  const auto run = [&](const flow_maker& make, const std::vector<trial>& all) {
    std::vector<trial_result> made;
    for (const trial& each : all) {
      made.push_back(run_trial(make, each));
      if (each.faults.size() == 2 && each.faults[0].point.empty() && each.faults[1].point.empty()) {
        EXPECT_LE(each.faults[0].at, each.faults[1].at);
        ++pairs;
      }
    }
    return made;
  };
  EXPECT_TRUE(
      prove(words_flow, {.pairs_max = 60, .between = {fault_action::kill}, .run = run}).holds());
  EXPECT_GT(pairs, 20u);
}

TEST(Prove, ConvictsAFlowThatDoesNotAnswer) {
  const auto silent = [] {
    auto made = words_flow();
    made.requests.front().read = [](const caf::message&) -> result<std::string> {
      return fail(errc::unavailable, "none of them is an answer");
    };
    return made;
  };
  EXPECT_EQ(run_trial(silent, {}).broken,
            (std::vector<broken_claim>{{"every request is answered", "hello"}}));
}

TEST(Prove, ConvictsAFlowThatSaysSomethingElseWhenItIsAskedAgain) {
  const auto fickle = [] {
    auto made = words_flow();
    made.requests.front().read = [](const caf::message& what) -> result<std::string> {
      return what.get_as<committed>(0).reply; // "new", and then "known".
    };
    return made;
  };
  const auto run = run_trial(fickle, {});
  ASSERT_EQ(run.broken.size(), 1u) << run;
  EXPECT_EQ(run.broken.front().claim, "a request that is asked again is answered the same");
}

TEST(Prove, PrintsTheShortestFailingRunAsATest) {
  const auto proof = prove(once_only_flow);
  EXPECT_EQ(test_of(proof, proof.shortest.front()),
            R"(TEST(OnceOnly, HoldWhenThisBreaks) {
  const auto run = ducat::testing::run_trial(
      once_only_flow,
      {.seed = 1,
       .faults = {{.what = ducat::fault_action::kill, .at = 0, .node = "node1"}},
       .lease = std::chrono::milliseconds{1500}});
  EXPECT_TRUE(run.holds()) << run;
}
)");
  EXPECT_THAT(text_of(proof), HasSubstr(test_of(proof, proof.shortest.front())));
  EXPECT_THAT(text_of(prove(words_flow)), Not(HasSubstr("TEST(")));
}

TEST(Prove, HandsItsRunsToWhoeverRunsThem) {
  std::vector<std::size_t> given;
  const auto proof =
      prove(words_flow, {.run = [&](const flow_maker& make, const std::vector<trial>& all) {
              given.push_back(all.size());
              std::vector<trial_result> made(all.size());
              if (all.size() == 1)
                made.front() = run_trial(make, all.front());
              else
                made.back().broken.push_back({"the run ends by itself", "signal 6"});
              return made;
            }});
  EXPECT_THAT(given, ::testing::SizeIs(2)); // Without a fault, and with one.
  EXPECT_EQ(proof.failed, 1u);
  EXPECT_EQ(proof.claims.front().broken, 1u);
}

} // namespace
} // namespace ducat::testing
