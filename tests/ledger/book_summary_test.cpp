#include "ledger_world.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace ducat::ledger::test {

TEST(LedgerTotals, AreKeptPerLedger) {
  book b = make_world();
  create(b, make_account(6, account_flags::none, 2));
  create(b, make_transfer(100, 1, 2, 5));
  create(b, make_transfer(101, 1, 2, 7, transfer_flags::pending));
  transfer other = make_transfer(102, 3, 6, 9);
  other.ledger = 2;
  create(b, other);
  EXPECT_EQ(
      b.totals(),
      (std::map<std::uint32_t, ledger_totals>{
          {1, {.debits_pending = 7, .debits_posted = 5, .credits_pending = 7, .credits_posted = 5}},
          {2, {.debits_posted = 9, .credits_posted = 9}}}));
}

TEST(LedgerTotals, SayWhenASumPassesTheRange) {
  book b = make_world();
  create(b, make_transfer(100, 1, 2, u128_max));
  EXPECT_TRUE(b.totals().at(1).exact);
  create(b, make_transfer(101, 2, 1, u128_max));
  EXPECT_FALSE(b.totals().at(1).exact);
  EXPECT_EQ(b.totals().at(1).debits_posted, b.totals().at(1).credits_posted);
}

// The order of a hash table depends on its history; the digest must not.
TEST(LedgerDigest, DoesNotDependOnTheHistoryOfTheTables) {
  book b = make_world();
  const book before = b;
  std::vector<account> doomed;
  for (unsigned i = 101; i <= 5000; ++i)
    doomed.push_back(make_account(i, account_flags::linked));
  create(b, doomed); // an open chain: grows the table, then undoes all of it
  expect_unchanged(b, before);
}

TEST(LedgerDigest, ChangesWithEveryPartOfTheState) {
  const auto after = [](const std::vector<transfer>& batch) {
    book b = make_world();
    create(b, batch);
    return b.state_digest();
  };
  const auto pending = make_transfer(200, 1, 2, 5, transfer_flags::pending);
  transfer marked = make_transfer(100, 1, 2, 5);
  marked.user_data_32 = 1;
  const std::set<digest> all{after({}),
                             after({make_transfer(100, 1, 2, 5)}),
                             after({make_transfer(100, 1, 2, 6)}),
                             after({make_transfer(101, 1, 2, 5)}),
                             after({make_transfer(100, 2, 1, 5)}),
                             after({marked}),
                             after({make_transfer(100, 4, 1, 5)}), // burns the id
                             after({pending}),
                             after({pending, make_post(201, 200, 0)}),
                             after({pending, make_void(201, 200, 0)})};
  EXPECT_EQ(all.size(), 10u);
}

TEST(LedgerDigest, CoversMoreThanOneBlock) {
  book b = make_world();
  std::vector<transfer> batch;
  for (unsigned i = 1; i <= 2000; ++i)
    batch.push_back(make_transfer(i, 1, 2, 1));
  create(b, batch);
  const digest before = b.state_digest();
  create(b, make_transfer(5000, 4, 2, 1)); // burns an id, the last thing hashed
  EXPECT_NE(b.state_digest(), before);
}

TEST(LedgerNames, EveryOutcomeHasOne) {
  std::ostringstream out;
  out << transfer_outcome::exceeds_debits << ' ' << account_outcome::exists << ' '
      << pending_status::posted << ' ' << account_id{u128_max};
  EXPECT_EQ(out.str(), "exceeds_debits exists posted 340282366920938463463374607431768211455");
  EXPECT_EQ(to_string(transfer_outcome{250}), "unknown");
}

// The numbers are on the wire: this test fails when one moves or a new one takes an old place.
TEST(LedgerNames, NumbersOnTheWireDoNotMove) {
  EXPECT_EQ(to_string(account_outcome{0}), "ok");
  EXPECT_EQ(to_string(account_outcome{9}), "reserved_flag");
  EXPECT_EQ(to_string(account_outcome{18}), "exists");
  EXPECT_EQ(to_string(account_outcome{25}), "code_must_not_be_zero");
  EXPECT_EQ(to_string(transfer_outcome{0}), "ok");
  EXPECT_EQ(to_string(transfer_outcome{8}), "reserved_flag");
  EXPECT_EQ(to_string(transfer_outcome{22}), "exists");
  EXPECT_EQ(to_string(transfer_outcome{23}), "id_already_failed");
  EXPECT_EQ(to_string(transfer_outcome{37}), "code_must_not_be_zero");
  EXPECT_EQ(to_string(transfer_outcome{51}), "pending_transfer_already_voided");
  EXPECT_EQ(to_string(transfer_outcome{67}), "exceeds_debits");
}

} // namespace ducat::ledger::test
