#include "ledger_world.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace ducat::ledger::test {

namespace {

constexpr query_filter everything{.timestamp_min = {}, .timestamp_max = {}, .limit = 100};

query_filter only(const std::function<void(query_filter&)>& restrict_to) {
  query_filter filter = everything;
  restrict_to(filter);
  return filter;
}

template <class Record>
std::vector<unsigned> ids_of(const std::vector<Record>& records) {
  std::vector<unsigned> ids;
  for (const Record& r : records)
    ids.push_back(static_cast<unsigned>(r.id.value));
  return ids;
}

using ids = std::vector<unsigned>;

std::vector<unsigned> of_account(const book& b, u128 id, const query_filter& filter,
                                 bool debits = true, bool credits = true) {
  return ids_of(b.account_transfers(
      {.account = {id}, .common = filter, .debits = debits, .credits = credits}));
}

/// 100 debits account 1 and 101 credits it, 102 is not of it, 103 debits it and carries data.
book busy_world() {
  book b = make_world();
  transfer marked = make_transfer(103, 1, 2, 5);
  marked.user_data_128 = 7;
  marked.user_data_64 = 8;
  marked.user_data_32 = 9;
  marked.code = 10;
  create(b, std::vector{make_transfer(100, 1, 2, 5), make_transfer(101, 2, 1, 5),
                        make_transfer(102, 2, 4, 5), marked});
  return b;
}

log_time time_of(const book& b, u128 id) {
  return b.find(transfer_id{id})->timestamp;
}

const std::vector<std::function<void(query_filter&)>> marks{
    [](query_filter& f) { f.user_data_128 = 7; }, [](query_filter& f) { f.user_data_64 = 8; },
    [](query_filter& f) { f.user_data_32 = 9; }, [](query_filter& f) { f.code = 10; }};

} // namespace

TEST(LedgerAccountTransfers, AreThoseOfTheAccountByTime) {
  EXPECT_EQ(of_account(busy_world(), 1, everything), (ids{100, 101, 103}));
}

TEST(LedgerAccountTransfers, MayBeOfOneSide) {
  const book b = busy_world();
  EXPECT_EQ(of_account(b, 1, everything, true, false), (ids{100, 103}));
  EXPECT_EQ(of_account(b, 1, everything, false, true), ids{101});
  EXPECT_EQ(of_account(b, 1, everything, false, false), ids{});
}

TEST(LedgerAccountTransfers, MayBeReversed) {
  const auto reversed = only([](query_filter& f) { f.reversed = true; });
  EXPECT_EQ(of_account(busy_world(), 1, reversed), (ids{103, 101, 100}));
}

TEST(LedgerAccountTransfers, AreLimitedFromTheEndTheyStartAt) {
  query_filter filter = only([](query_filter& f) { f.limit = 2; });
  EXPECT_EQ(of_account(busy_world(), 1, filter), (ids{100, 101}));
  filter.reversed = true;
  EXPECT_EQ(of_account(busy_world(), 1, filter), (ids{103, 101}));
}

TEST(LedgerAccountTransfers, AreSelectedByEachField) {
  const book b = busy_world();
  for (const auto& mark : marks)
    EXPECT_EQ(of_account(b, 1, only(mark)), ids{103});
}

TEST(LedgerAccountTransfers, AreSelectedByInclusiveTimes) {
  const book b = busy_world();
  query_filter filter = only([&](query_filter& f) { f.timestamp_min = time_of(b, 101); });
  EXPECT_EQ(of_account(b, 1, filter), (ids{101, 103}));
  filter.timestamp_max = time_of(b, 101);
  EXPECT_EQ(of_account(b, 1, filter), ids{101});
}

TEST(LedgerAccountTransfers, ArePostsAndVoidsToo) {
  book b = make_world();
  create(b, std::vector{make_transfer(200, 1, 2, 5, transfer_flags::pending),
                        make_post(201, 200, u128_max)});
  EXPECT_EQ(of_account(b, 2, everything), (ids{200, 201}));
}

TEST(LedgerAccountTransfers, AreNotThoseOfABrokenChain) {
  book b = busy_world();
  create(b, std::vector{make_transfer(200, 1, 2, 5, transfer_flags::linked),
                        make_transfer(0, 1, 2, 5)});
  EXPECT_EQ(of_account(b, 1, everything), (ids{100, 101, 103}));
}

TEST(LedgerAccountTransfers, AreNoneOfNoAccount) {
  const book b = busy_world();
  EXPECT_EQ(of_account(b, 99, everything), ids{});
}

TEST(LedgerQueries, SelectByEachField) {
  const book b = busy_world();
  for (const auto& mark : marks)
    EXPECT_EQ(ids_of(b.query_transfers(only(mark))), ids{103});
}

TEST(LedgerQueries, SelectByLedger) {
  const book b = busy_world();
  const auto second = only([](query_filter& f) { f.ledger = 2; });
  EXPECT_EQ(ids_of(b.query_accounts(second)), ids{3});
  EXPECT_EQ(ids_of(b.query_transfers(second)), ids{});
}

TEST(LedgerQueries, SelectAllThatAllFieldsMatch) {
  const book b = busy_world();
  query_filter filter = everything;
  for (const auto& mark : marks)
    mark(filter);
  EXPECT_EQ(ids_of(b.query_transfers(filter)), ids{103});
  filter.user_data_32 = 1;
  EXPECT_EQ(ids_of(b.query_transfers(filter)), ids{});
}

TEST(LedgerQueries, AreOrderedReversedAndLimited) {
  const book b = busy_world();
  EXPECT_EQ(ids_of(b.query_accounts(everything)), (ids{1, 2, 3, 4, 5}));
  query_filter filter = only([](query_filter& f) { f.limit = 2; });
  EXPECT_EQ(ids_of(b.query_accounts(filter)), (ids{1, 2}));
  filter.reversed = true;
  EXPECT_EQ(ids_of(b.query_accounts(filter)), (ids{5, 4}));
}

TEST(LedgerQueries, TakeInclusiveTimes) {
  const book b = busy_world();
  const auto one_time = only([&](query_filter& f) {
    f.timestamp_min = time_of(b, 102);
    f.timestamp_max = time_of(b, 102);
  });
  EXPECT_EQ(ids_of(b.query_transfers(one_time)), ids{102});
}

// TigerBeetle, QueryFilter: a filter that is not valid selects nothing.
TEST(LedgerFilters, NeedALimit) {
  const auto none = only([](query_filter& f) { f.limit = 0; });
  EXPECT_FALSE(is_valid(none));
  EXPECT_TRUE(busy_world().query_accounts(none).empty());
}

TEST(LedgerFilters, NeedTimesInRangeAndInOrder) {
  const log_time late{timestamp_max.nanoseconds + 1};
  EXPECT_TRUE(is_valid(only([](query_filter& f) { f.timestamp_min = timestamp_max; })));
  EXPECT_TRUE(is_valid(only([](query_filter& f) { f.timestamp_max = timestamp_max; })));
  EXPECT_FALSE(is_valid(only([&](query_filter& f) { f.timestamp_min = late; })));
  EXPECT_FALSE(is_valid(only([&](query_filter& f) { f.timestamp_max = late; })));
  EXPECT_FALSE(is_valid(only([](query_filter& f) {
    f.timestamp_min = {2};
    f.timestamp_max = {1};
  })));
}

TEST(LedgerFilters, NeedAPossibleAccountAndASide) {
  EXPECT_TRUE(is_valid(account_filter{.account = {1}, .common = everything}));
  EXPECT_FALSE(is_valid(account_filter{.account = {0}, .common = everything}));
  EXPECT_FALSE(is_valid(account_filter{.account = {u128_max}, .common = everything}));
  EXPECT_FALSE(is_valid(
      account_filter{.account = {1}, .common = everything, .debits = false, .credits = false}));
}

} // namespace ducat::ledger::test
