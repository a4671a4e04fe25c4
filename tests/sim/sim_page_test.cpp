#include "sim/invariants.hpp"
#include "sim/sim_page.hpp"

#include <gmock/gmock.h>

#include <map>

namespace ducat::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The names of what a sentence violates, with how often.
std::map<std::string, std::uint64_t> violated_by(const std::vector<failed_seed>& failed,
                                                 bool on_disk) {
  std::map<std::string, std::uint64_t> made;
  for (const invariant_count& each : by_invariant(failed, on_disk))
    if (each.seeds > 0)
      made[each.name] = each.seeds;
  return made;
}

std::string violated_by(const std::string& sentence, bool on_disk = false) {
  const auto made = violated_by({{1, {sentence}}}, on_disk);
  return made.size() == 1 ? made.begin()->first : std::to_string(made.size()) + " of them";
}

// Sentences as the runs write them: of the table of planted bugs in docs/crash-injection.md.
TEST(Invariants, KnowWhatASentenceViolates) {
  const std::pair<const char*, const char*> all[] = {
      {"lost: payment k78: it was acknowledged, and is not in the log",
       "What was acknowledged is in the log"},
      {"doubled: void k74-void: it was answered a second time, and differently",
       "Nothing has an effect twice or two answers"},
      {"a command of entry 3 had an effect once more, in entry 9",
       "Nothing has an effect twice or two answers"},
      {"impossible: PAYMENT: more is refunded than was captured",
       "Every effect is one that its history allows"},
      {"receipt: account shop: its receipt's hash is not that of the entry",
       "Receipts are those of the log"},
      {"node3 was asked when entry 437 was acknowledged, and answered when entry 438 ...",
       "What is read is what some entry has made, and not an old one"},
      {"node1: account settlement.fees.EUR has debits 0", "Nodes show what the log says"},
      {"node2 does not answer", "Nodes show what the log says"},
      {"node2, which writes the log, does not answer",
       "Whoever writes the log says the same, and so do all that begin anew"},
      {"when node1 writes the log: account id: \"shop\" currency",
       "Whoever writes the log says the same, and so do all that begin anew"},
      {"event 1 of payment PAYMENT is missing", "Every change of a payment has its event"},
      {"event evt_1 was not delivered", "Every event is delivered, signed and in order"},
      {"approved here, and does not stand there: 000000000007 of pay_1",
       "Acquirers have what the log says, and were asked once"},
      {"attempt 000000000007 was sent to the acquirer again",
       "Acquirers have what the log says, and were asked once"},
      {"its terminal was told that KEY is not paid, and it is CAPTURED",
       "Payments are what their terminals were told"},
      {"file set_1.csv was made again, and is another one",
       "A file of settlement is the same whoever makes it"},
      {"settlement left pob_EUR_1 BATCHED", "Settlement goes on until nothing is left to be done"},
      {"damage that nobody has done: node1 ends itself: corrupt: log entry 7 does not continue",
       "No node damages what it has"},
      {"outcomes stay unknown", "Every outcome becomes known"},
      {"the same seed gave another run", "The same seed gives the same run"},
      {"the process ended: signal 11", "A run ends by itself"},
      {"something new", "Nothing else was found"}};
  for (const auto& [sentence, name] : all)
    EXPECT_EQ(violated_by(sentence), name) << sentence;
}

TEST(Invariants, KnowThoseOfAMachineOnADisk) {
  const std::pair<const char*, const char*> all[] = {
      {"entry 177 was acknowledged, and is not in the log",
       "What was acknowledged is on the disk, or damage is noticed"},
      {"an entry was taken from a writer whose epoch is over", "Whose time is over writes nothing"},
      {"it does not begin again: corrupt: log entry 19", "A machine begins again and goes on"},
      {"lost: payment k1: it was acknowledged, and is not in the log",
       "What was acknowledged is in the log"}};
  for (const auto& [sentence, name] : all)
    EXPECT_EQ(violated_by(sentence, true), name) << sentence;
}

TEST(Invariants, CountSeedsAndNotSentences) {
  const auto made = violated_by({{1, {"lost: a", "lost: b"}}, {2, {"lost: c", "other"}}}, false);
  EXPECT_EQ(made.at("What was acknowledged is in the log"), 2u);
  EXPECT_EQ(made.at("Nothing else was found"), 1u);
}

sim_summary two_seeds() {
  return {.runs = 2,
          .acknowledged = 321,
          .struck = {{"kill", 4}, {"throw", 1}},
          .fired = {{"payment.after_capture", 3}},
          .failed = {{7, {"lost: payment k<1>: it was acknowledged, and is not in the log"}}}};
}

TEST(SimPage, SaysWhatWasViolatedAndHowToRunThatSeedAgain) {
  const std::string page =
      sim_page(two_seeds(), {.seeds = "7..8", .schedule = "x.toml", .payments = 50});
  EXPECT_THAT(page, HasSubstr("<span class=\"bad\">red</span>"));
  EXPECT_THAT(page, HasSubstr("<td>What was acknowledged is in the log</td>"
                              "<td class=\"bad\">violated by 1</td><td>lost: payment k&lt;1&gt;"));
  EXPECT_THAT(page, HasSubstr("<td>The log is one chain</td><td class=\"good\">held</td>"));
  EXPECT_THAT(page, HasSubstr("Seed 7: <code>ducat sim --seeds 7 --payments 50 --nodes 3 "
                              "--schedule x.toml --trace</code>"));
  EXPECT_THAT(page, HasSubstr("Again: <code>ducat sim --seeds 7..8 --payments 50 --nodes 3 "
                              "--schedule x.toml</code>"));
}

TEST(SimPage, CountsFaultsAndFaultPoints) {
  const std::string page = sim_page(two_seeds(), {});
  EXPECT_THAT(page, HasSubstr("<td>kill</td><td class=\"count\">4</td>"));
  EXPECT_THAT(page, HasSubstr("<td>payment.after_capture</td><td class=\"count\">3</td>"));
  EXPECT_THAT(page, HasSubstr("<td>acknowledged</td><td>321</td>"));
}

TEST(SimPage, IsGreenIfNothingWasViolated) {
  sim_summary sum = two_seeds();
  sum.failed.clear();
  const std::string page = sim_page(sum, {});
  EXPECT_THAT(page, HasSubstr("<span class=\"good\">green</span>"));
  EXPECT_THAT(page, Not(HasSubstr("Violated seeds")));
}

TEST(SimPage, ShowsTheFirstOfManyViolatedSeeds) {
  sim_summary sum = two_seeds();
  sum.failed.clear();
  for (std::uint64_t seed = 1; seed <= 103; ++seed)
    sum.failed.push_back({seed, {"other"}});
  const std::string page = sim_page(sum, {});
  EXPECT_THAT(page, HasSubstr("Seed 100:"));
  EXPECT_THAT(page, Not(HasSubstr("Seed 101:")));
  EXPECT_THAT(page, HasSubstr("And 3 more."));
}

TEST(SimPage, ReplaysAMachineOnADiskWithoutATrace) {
  EXPECT_EQ(replay_of({.payments = 9, .on_disk = true}, 4),
            "ducat sim --seeds 4 --payments 9 --nodes 3 --disk");
}

} // namespace
} // namespace ducat::cli
