/// A small world for ledger tests, and short ways to write events.
#pragma once

#include <ducat/ledger/book.hpp>

#include <gtest/gtest.h>

#include <array>
#include <span>
#include <vector>

namespace ducat::ledger::test {

constexpr log_time noon{1'000'000};

constexpr account make_account(u128 id, account_flags flags = account_flags::none,
                               std::uint32_t ledger = 1) {
  return {.id = {id}, .ledger = ledger, .code = 1, .flags = flags, .timestamp = {}};
}

constexpr transfer make_transfer(u128 id, u128 debit, u128 credit, u128 amount,
                                 transfer_flags flags = transfer_flags::none) {
  return {.id = {id},
          .debit_account_id = {debit},
          .credit_account_id = {credit},
          .amount = amount,
          .pending_id = {},
          .ledger = 1,
          .code = 1,
          .flags = flags,
          .timestamp = {}};
}

constexpr transfer make_resolution(u128 id, u128 pending, u128 amount, transfer_flags flags) {
  return {.id = {id},
          .debit_account_id = {},
          .credit_account_id = {},
          .amount = amount,
          .pending_id = {pending},
          .flags = flags,
          .timestamp = {}};
}

constexpr transfer make_post(u128 id, u128 pending, u128 amount) {
  return make_resolution(id, pending, amount, transfer_flags::post_pending);
}

constexpr transfer make_void(u128 id, u128 pending, u128 amount) {
  return make_resolution(id, pending, amount, transfer_flags::void_pending);
}

inline account_outcome create(book& b, const account& a) {
  return b.create_accounts(noon, std::span(&a, 1)).front();
}

inline transfer_outcome create(book& b, const transfer& t) {
  return b.create_transfers(noon, std::span(&t, 1)).front();
}

inline std::vector<transfer_outcome> create(book& b, const std::vector<transfer>& batch) {
  return b.create_transfers(noon, batch);
}

inline std::vector<account_outcome> create(book& b, const std::vector<account>& batch) {
  return b.create_accounts(noon, batch);
}

/// Accounts 1 and 2 have no bound; 3 is on ledger 2; 4 must not have more debits than credits, 5
/// not more credits than debits, and both are empty.
inline book make_world() {
  book b;
  create(b, std::vector<account>{make_account(1), make_account(2),
                                 make_account(3, account_flags::none, 2),
                                 make_account(4, account_flags::debits_must_not_exceed_credits),
                                 make_account(5, account_flags::credits_must_not_exceed_debits)});
  return b;
}

/// Expects that nothing happened to `b` since it was `before`, but that time went by.
inline void expect_unchanged(const book& b, book before) {
  before.advance(b.now());
  EXPECT_EQ(b.state_digest(), before.state_digest());
}

} // namespace ducat::ledger::test
