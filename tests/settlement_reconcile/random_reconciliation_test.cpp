#include "support/temporary_directory.hpp"

#include <ducat/settlement/reconciliation.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <tuple>

namespace ducat::settlement::testing {

namespace {

using finding = std::tuple<reconciliation_leg, difference_class, std::string>;

std::uint64_t number_given(const char* name, std::uint64_t otherwise) {
  const char* const given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

/// Sources that agree but for what was done to them on purpose.
class injected_sources {
public:
  injected_sources(std::uint64_t seed, std::uint64_t items) : random_{seed} {
    for (std::uint64_t number = 0; number < items; ++number)
      add("p" + std::to_string(number));
    for (auto* each : {&ours, &acquirer, &bank})
      std::ranges::shuffle(*each, random_);
    std::ranges::sort(injected);
  }

  std::vector<reconciliation_item> ours{};
  std::vector<reconciliation_item> acquirer{};
  std::vector<reconciliation_item> bank{};
  std::vector<finding> injected{};

private:
  void add(const std::string& reference) {
    const reconciliation_item item{.reference = reference,
                                   .amount = static_cast<std::int64_t>(pick(2'000'000)) - 200'000,
                                   .currency = pick(2) == 0 ? 978u : 840u,
                                   .fee = static_cast<std::int64_t>(pick(500)),
                                   .business_date =
                                       20'261'100 + static_cast<std::uint32_t>(pick(28)),
                                   .window = 1 + pick(5)};
    const bool is_ours = alter(reconciliation_leg::acquirer, item);
    if (is_ours)
      ours.push_back(item);
    // What is altered there is left alone here, lest two alterations meet.
    const std::vector<reconciliation_item> of_acquirer = taken_;
    acquirer.insert(acquirer.end(), of_acquirer.begin(), of_acquirer.end());
    for (reconciliation_item each : of_acquirer) {
      each.amount -= each.fee.value_or(0);
      each.fee.reset();
      if (is_altered_)
        taken_ = {each};
      else
        alter(reconciliation_leg::bank, each);
      bank.insert(bank.end(), taken_.begin(), taken_.end());
    }
    if (pick(60) != 0)
      return;
    bank.push_back({.reference = "x" + reference, .amount = 1, .currency = 978});
    injected.emplace_back(reconciliation_leg::bank, difference_class::missing_internal,
                          "x" + reference);
  }

  /// Sets taken_ to what the external source has; returns whether the internal one has the item.
  bool alter(reconciliation_leg leg, const reconciliation_item& internal) {
    reconciliation_item external = internal;
    external.window = 0;
    std::uint64_t kind = pick(40);
    if (leg == reconciliation_leg::bank && (kind == 3 || kind == 5)) // No fees; and see add().
      kind = 39;
    const auto inject = [&](difference_class what) {
      injected.emplace_back(leg, what, internal.reference);
    };
    is_altered_ = kind <= 6;
    taken_.clear();
    switch (kind) {
    case 0:
      inject(difference_class::missing_external);
      return true;
    case 1:
      external.amount += static_cast<std::int64_t>(1 + pick(9));
      inject(difference_class::amount);
      break;
    case 2:
      external.currency = external.currency == 978 ? 840 : 978;
      inject(difference_class::currency);
      break;
    case 3:
      external.fee = *external.fee + 1;
      inject(difference_class::fee);
      break;
    case 4:
      taken_.push_back(external);
      inject(difference_class::duplicate_external);
      break;
    case 5:
      inject(difference_class::missing_internal);
      break;
    case 6:
      external.business_date += 1;
      inject(difference_class::late);
      break;
    default:
      break;
    }
    taken_.push_back(external);
    return kind != 5;
  }

  std::uint64_t pick(std::uint64_t below) { return random_() % below; }

  std::mt19937_64 random_;
  std::vector<reconciliation_item> taken_;
  bool is_altered_ = false;
};

struct random_result {
  std::vector<difference> found{};
  reconciliation_sums sums{};
};

random_result reconcile_sources(const injected_sources& from, std::size_t items_in_memory) {
  const ducat::testing::temporary_directory directory;
  reconciliation made{{.directory = directory.path(),
                       .items_in_memory = items_in_memory,
                       .bank_has_batches = false}};
  bool are_added = true;
  for (const auto& each : from.ours)
    are_added = made.add_ours(each).has_value() && are_added;
  for (const auto& each : from.acquirer)
    are_added = made.add_acquirer(each).has_value() && are_added;
  for (const auto& each : from.bank)
    are_added = made.add_bank(each).has_value() && are_added;
  EXPECT_TRUE(are_added);
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
  random_result done;
  auto sums = made.finish([&](const difference& each) { done.found.push_back(each); });
  EXPECT_TRUE(sums) << sums.error();
  done.sums = sums.value_or(reconciliation_sums{});
  return done;
}

std::vector<finding> findings_of(const random_result& from) {
  std::vector<finding> all;
  for (const difference& each : from.found)
    all.emplace_back(each.leg, each.what, each.reference());
  std::ranges::sort(all);
  return all;
}

} // namespace

// Every injected difference is found and named, none is invented, and the sums hold, whether the
// items fit into memory, are parted once, or twice.
TEST(RandomReconciliation, FindsWhatWasInjectedAndNothingElse) {
  const std::uint64_t seed = number_given("DUCAT_SEED", 20'261'129);
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  for (std::uint64_t round = 0; round < 5; ++round) {
    const injected_sources sources{seed + round, 3'000};
    for (const std::size_t items_in_memory : {100'000, 900, 40}) {
      const random_result done = reconcile_sources(sources, items_in_memory);
      EXPECT_EQ(findings_of(done), sources.injected) << "in memory: " << items_in_memory;
      EXPECT_TRUE(holds(done.sums.acquirer));
      EXPECT_TRUE(holds(done.sums.bank));
    }
  }
}

// The same items in another order: the same differences, in the same order.
TEST(RandomReconciliation, DoesNotDependOnTheOrderOfItems) {
  const std::uint64_t seed = number_given("DUCAT_SEED", 20'261'129);
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  injected_sources sources{seed, 2'000};
  const random_result first = reconcile_sources(sources, 300);
  for (auto* each : {&sources.ours, &sources.acquirer, &sources.bank})
    std::ranges::reverse(*each);
  EXPECT_EQ(first.found, reconcile_sources(sources, 300).found);
}

// DUCAT_ITEMS=10000000 says what memory and time that takes.
TEST(RandomReconciliation, GoesOnWithMoreItemsThanMemory) {
  const std::uint64_t items = number_given("DUCAT_ITEMS", 20'000);
  const ducat::testing::temporary_directory directory;
  reconciliation made{{.directory = directory.path(), .items_in_memory = items / 50}};
  bool are_added = true;
  for (std::uint64_t number = 0; number < items; ++number) {
    reconciliation_item item{.reference = "00000" + std::to_string(number) + "/000001",
                             .batch = "b" + std::to_string(number % 100),
                             .amount = 1'000 + static_cast<std::int64_t>(number % 7),
                             .currency = 978,
                             .fee = 3,
                             .business_date = 20'261'129,
                             .window = 1};
    are_added = made.add_ours(item).has_value() && are_added;
    item.amount += number % 1'000 == 0 ? 1 : 0;
    are_added = made.add_acquirer(item).has_value() && are_added;
  }
  ASSERT_TRUE(are_added);
  const auto sums = made.finish([](const difference&) {});
  ASSERT_TRUE(sums) << sums.error();
  EXPECT_EQ(sums->acquirer.count(difference_class::amount), items / 1'000);
  EXPECT_EQ(sums->acquirer.count(difference_class::matched), items - items / 1'000);
}

} // namespace ducat::settlement::testing
