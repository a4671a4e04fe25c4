#include "fleet_world.hpp"
#include "routing/seed.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace ducat::terminals::testing {

namespace {

const fleet_options few{.terminals = 20, .connections = 4, .payments = 200, .per_second = 100};

TEST(Fleet, PaysAtTheStatedRateWithoutAnyFault) {
  fleet_world world{few};
  const time_point before = world.moment_now().steady;
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.moment_now().steady - before, 1'990ms); // The first one at once.
  EXPECT_EQ(world.fleet.stats().approved, 200u);
  EXPECT_EQ(world.fleet.stats().timed_out, 0u);
  EXPECT_EQ(world.compare_files().agreed, 200u);
}

TEST(Fleet, EachTerminalHasAConnectionOfItsOwnUnlessTheyShareSome) {
  EXPECT_EQ(fleet{few}.connections(), 4u);
  EXPECT_EQ(fleet{{.terminals = 20}}.connections(), 20u);
}

TEST(Fleet, BeginsWhenAllConnectionsHaveSignedOn) {
  fleet_world world{few};
  world.arm("drop_answer:mti=0800,times=3");
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.moment_now().steady.time_since_epoch(), 2s + 1'990ms);
}

TEST(Fleet, TerminalsTakeTurns) {
  fleet_world world{few};
  ASSERT_TRUE(world.run());
  std::map<std::string, int> payments;
  for (const auto& each : world.finished)
    ++payments[each.terminal];
  ASSERT_EQ(payments.size(), 20u);
  EXPECT_TRUE(std::ranges::all_of(payments, [](const auto& each) { return each.second == 10; }));
}

TEST(Fleet, TheSameSeedMakesTheSamePayments) {
  const auto amounts = [](std::uint64_t seed) {
    fleet_options options = few;
    options.seed = seed;
    fleet_world world{options};
    world.run();
    std::vector<std::int64_t> found;
    for (const auto& each : world.finished)
      found.push_back(each.amount_minor);
    return found;
  };
  EXPECT_EQ(amounts(1), amounts(1));
  EXPECT_NE(amounts(1), amounts(2));
  for (const std::int64_t each : amounts(1)) {
    EXPECT_GE(each, few.amount_min);
    EXPECT_LE(each, few.amount_max);
  }
}

TEST(Fleet, AReversalIsRepeatedUntilItIsAnswered) {
  fleet_world world{few};
  world.arm("drop_answer:mti=0200,times=1");
  world.arm("drop_request:mti=042x,times=3");
  ASSERT_TRUE(world.run());
  const auto stats = world.fleet.stats();
  EXPECT_EQ(stats.timed_out, 1u);
  EXPECT_EQ(stats.reversed, 1u);
  EXPECT_EQ(stats.repeats, 3u);
  const auto reversed =
      std::ranges::find(world.finished, outcome::reversed, &finished_payment::result);
  ASSERT_NE(reversed, world.finished.end());
  EXPECT_EQ(reversed->took, 5s + 3 * 2s);
}

TEST(Fleet, APaymentWhoseConnectionEndedIsReversedWhenItIsThereAgain) {
  fleet_world world{few};
  world.arm("disconnect:mti=0200,every=50");
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.fleet.stats().reversed, 4u);
  EXPECT_EQ(world.fleet.stats().approved, 196u);
  for (const auto& each : world.finished)
    EXPECT_EQ(each.took, each.result == outcome::reversed ? 300ms : 0ms); // As soon as it is.
  EXPECT_TRUE(world.compare_files().differences.empty());
}

// Such as one on which a length header was wrong.
TEST(Fleet, AConnectionOnWhichNothingIsAnsweredIsOpenedAgain) {
  fleet_world world{{.terminals = 1, .payments = 1}};
  world.arm("half_dead:mti=0xxx,times=8"); // The sign-ons are two of them.
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.losses, 1);
  EXPECT_EQ(world.fleet.stats().reversed, 1u);
  fleet_world good{{.terminals = 1, .payments = 100}};
  good.arm("drop_answer:mti=0200,every=2");
  ASSERT_TRUE(good.run());
  EXPECT_EQ(good.losses, 0);
}

TEST(Fleet, AnswersThatComeTwiceOrForNobodyAreStray) {
  fleet_world world{few};
  world.arm("duplicate:mti=0200,times=3");
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.fleet.stats().stray_answers, 3u);
}

TEST(Fleet, WhatIsOpenAtTheEndIsInDoubt) {
  fleet_world world{few};
  world.arm("half_dead");
  EXPECT_FALSE(world.run(20s));
  world.fleet.give_up(world.moment_now());
  EXPECT_EQ(world.fleet.stats().sent, 20u); // No terminal pays before its last one is settled.
  EXPECT_EQ(world.fleet.stats().in_doubt, 20u);
  for (const auto& each : world.fleet.take_finished())
    EXPECT_EQ(each.result, outcome::in_doubt);
}

TEST(Fleet, NothingIsDueWhileNoConnectionIsThere) {
  fleet idle{few};
  EXPECT_FALSE(idle.next_wake());
  EXPECT_TRUE(idle.advance({}).empty());
}

/// Any faults, as the seed wants.
void arm_some(fleet_world& world, cli::random_numbers& random) {
  for (const std::string kind :
       {"drop_request", "drop_answer", "delay:after=3s", "delay:after=9s", "duplicate", "garble",
        "garble:how=field", "garble:how=stan", "decline", "late_approval:after=8s,mti=0200",
        "wrong_amount", "disconnect"})
    if (random.below(2) == 0)
      world.arm(kind + (kind.find(':') == std::string::npos ? ":" : ",") +
                "percent=" + std::to_string(1 + random.below(20)));
}

TEST(Fleet, UnderAnyFaultsNothingStaysInDoubtAndBothSidesAgree) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  cli::random_numbers random{seed};
  for (int round = 0; round < 50; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    fleet_options options = few;
    options.connections = static_cast<std::uint32_t>(1 + random.below(20));
    options.seed = random.next();
    fleet_world world{options};
    arm_some(world, random);
    ASSERT_TRUE(world.run(60min));
    const fleet_stats& stats = world.fleet.stats();
    EXPECT_EQ(stats.approved + stats.declined + stats.reversed, 200u);
    EXPECT_EQ(stats.in_doubt, 0u);
    const comparison both = world.compare_files();
    EXPECT_EQ(both.agreed, stats.approved);
    ASSERT_THAT(both.differences, ::testing::IsEmpty());
  }
}

} // namespace

} // namespace ducat::terminals::testing
