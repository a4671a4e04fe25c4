#include "settlement/draw.hpp"

#include <ducat/settlement/positions.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace ducat::settlement {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr std::int64_t most_owed = std::numeric_limits<std::int64_t>::max();

obligations obligations_of(const std::vector<obligation>& list) {
  obligations all;
  for (const obligation& one : list)
    EXPECT_EQ(all.add(one), std::nullopt);
  return all;
}

/// Three banks in a circle, and a pair that owes each other the same.
obligations circle() {
  return obligations_of({{"c", "a", 50},
                         {"a", "b", 100},
                         {"b", "c", 70},
                         {"b", "a", 30},
                         {"d", "e", 5},
                         {"e", "d", 5}});
}

obligations random_obligations(test::draw& draw) {
  obligations all;
  const std::uint32_t banks = draw.small(2, 12);
  for (std::uint32_t count = draw.small(0, 100); count > 0; --count)
    all.add({"bank" + std::to_string(draw.small(1, banks)),
             "bank" + std::to_string(draw.small(1, banks)), draw.amount(most_owed)});
  return all;
}

/// Returns where everybody, and the hub, stands after these transfers.
net_positions after(const std::vector<leg>& legs) {
  net_positions nets;
  for (const leg& one : legs) {
    EXPECT_GT(one.amount, 0);
    nets[one.from] -= one.amount;
    nets[one.to] += one.amount;
  }
  return nets;
}

net_positions without_zeros(net_positions nets) {
  std::erase_if(nets, [](const auto& one) { return one.second == 0; });
  return nets;
}

} // namespace

TEST(Obligations, AreSummedForEachDirection) {
  const obligations all = obligations_of({{"a", "b", 10}, {"a", "b", 5}, {"b", "a", 3}});
  EXPECT_EQ(all.owed("a", "b"), 15);
  EXPECT_EQ(all.owed("b", "a"), 3);
  EXPECT_EQ(all.owed("a", "c"), 0);
  EXPECT_EQ(all.total(), 18);
}

TEST(Obligations, RefuseWhatNobodyOwesAndChangeNothing) {
  using enum obligation_problem;
  obligations all;
  EXPECT_EQ(all.add({"", "a", 1}), no_participant);
  EXPECT_EQ(all.add({"a", "", 1}), no_participant);
  EXPECT_EQ(all.add({"a", "a", 1}), same_participant);
  EXPECT_EQ(all.add({"a", "b", 0}), not_positive);
  EXPECT_EQ(all.add({"a", "b", -1}), not_positive);
  EXPECT_THAT(all.all(), IsEmpty());
}

TEST(Obligations, AreAnInt64Together) {
  obligations all;
  EXPECT_EQ(all.add({"a", "b", most_owed}), std::nullopt);
  EXPECT_EQ(all.add({"c", "d", 1}), obligation_problem::total_too_large);
  EXPECT_EQ(all.total(), most_owed);
  EXPECT_EQ(bilateral(all, "a", "b"), -most_owed);
  EXPECT_EQ(multilateral(all).at("b"), most_owed);
}

TEST(Positions, AreWhatIsOwedLessWhatIsOwing) {
  EXPECT_EQ(bilateral(circle(), "a", "b"), -70);
  EXPECT_EQ(bilateral(circle(), "b", "a"), 70);
  EXPECT_THAT(multilateral(circle()),
              ElementsAre(Pair("a", -20), Pair("b", 0), Pair("c", 20), Pair("d", 0), Pair("e", 0)));
}

TEST(Legs, AreOneForEachDirectionWhenSettlementIsGross) {
  EXPECT_THAT(legs_of(settlement_model::gross_immediate, circle()),
              ElementsAre(leg{"a", "b", 100}, leg{"b", "a", 30}, leg{"b", "c", 70},
                          leg{"c", "a", 50}, leg{"d", "e", 5}, leg{"e", "d", 5}));
}

TEST(Legs, AreOneForEachPairWithANetWhenItIsBilateral) {
  EXPECT_THAT(legs_of(settlement_model::net_bilateral_deferred, circle()),
              ElementsAre(leg{"a", "b", 70}, leg{"c", "a", 50}, leg{"b", "c", 70}));
}

TEST(Legs, AreOneForEachParticipantDebtorsFirstWhenItIsMultilateral) {
  EXPECT_THAT(legs_of(settlement_model::net_multilateral_deferred,
                      obligations_of({{"b", "a", 40}, {"d", "c", 7}, {"d", "a", 1}})),
              ElementsAre(leg{"b", "", 40}, leg{"d", "", 8}, leg{"", "a", 41}, leg{"", "c", 7}));
}

TEST(Legs, AreNoneIfNobodyOwes) {
  for (const auto model :
       {settlement_model::gross_immediate, settlement_model::net_bilateral_deferred,
        settlement_model::net_multilateral_deferred})
    EXPECT_THAT(legs_of(model, {}), IsEmpty());
}

TEST(Positions, AddUpToZeroAndAreTheSumsOfBilateralNets) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::draw draw{seed};
  for (int run = 0; run < 500; ++run) {
    const obligations all = random_obligations(draw);
    const net_positions nets = multilateral(all);
    std::int64_t sum = 0;
    for (const auto& [who, net] : nets) {
      sum += net;
      std::int64_t by_pair = 0;
      for (const auto& [other, ignored] : nets) {
        by_pair += bilateral(all, who, other);
        ASSERT_EQ(bilateral(all, who, other), -bilateral(all, other, who));
      }
      ASSERT_EQ(by_pair, net) << who;
    }
    ASSERT_EQ(sum, 0);
  }
}

TEST(Legs, OfEachModelLeaveEverybodyAtItsPositionAndTheHubAtZero) {
  const std::uint64_t seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::draw draw{seed};
  for (int run = 0; run < 500; ++run) {
    const obligations all = random_obligations(draw);
    const net_positions expected = without_zeros(multilateral(all));
    std::size_t legs_before = all.all().size();
    for (const auto model :
         {settlement_model::gross_immediate, settlement_model::net_bilateral_deferred}) {
      const std::vector<leg> legs = legs_of(model, all);
      ASSERT_EQ(without_zeros(after(legs)), expected) << model;
      ASSERT_LE(legs.size(), legs_before) << "netting makes no transfers";
      legs_before = legs.size();
    }
    const std::vector<leg> legs = legs_of(settlement_model::net_multilateral_deferred, all);
    ASSERT_EQ(without_zeros(after(legs)), expected);
    ASSERT_EQ(legs.size(), expected.size());
  }
}

TEST(SettlementModel, HasAName) {
  EXPECT_EQ(to_string(settlement_model::gross_immediate), "gross_immediate");
  EXPECT_EQ(to_string(settlement_model::net_bilateral_deferred), "net_bilateral_deferred");
  EXPECT_EQ(to_string(settlement_model::net_multilateral_deferred), "net_multilateral_deferred");
}

} // namespace ducat::settlement
