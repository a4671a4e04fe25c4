#include "altered_journal.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/settlement/acquirer_journal.hpp>
#include <ducat/settlement/reconciliation.hpp>

#include <gmock/gmock.h>

#include <sstream>

namespace ducat::settlement::testing {

namespace {

using items = std::vector<reconciliation_item>;
using enum difference_class;

reconciliation_item item(std::int64_t amount) {
  return {.reference = "r",
          .batch = "b",
          .amount = amount,
          .currency = 978,
          .fee = 5,
          .business_date = that_day,
          .window = 3};
}

reconciliation_item theirs(std::int64_t amount) {
  reconciliation_item made = item(amount);
  made.window = 0;
  return made;
}

struct reconciled {
  reconciliation_sums sums{};
  std::vector<difference> found{};
};

struct three_sources {
  items ours{};
  items acquirer{};
  items bank{};
};

/// Reconciles sources that can be.
reconciled reconcile(const three_sources& of, reconciliation_options with = {}) {
  const ducat::testing::temporary_directory directory;
  with.directory = directory.path();
  reconciliation made{with};
  for (const auto& each : of.ours)
    EXPECT_TRUE(made.add_ours(each));
  for (const auto& each : of.acquirer)
    EXPECT_TRUE(made.add_acquirer(each));
  for (const auto& each : of.bank)
    EXPECT_TRUE(made.add_bank(each));
  reconciled done;
  auto sums = made.finish([&](const difference& each) { done.found.push_back(each); });
  EXPECT_TRUE(sums) << sums.error();
  done.sums = sums.value_or(reconciliation_sums{});
  return done;
}

std::vector<difference_class> classes(const items& ours, const items& acquirer,
                                      const reconciliation_options& with = {}) {
  std::vector<difference_class> found;
  for (const difference& each : reconcile({ours, acquirer, {}}, with).found)
    if (each.leg == reconciliation_leg::acquirer)
      found.push_back(each.what);
  return found;
}

using ::testing::ElementsAre;
using ::testing::IsEmpty;

} // namespace

TEST(Matching, FindsNothingWhereSourcesAgree) {
  const reconciled done = reconcile({{item(100)}, {theirs(100)}, {{"b", "", 95, 978}}});
  EXPECT_THAT(done.found, IsEmpty());
  EXPECT_EQ(done.sums.acquirer.count(matched), 1u);
  EXPECT_EQ(done.sums.bank.count(matched), 1u);
}

// Precedence: currency, amount, fee, date.
TEST(Matching, NamesThePairByTheFirstThatDiffers) {
  reconciliation_item other = theirs(99);
  other.currency = 840;
  other.fee = 6;
  other.business_date = that_day + 1;
  EXPECT_THAT(classes({item(100)}, {other}), ElementsAre(currency));
  other.currency = 978;
  EXPECT_THAT(classes({item(100)}, {other}), ElementsAre(amount));
  other.amount = 100;
  EXPECT_THAT(classes({item(100)}, {other}), ElementsAre(fee));
  other.fee = 5;
  EXPECT_THAT(classes({item(100)}, {other}), ElementsAre(late));
  other.business_date = that_day;
  EXPECT_THAT(classes({item(100)}, {other}), IsEmpty());
}

TEST(Matching, ComparesOnlyWhatBothSay) {
  reconciliation_item silent = theirs(100);
  silent.fee.reset();
  silent.business_date = 0;
  EXPECT_THAT(classes({item(100)}, {silent}), IsEmpty());
  const reconciled done = reconcile({{item(100)}, {silent}, {}});
  EXPECT_EQ(done.sums.acquirer.by_currency.at(978).fees_not_compared, -5);
}

TEST(Matching, NamesWhatHasNoOther) {
  EXPECT_THAT(classes({item(100)}, {}), ElementsAre(missing_external));
  EXPECT_THAT(classes({}, {theirs(100)}), ElementsAre(missing_internal));
  EXPECT_THAT(classes({item(100)}, {theirs(100), theirs(100)}), ElementsAre(duplicate_external));
  EXPECT_THAT(classes({}, {theirs(100), theirs(100)}),
              ElementsAre(missing_internal, duplicate_external));
  EXPECT_THAT(classes({item(100), item(100)}, {theirs(100)}), ElementsAre(missing_external));
}

TEST(Matching, CallsLateWhatTheOtherSourceDoesNotReachYet) {
  EXPECT_THAT(classes({item(100)}, {}, {.acquirer_through = that_day - 1}), ElementsAre(late));
  EXPECT_THAT(classes({item(100)}, {}, {.acquirer_through = that_day}),
              ElementsAre(missing_external));
}

// The one that agrees is the match, wherever it comes; the other one is the duplicate.
TEST(Matching, PairsThoseThatAgreeMost) {
  reconciliation_item later = theirs(100);
  later.business_date = that_day + 1;
  for (const items& both : {items{theirs(99), theirs(100)}, items{theirs(100), theirs(99)},
                            items{later, theirs(100)}, items{theirs(100), later}})
    EXPECT_THAT(classes({item(100)}, both), ElementsAre(duplicate_external));
  const reconciled done = reconcile({{item(100)}, {theirs(99), theirs(100)}, {}});
  EXPECT_EQ(done.found.front().external->amount, 99);
}

TEST(Matching, NumbersDifferencesOfTheSameReference) {
  const reconciled done =
      reconcile({{item(100)}, {theirs(100), theirs(100), theirs(100)}, {}}, {.window = 9});
  ASSERT_GE(done.found.size(), 2u);
  EXPECT_EQ(done.found[0].occurrence, 0u);
  EXPECT_EQ(done.found[1].occurrence, 1u);
  EXPECT_EQ(done.found[0].window, 9u); // Not ours: of the reconciliation.
  EXPECT_EQ(reconcile({{item(1)}, {}, {}}, {.window = 9}).found.at(0).window, 3u);
}

TEST(Matching, ComparesBatchesOrItemsOfTheBankWithoutFees) {
  const items acquirer{theirs(100), theirs(50)};
  reconciled done = reconcile({acquirer, acquirer, {{"b", "", 140, 978}}});
  EXPECT_THAT(done.found, IsEmpty());
  done = reconcile({acquirer, acquirer, {{"b", "", 139, 978}}});
  ASSERT_EQ(done.found.size(), 1u);
  EXPECT_EQ(done.found[0].leg, reconciliation_leg::bank);
  EXPECT_EQ(done.found[0].what, amount);
  EXPECT_EQ(done.found[0].internal->amount, 140);
  done = reconcile({acquirer, acquirer, {{"r", "", 95, 978}, {"r", "", 45, 978}}},
                   {.bank_has_batches = false});
  EXPECT_THAT(done.found, IsEmpty());
}

// What the acquirer does not have is told once, though the bank does not have it either.
TEST(Matching, TellsEachDifferenceOnce) {
  const reconciled done = reconcile({{item(100)}, {}, {}});
  EXPECT_EQ(done.found.size(), 1u);
}

TEST(Matching, RefusesWhatCannotBeMatchedOrSummed) {
  reconciliation made{{}};
  EXPECT_EQ(made.add_ours({}).error().code, errc::invalid_argument);
  reconciliation_item long_one = item(1);
  long_one.reference.assign(256, 'r');
  EXPECT_EQ(made.add_bank(long_one).error().code, errc::invalid_argument);
  reconciliation_item without_batch = item(1);
  without_batch.batch.clear();
  EXPECT_EQ(made.add_acquirer(without_batch).error().code, errc::invalid_argument);
  EXPECT_TRUE(made.add_ours(item(std::numeric_limits<std::int64_t>::max())));
  EXPECT_EQ(made.add_ours(item(1)).error().code, errc::invalid_argument);
}

TEST(Sums, DoNotHoldIfAnythingIsMissingOrTooMuch) {
  const leg_sums good = reconcile({{item(100)}, {theirs(99)}, {}}).sums.acquirer;
  ASSERT_TRUE(holds(good));
  for (std::int64_t currency_sums::* each :
       {&currency_sums::internal_count, &currency_sums::external_count,
        &currency_sums::count_differences, &currency_sums::internal, &currency_sums::external,
        &currency_sums::differences, &currency_sums::internal_fees, &currency_sums::external_fees,
        &currency_sums::fee_differences, &currency_sums::fees_not_compared}) {
    leg_sums bad = good;
    ++(bad.by_currency.at(978).*each);
    EXPECT_FALSE(holds(bad));
  }
}

// Each way in which an acquirer's journal can be wrong is found, through the journal's own lines.
TEST(AlteredJournals, AreFoundOut) {
  altered_journal journal;
  items ours;
  for (int number = 0; number < 8; ++number) {
    const std::size_t place = journal.pay(1'000 + number);
    journal.set_fee(place, 5);
    ours.push_back(item(1'000 + number));
    ours.back().reference = journal.reference(place);
  }
  journal.drop(0);
  journal.set_fee(journal.duplicate(1), 5);
  journal.set_amount(2, 1);
  journal.set_currency(3, "840");
  journal.set_fee(4, 6);
  journal.delay(5, 1);
  ours.erase(ours.begin() + 6);
  const auto reference = [&](std::size_t place) { return journal.reference(place); };
  std::istringstream from{journal.text()};
  items acquirer;
  ASSERT_TRUE(read_journal(from, {.acquirer = "north", .business_date = utc_date},
                           [&](const reconciliation_item& each) -> result<void> {
                             acquirer.push_back(each);
                             return {};
                           }));
  std::map<std::string, difference_class> found;
  for (const difference& each : reconcile({ours, acquirer, {}}).found)
    if (each.leg == reconciliation_leg::acquirer) {
      EXPECT_TRUE(found.emplace(each.reference(), each.what).second);
    }
  EXPECT_THAT(found, ElementsAre(std::pair{reference(0), missing_external},
                                 std::pair{reference(1), duplicate_external},
                                 std::pair{reference(2), amount}, std::pair{reference(3), currency},
                                 std::pair{reference(4), fee}, std::pair{reference(5), late},
                                 std::pair{reference(6), missing_internal}));
}

} // namespace ducat::settlement::testing
