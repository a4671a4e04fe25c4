#include "altered_journal.hpp"

#include <ducat/settlement/compare_totals.hpp>

#include <gtest/gtest.h>

#include <sstream>

namespace ducat::settlement::testing {
namespace {

v1::Tally tally(std::uint64_t count, std::int64_t amount) {
  v1::Tally made;
  made.set_count(count);
  made.set_amount(amount);
  return made;
}

class CompareTotals : public ::testing::Test {
protected:
  journal_totals theirs(std::string_view currency = "978") const {
    std::istringstream text{journal_.text()};
    const auto read = read_journal(text, {.business_date = utc_date},
                                   [](const reconciliation_item&) { return result<void>{}; });
    EXPECT_TRUE(read);
    return period_of(*read, currency);
  }

  altered_journal journal_;
};

TEST_F(CompareTotals, AreOfWhatWasMovedSinceTheLastInBalance) {
  journal_.pay(100);
  journal_.reconcile();
  journal_.pay(250);
  journal_.pay(50, true);
  journal_.set_currency(journal_.pay(9), "840");
  v1::AcquirerTotals ours;
  *ours.mutable_debits() = tally(1, 250);
  *ours.mutable_credits() = tally(1, 50);
  EXPECT_EQ(compare(ours, theirs()), totals_verdict::agree);
  EXPECT_EQ(theirs("840").debits.amount, 9);
  *ours.mutable_credits() = tally(1, 51);
  EXPECT_EQ(compare(ours, theirs()), totals_verdict::differ);
}

// Of a payment that was reversed without an answer nobody knows whether it had arrived.
TEST_F(CompareTotals, SayIfOnlyReversalsDiffer) {
  journal_.pay(100);
  journal_.reverse(journal_.pay(70));
  v1::AcquirerTotals ours;
  *ours.mutable_debits() = tally(1, 100);
  EXPECT_EQ(compare(ours, theirs()), totals_verdict::reversals_differ);
  *ours.mutable_debits() = tally(2, 170);
  *ours.mutable_debit_reversals() = tally(1, 70);
  EXPECT_EQ(compare(ours, theirs()), totals_verdict::agree);
}

} // namespace
} // namespace ducat::settlement::testing
