#include "access/denial_notes.hpp"

#include <gtest/gtest.h>

namespace ducat::access {
namespace {

using namespace std::chrono_literals;
using security::role;

const principal vera{.role = role::viewer, .name = "vera"};
constexpr time_point first{24h};

TEST(DenialNotes, HaveTheFirstOneAndOneAnHour) {
  denial_notes notes;
  EXPECT_EQ(notes.note(vera, "CrashRequest", first), 0u);
  for (int i = 0; i < 1'000; ++i)
    EXPECT_EQ(notes.note(vera, "CrashRequest", first + 1h - 1ns), std::nullopt);
  EXPECT_EQ(notes.note(vera, "CrashRequest", first + 1h), 1'000u);
  EXPECT_EQ(notes.note(vera, "CrashRequest", first + 2h - 1ns), std::nullopt);
  EXPECT_EQ(notes.note(vera, "CrashRequest", first + 2h), 1u);
  EXPECT_EQ(notes.note(vera, "CrashRequest", first + 4h), 0u);
}

TEST(DenialNotes, OfOneHideNobodyElseAndNothingElse) {
  denial_notes notes;
  EXPECT_EQ(notes.note(vera, "CrashRequest", first), 0u);
  EXPECT_EQ(notes.note(vera, "ArmFaultRequest", first), 0u);
  EXPECT_EQ(notes.note({.role = role::viewer, .name = "anna"}, "CrashRequest", first), 0u);
  EXPECT_EQ(notes.note({.role = role::admin, .name = "vera"}, "CrashRequest", first), 0u);
}

TEST(DenialNotes, ForgetThoseOfLongAgo) {
  denial_notes notes;
  for (int i = 0; i < 10'000; ++i)
    (void)notes.note({.role = role::viewer, .name = std::to_string(i)}, "CrashRequest",
                     first + i * 1min);
  EXPECT_LT(notes.size(), 1'100u);
}

} // namespace
} // namespace ducat::access
