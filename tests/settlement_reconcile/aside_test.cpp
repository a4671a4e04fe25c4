/// Items that are here only to be paired: those of other windows.

#include "support/temporary_directory.hpp"

#include <ducat/settlement/reconciliation.hpp>

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace ducat::settlement::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ItemsAside : public ::testing::Test {
protected:
  static reconciliation_item item(const std::string& reference, std::int64_t amount = 100) {
    return {.reference = reference, .batch = "b", .amount = amount, .currency = 978, .window = 3};
  }

  static reconciliation_item aside(const std::string& reference, std::int64_t amount = 100) {
    reconciliation_item made = item(reference, amount);
    made.is_aside = true;
    return made;
  }

  void ours(const reconciliation_item& what) { EXPECT_TRUE(engine_.add_ours(what)); }

  void theirs(const reconciliation_item& what) { EXPECT_TRUE(engine_.add_acquirer(what)); }

  /// Returns what differs, as "CLASS REFERENCE"; then sums_ and pairs_ are there.
  std::vector<std::string> found() {
    std::vector<std::string> all;
    const auto sums = engine_.finish(
        [&](const difference& each) {
          all.push_back(std::string{to_string(each.what)} + " " + each.reference());
        },
        [&](reconciliation_leg leg, difference_class what, const reconciliation_item& internal,
            const reconciliation_item&) {
          if (leg == reconciliation_leg::acquirer)
            pairs_.push_back(std::string{to_string(what)} + " " + internal.reference);
        });
    EXPECT_TRUE(sums);
    sums_ = sums.value_or(reconciliation_sums{});
    return all;
  }

  const currency_sums& sums() { return sums_.acquirer.by_currency[978]; }

  ducat::testing::temporary_directory directory_;
  reconciliation engine_{{.directory = directory_.path(),
                          .items_in_memory = 3, // So that they are parted, too.
                          .window = 3,
                          .has_bank = false}};
  reconciliation_sums sums_;
  std::vector<std::string> pairs_;
};

TEST_F(ItemsAside, OfOursTakeWhatTheyArePairedWithOutOfTheSums) {
  ours(item("a"));
  ours(aside("b"));
  theirs(item("a"));
  theirs(item("b", 70));
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_EQ(sums().external, 100);
  EXPECT_EQ(sums().external_count, 1);
  EXPECT_THAT(pairs_, ElementsAre("matched a"));
}

TEST_F(ItemsAside, OfTheAcquirerCountOnlyIfTheyArePaired) {
  ours(item("a"));
  ours(item("b"));
  theirs(aside("a"));
  theirs(aside("b", 70));
  theirs(aside("c"));
  EXPECT_THAT(found(), ElementsAre("amount b"));
  EXPECT_EQ(sums().external, 170);
  EXPECT_EQ(sums().differences, -30);
}

TEST_F(ItemsAside, WithoutAnotherAreNoDifference) {
  ours(aside("a"));
  theirs(aside("b"));
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_EQ(sums().internal_count + sums().external_count, 0);
}

TEST_F(ItemsAside, AreTakenLast) {
  ours(item("a"));
  ours(aside("a"));
  theirs(item("a"));
  theirs(aside("a"));
  theirs(item("a", 50));
  EXPECT_THAT(found(), ElementsAre("duplicate_external a"));
  EXPECT_EQ(sums().external, 150) << "the one aside is the other window's";
}

TEST_F(ItemsAside, AreInNoBatch) {
  reconciliation with_bank{{.directory = directory_.path(), .window = 3}};
  EXPECT_TRUE(with_bank.add_acquirer(item("a")));
  EXPECT_TRUE(with_bank.add_acquirer(aside("b")));
  EXPECT_TRUE(with_bank.add_bank({.reference = "b", .amount = 100, .currency = 978}));
  const auto sums = with_bank.finish([](const difference&) {});
  ASSERT_TRUE(sums);
  EXPECT_EQ(sums->bank.count(difference_class::matched), 1u);
}

// The bank need not have booked yet what is of after its last day.
TEST_F(ItemsAside, BatchesHaveTheDateOfTheirItems) {
  reconciliation with_bank{
      {.directory = directory_.path(), .window = 3, .bank_through = 20'261'129}};
  reconciliation_item today = item("a");
  today.business_date = 20'261'129;
  reconciliation_item tomorrow = item("b");
  tomorrow.business_date = 20'261'130;
  tomorrow.batch = "c";
  EXPECT_TRUE(with_bank.add_acquirer(today));
  EXPECT_TRUE(with_bank.add_acquirer(tomorrow));
  EXPECT_TRUE(with_bank.add_batch({.reference = "old", .amount = 7, .currency = 978, .window = 2}));
  std::vector<std::string> all;
  const auto sums = with_bank.finish([&](const difference& each) {
    if (each.leg == reconciliation_leg::bank)
      all.push_back(std::string{to_string(each.what)} + " " + each.reference() + " " +
                    std::to_string(each.window));
  });
  ASSERT_TRUE(sums);
  EXPECT_THAT(all, ElementsAre("missing_external b 3", "late c 3", "missing_external old 2"));
}

} // namespace
} // namespace ducat::settlement::testing
