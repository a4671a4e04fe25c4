/// Card payments while everything fails that can: an hour's worth of faults in less time. Both
/// sides must agree afterwards, and nothing may be left in doubt. How fast it was is not judged.
/// DUCAT_SOAK_SECONDS makes it longer.

#include "bench/cards/card_nemesis.hpp"
#include "bench/cards/card_verdict.hpp"
#include "bench/cards/cards_bench.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <sstream>
#include <string>

namespace ducat::cli {
namespace {

using nlohmann::json;
using ::testing::IsEmpty;

class CardsBench : public ::testing::Test {
protected:
  /// Returns the document that the bench prints.
  json run(cards_arguments arguments) {
    arguments.directory = work_.path();
    arguments.programs = std::filesystem::path{DUCAT_ACQUIRER}.parent_path();
    arguments.json = true;
    code_ = bench_cards(arguments, DUCAT_PROGRAM, out_, err_);
    return json::parse(out_.str(), nullptr, false);
  }

  static double soak_seconds(double otherwise) {
    const char* given = std::getenv("DUCAT_SOAK_SECONDS");
    return given == nullptr ? otherwise : std::strtod(given, nullptr);
  }

  ducat::testing::temporary_directory work_;
  std::ostringstream out_;
  std::ostringstream err_;
  exit_code code_ = exit_code::unknown;
};

TEST_F(CardsBench, WithoutFaultsEveryPaymentIsCapturedOnBothSides) {
  const json document = run({.clients = 4, .seconds = 1});
  ASSERT_EQ(code_, exit_code::done) << err_.str() << document;
  EXPECT_GT(document["answered"], 0);
  EXPECT_EQ(document["not_answered"], 0);
  EXPECT_EQ(document["states"].size(), 1u) << document["states"];
  EXPECT_EQ(document["attempts"]["matched"], document["answered"]);
  EXPECT_EQ(document["told"]["payments"], document["answered"]);
  EXPECT_EQ(document["time_in_doubt"]["ended"], 0);
  EXPECT_TRUE(std::filesystem::is_empty(work_.path()));
}

// Every part is crashed some times, the process killed, and the acquirer makes every mistake.
TEST_F(CardsBench, WhateverFailsBothSidesAgreeAndNothingStaysInDoubt) {
  const json document = run({.clients = 16,
                             .seconds = soak_seconds(20),
                             .answer_timeout_ms = 500,
                             .faults = "mixed",
                             .crash_every_s = 0.25,
                             .kill_every_s = 9});
  ASSERT_EQ(code_, exit_code::done) << err_.str() << document.dump(1);
  EXPECT_THAT(document["mismatches"], IsEmpty());
  EXPECT_THAT(document["not_as_told"], IsEmpty());
  EXPECT_EQ(document["time_in_doubt"]["open"],
            document["states"].value("EXCEPTION", std::uint64_t{0}));
  EXPECT_GT(document["time_in_doubt"]["ended"], 0);
  EXPECT_GE(document["crashes"], card_blows().size());
  EXPECT_GE(document["kills"], 1);
  EXPECT_GT(document["states"].value("CAPTURED", 0), 0);
}

TEST(CardVerdict, WhatIsFinalStaysAsItWasTold) {
  for (const auto final :
       {v1::Payment::CAPTURED, v1::Payment::DECLINED, v1::Payment::REVERSED, v1::Payment::FAILED})
    for (int now = v1::Payment::State_MIN; now <= v1::Payment::State_MAX; ++now)
      EXPECT_EQ(may_become(final, static_cast<v1::Payment::State>(now)), now == final);
}

TEST(CardVerdict, WhatIsInDoubtIsReversedOrAnException) {
  EXPECT_TRUE(may_become(v1::Payment::IN_DOUBT, v1::Payment::REVERSED));
  EXPECT_TRUE(may_become(v1::Payment::IN_DOUBT, v1::Payment::EXCEPTION));
  EXPECT_FALSE(may_become(v1::Payment::IN_DOUBT, v1::Payment::CAPTURED));
  EXPECT_FALSE(may_become(v1::Payment::IN_DOUBT, v1::Payment::DECLINED));
}

TEST(CardVerdict, ALostADoubledAndAChangedPaymentAreFound) {
  const std::vector<told_states> told{{{v1::Payment::CAPTURED, v1::Payment::CAPTURED}},
                                      {{v1::Payment::CAPTURED, 0, v1::Payment::IN_DOUBT}}};
  const auto payment = [](const char* name, v1::Payment::State state) {
    v1::Payment made;
    made.set_description(name);
    made.set_state(state);
    return made;
  };
  told_check check{told};
  check.add(payment("0/0", v1::Payment::CAPTURED)); // 0/1 is lost.
  check.add(payment("1/0", v1::Payment::CAPTURED));
  check.add(payment("1/0", v1::Payment::CAPTURED));
  check.add(payment("1/2", v1::Payment::CAPTURED)); // Of 1/1 nobody was told anything.
  const auto found = check.compare();
  EXPECT_EQ(found.told, 4u);
  EXPECT_THAT(found.complaints,
              ::testing::ElementsAre("made twice: 1/0", "told CAPTURED, is lost: 0/1",
                                     "told IN_DOUBT, is CAPTURED: 1/2"));
}

TEST(CardVerdict, IsSettledOnlyWithExceptionsInDoubt) {
  v1::StatusReply status;
  EXPECT_TRUE(is_settled(status));
  (*status.mutable_payments_by_state())["authorizing"] = 1;
  EXPECT_FALSE(is_settled(status));
  (*status.mutable_payments_by_state())["authorizing"] = 0;
  status.mutable_time_in_doubt()->set_open(2);
  (*status.mutable_payments_by_state())["exception"] = 1;
  EXPECT_FALSE(is_settled(status));
  (*status.mutable_payments_by_state())["exception"] = 2;
  EXPECT_TRUE(is_settled(status));
}

} // namespace
} // namespace ducat::cli
