#include "access/fair_shares.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ducat::access {
namespace {

using namespace std::chrono_literals;
using security::role;

const principal greedy{.role = role::merchant, .name = "greedy"};
const principal modest{.role = role::merchant, .name = "modest"};
const principal third{.role = role::merchant, .name = "third"};
constexpr time_point start_of_day{1h};

/// Returns how many places `who` gets of so many that they ask for at once.
std::size_t given(fair_shares& places, const principal& who, std::size_t tries = 1'000,
                  time_point now = start_of_day) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < tries; ++i)
    count += places.take(who, now) ? 1 : 0;
  return count;
}

void give_all_back(fair_shares& places, const principal& who, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    places.give_back(who);
}

TEST(FairShares, OfOneWhoIsAloneAreAllPlacesAndNotOneMore) {
  for (const std::size_t most : {1u, 2u, 3u, 512u}) {
    fair_shares places{most};
    EXPECT_EQ(given(places, greedy, most - 1), most - 1);
    EXPECT_TRUE(places.take(greedy, start_of_day));
    EXPECT_FALSE(places.take(greedy, start_of_day));
    places.give_back(greedy);
    EXPECT_TRUE(places.take(greedy, start_of_day));
    EXPECT_FALSE(places.take(greedy, start_of_day));
  }
}

TEST(FairShares, SayWhetherThereIsRoomAndTakeNone) {
  fair_shares places{2};
  for (int i = 0; i < 9; ++i)
    EXPECT_TRUE(places.has_room_for(greedy, start_of_day));
  EXPECT_EQ(given(places, greedy), 2U);
  EXPECT_FALSE(places.has_room_for(greedy, start_of_day));
  places.give_back(greedy);
  EXPECT_TRUE(places.has_room_for(greedy, start_of_day));
}

TEST(FairShares, GiveAShareToWhoeverHasOnlyAskedWhetherThereIsRoom) {
  fair_shares places{8};
  EXPECT_TRUE(places.has_room_for(modest, start_of_day));
  EXPECT_LT(given(places, greedy), 8U);
  EXPECT_TRUE(places.has_room_for(modest, start_of_day));
}

TEST(FairShares, OfTwoWhoWantAllAreTheHalvesAndNotOneMore) {
  fair_shares places{512};
  for (int i = 0; i < 255; ++i) {
    ASSERT_TRUE(places.take(greedy, start_of_day));
    ASSERT_TRUE(places.take(modest, start_of_day));
  }
  EXPECT_TRUE(places.take(greedy, start_of_day));
  EXPECT_FALSE(places.take(greedy, start_of_day)) << "the last one is the other's";
  EXPECT_TRUE(places.take(modest, start_of_day));
  EXPECT_FALSE(places.take(modest, start_of_day));
}

TEST(FairShares, OneWhoWantsAllLeavesAnEighthToThoseWhoAreThere) {
  fair_shares places{512};
  ASSERT_TRUE(places.take(modest, start_of_day));
  EXPECT_EQ(given(places, greedy), 447u);
  EXPECT_EQ(given(places, modest, 64), 64u) << "whatever is free is theirs";
  EXPECT_FALSE(places.take(modest, start_of_day)) << "there is nothing any more";
}

// What is given back goes to whoever has less than their share, however often the other comes.
TEST(FairShares, WhoWantsAllEndsWithTheHalfWhenAnotherOneWantsItToo) {
  fair_shares places{512};
  ASSERT_EQ(given(places, greedy), 512u);
  EXPECT_FALSE(places.take(modest, start_of_day));
  std::size_t of_modest = 0;
  for (int i = 0; i < 256; ++i) {
    places.give_back(greedy);
    EXPECT_EQ(given(places, greedy, 100), 0u) << i;
    of_modest += places.take(modest, start_of_day) ? 1 : 0;
  }
  EXPECT_EQ(of_modest, 256u);
  EXPECT_FALSE(places.take(modest, start_of_day));
  places.give_back(greedy);
  EXPECT_FALSE(places.take(modest, start_of_day)) << "it has its share, and the other one has less";
  EXPECT_TRUE(places.take(greedy, start_of_day));
}

// What the modest one leaves is divided equally, not by who comes more often.
TEST(FairShares, TwoWhoWantMoreHaveEquallyMuchOfWhatAThirdLeaves) {
  fair_shares places{512};
  ASSERT_TRUE(places.take(third, start_of_day));
  std::size_t of_greedy = 0;
  std::size_t of_modest = 0;
  for (int i = 0; i < 1'000; ++i) {
    of_greedy += given(places, greedy, 5);
    of_modest += given(places, modest, 1);
    if (i % 2 == 0 && of_greedy > 100) { // Something is over.
      places.give_back(greedy);
      --of_greedy;
    }
  }
  EXPECT_NEAR(static_cast<double>(of_greedy), static_cast<double>(of_modest), 5);
  EXPECT_GT(of_modest, 512u / 3);
  EXPECT_EQ(given(places, third, 30), 30u);
}

TEST(FairShares, OfFewPlacesTheLastIsForWhoHasLessThanTheirShare) {
  for (std::size_t most = 2; most < 16; ++most) {
    fair_shares places{most};
    ASSERT_TRUE(places.take(modest, start_of_day));
    places.give_back(modest);
    EXPECT_LT(given(places, greedy), most) << most;
    EXPECT_TRUE(places.take(modest, start_of_day)) << most;
  }
}

TEST(FairShares, OfMoreWhoComeThanThereArePlacesEachHasOneAtMost) {
  fair_shares places{4};
  std::size_t all = 0;
  for (int i = 0; i < 6; ++i)
    all += given(places, {.role = role::merchant, .name = std::to_string(i)}, 1);
  EXPECT_EQ(all, 4u);
  places.give_back({.role = role::merchant, .name = "0"});
  EXPECT_FALSE(places.take({.role = role::merchant, .name = "1"}, start_of_day));
  EXPECT_TRUE(places.take({.role = role::merchant, .name = "5"}, start_of_day));
}

TEST(FairShares, WhoHasNotComeLatelyHasNoShare) {
  fair_shares places{512};
  ASSERT_TRUE(places.take(modest, start_of_day));
  places.give_back(modest);
  const std::size_t at_first =
      given(places, greedy, 1'000, start_of_day + fair_shares::lately - 1ns);
  EXPECT_EQ(at_first, 448u);
  EXPECT_EQ(given(places, greedy, 1'000, start_of_day + fair_shares::lately + 1s), 512 - at_first);
}

TEST(FairShares, WhoWasRefusedHasAShare) {
  fair_shares places{8};
  ASSERT_EQ(given(places, greedy), 8u);
  ASSERT_FALSE(places.take(modest, start_of_day));
  places.give_back(greedy);
  EXPECT_FALSE(places.take(greedy, start_of_day + fair_shares::lately - 1ns));
  EXPECT_TRUE(places.take(greedy, start_of_day + fair_shares::lately + 1s)) << "it has gone away";
}

TEST(FairShares, AreOfTheRoleAndTheName) {
  fair_shares places{2};
  ASSERT_TRUE(places.take(greedy, start_of_day));
  EXPECT_TRUE(places.take({.role = role::client, .name = "greedy"}, start_of_day));
  give_all_back(places, greedy, 1);
  EXPECT_FALSE(places.take({.role = role::client, .name = "greedy"}, start_of_day));
}

TEST(FairShares, ForgetsThoseWhoHaveNoPlaceAndHaveNotComeLately) {
  fair_shares places{10};
  ASSERT_TRUE(places.take(greedy, start_of_day));
  for (int i = 0; i < 10'000; ++i) {
    const principal who{.role = role::merchant, .name = std::to_string(i)};
    ASSERT_TRUE(places.take(who, start_of_day + std::chrono::seconds{i}));
    places.give_back(who);
  }
  EXPECT_LE(places.size(), 12u);
  places.give_back(greedy); // Who has a place is not forgotten.
}

} // namespace
} // namespace ducat::access
