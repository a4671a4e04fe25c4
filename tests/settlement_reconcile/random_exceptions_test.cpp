#include "exception_world.hpp"

#include <ducat/ledger/history.hpp>

#include <algorithm>
#include <cstdlib>
#include <random>

namespace ducat::settlement::testing {

// I8: whatever is done, suspense holds what the open exceptions have in it, and never less than
// nothing; and a book made from the rows is the same book.
TEST(ExceptionsAtRandom, AreWhatIsInSuspense) {
  const char* given = std::getenv("DUCAT_SEED");
  const std::uint64_t seed = given == nullptr ? 20'261'129 : std::strtoull(given, nullptr, 10);
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  const auto pick = [&](std::uint64_t below) { return random() % below; };
  const auto statement = [&] {
    return stated(static_cast<std::int64_t>(pick(2'000)) - 500, static_cast<std::int64_t>(pick(9)),
                  pick(2) == 0 ? "EUR" : "USD");
  };
  exceptions world;
  std::vector<std::string> ids;
  for (int step = 0; step < 2'000; ++step) {
    auto what = differing("r" + std::to_string(pick(300)), v1::SettlementDifference::AMOUNT);
    if (pick(3) != 0)
      *what.mutable_internal() = statement();
    if (!what.has_internal() || pick(3) != 0)
      *what.mutable_external() = statement();
    auto open = opening(what);
    open.mutable_open()->set_account(pick(2) == 0 ? "shop" : "");
    const auto command =
        ids.empty() || pick(2) == 0
            ? open
            : disposing(ids[pick(ids.size())], static_cast<v1::SettlementDisposition>(1 + pick(4)));
    if (world.check(command) == exception_verdict{}) {
      world.run(command);
      if (command.has_open())
        ids.push_back(id_of(what));
    }
    for (const char* currency : {"EUR", "USD"}) {
      const std::int64_t suspense = world.balances[std::string{"settlement.suspense."} + currency];
      ASSERT_EQ(world.book.suspense_of(currency), suspense);
      ASSERT_GE(suspense, 0);
    }
  }
  exception_book again;
  for (const auto& [key, value] : world.book.all_rows())
    ASSERT_TRUE(again.restore(key, value));
  EXPECT_EQ(again.suspense_of("EUR"), world.book.suspense_of("EUR"));
  EXPECT_EQ(again.open_of("EUR", 3), world.book.open_of("EUR", 3));
  const auto rows = world.book.all_rows();
  const auto same = again.all_rows();
  EXPECT_TRUE(std::ranges::equal(rows, same, [](const auto& a, const auto& b) {
    return a.key == b.key && a.value == b.value;
  }));
}

} // namespace ducat::settlement::testing
