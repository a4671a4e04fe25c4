#include "fleet_world.hpp"

#include <gmock/gmock.h>

namespace ducat::terminals::testing {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// One approved, one reversed, one declined.
class Compare : public ::testing::Test {
protected:
  Compare() : world_{{.terminals = 1, .payments = 3, .per_second = 1}} {
    world_.arm("drop_answer:mti=0200,times=1");
    world_.arm("decline:mti=0200,every=2");
    EXPECT_TRUE(world_.run());
    EXPECT_EQ(world_.finished.size(), 3u);
  }

  std::vector<std::string> differences() const { return world_.compare_files().differences; }

  finished_payment& with(outcome what) {
    return *std::ranges::find(world_.finished, what, &finished_payment::result);
  }

  fleet_world world_;
};

TEST_F(Compare, FindsNothingWhereBothAgree) {
  const comparison made = world_.compare_files();
  EXPECT_EQ(made.payments, 3u);
  EXPECT_EQ(made.agreed, 1u);
  EXPECT_THAT(made.differences, IsEmpty());
}

TEST_F(Compare, FindsAPaymentThatOnlyTheTerminalHas) {
  with(outcome::reversed).result = outcome::approved;
  EXPECT_THAT(differences(), ElementsAre(HasSubstr("approved, but does not stand")));
}

TEST_F(Compare, FindsAPaymentThatOnlyTheAcquirerHas) {
  with(outcome::approved).result = outcome::declined;
  EXPECT_THAT(differences(), ElementsAre(HasSubstr("the terminal has it declined")));
}

TEST_F(Compare, FindsAPaymentThatNoTerminalRecorded) {
  std::erase_if(world_.finished, [](auto& each) { return each.result == outcome::approved; });
  EXPECT_THAT(differences(), ElementsAre(HasSubstr("no terminal knows")));
}

TEST_F(Compare, FindsAnotherAmount) {
  ++with(outcome::approved).amount_minor;
  EXPECT_THAT(differences(), ElementsAre(HasSubstr("another amount")));
}

TEST_F(Compare, FindsAPaymentThatWasRecordedTwice) {
  world_.finished.push_back(with(outcome::approved));
  EXPECT_THAT(differences(), ElementsAre(HasSubstr("recorded twice")));
}

TEST_F(Compare, WhatIsInDoubtIsNoDifference) {
  with(outcome::approved).result = outcome::in_doubt;
  EXPECT_THAT(differences(), IsEmpty());
  EXPECT_EQ(world_.compare_files().in_doubt, 1u);
}

TEST_F(Compare, RefusesAFileThatIsNone) {
  const ducat::testing::temporary_directory directory;
  const auto record = directory.path() / "record";
  EXPECT_FALSE(compare(record, record));
  std::ofstream{record} << "{}\n";
  EXPECT_EQ(compare(record, record).error().code, errc::corrupt);
}

} // namespace

} // namespace ducat::terminals::testing
