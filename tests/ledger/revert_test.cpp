/// Reversals: what a transfer moved is moved back, once.

#include "ledger_world.hpp"

#include <gtest/gtest.h>

namespace ducat::ledger::test {
namespace {

using enum transfer_outcome;

/// 100 moved 5 from 1 to 2.
book paid_world() {
  book b = make_world();
  create(b, make_transfer(100, 1, 2, 5));
  return b;
}

transfer_outcome revert(book& b, u128 id, u128 reverts, bool force = false) {
  return b.revert(noon, {.id = {id}, .reverts = {reverts}, .force = force});
}

metadata metadata_of(const book& b, u128 transfer) {
  return b.metadata_of({subject_kind::transfer, transfer});
}

} // namespace

TEST(LedgerRevert, MovesBackWhatATransferMoved) {
  book b = paid_world();
  EXPECT_EQ(revert(b, 101, 100), ok);
  const transfer back = *b.find(transfer_id{101});
  EXPECT_EQ(back.debit_account_id, account_id{2});
  EXPECT_EQ(back.credit_account_id, account_id{1});
  EXPECT_EQ(back.amount, 5u);
  EXPECT_EQ(b.find(account_id{1})->credits_posted, 5u);
  EXPECT_EQ(b.find(account_id{2})->debits_posted, 5u);
}

TEST(LedgerRevert, BothKnowOfEachOther) {
  book b = paid_world();
  revert(b, 101, 100);
  EXPECT_EQ(metadata_of(b, 100), (metadata{{"ducat.reverted_by", "101"}}));
  EXPECT_EQ(metadata_of(b, 101), (metadata{{"ducat.reverts", "100"}}));
}

TEST(LedgerRevert, HappensOnce) {
  book b = paid_world();
  EXPECT_EQ(revert(b, 101, 100), ok);
  EXPECT_EQ(revert(b, 101, 100), exists);
  EXPECT_EQ(revert(b, 102, 100), already_reverted);
  EXPECT_EQ(b.find(account_id{1})->credits_posted, 5u);
}

TEST(LedgerRevert, TellsAnotherUseOfItsIdFromARetry) {
  book b = paid_world();
  create(b, make_transfer(103, 1, 2, 5));
  revert(b, 101, 100);
  EXPECT_EQ(revert(b, 101, 103), exists_with_different_reverted_id);
  EXPECT_EQ(revert(b, 103, 100), exists_with_different_reverted_id);
}

TEST(LedgerRevert, OfWhatIsNotThereBurnsTheId) {
  book b = paid_world();
  EXPECT_EQ(revert(b, 101, 999), reverted_transfer_not_found);
  EXPECT_EQ(revert(b, 101, 100), id_already_failed);
}

TEST(LedgerRevert, IsOfPostedMoneyOnly) {
  book b = make_world();
  create(b, make_transfer(200, 1, 2, 50, transfer_flags::pending));
  create(b, make_transfer(210, 1, 2, 50, transfer_flags::pending));
  EXPECT_EQ(revert(b, 300, 200), reverted_transfer_not_posted);
  create(b, make_void(201, 200, 0));
  EXPECT_EQ(revert(b, 300, 201), reverted_transfer_not_posted);
  create(b, make_post(211, 210, 20));
  EXPECT_EQ(revert(b, 300, 211), ok);
  EXPECT_EQ(b.find(account_id{1})->credits_posted, 20u);
}

TEST(LedgerRevert, KeepsTheBoundsUnlessForced) {
  book b = make_world();
  create(b, make_transfer(100, 1, 4, 10)); // 4 must not have more debits than credits.
  create(b, make_transfer(101, 4, 2, 8));
  EXPECT_EQ(revert(b, 200, 100), exceeds_credits);
  EXPECT_EQ(revert(b, 200, 100, true), id_already_failed);
  EXPECT_EQ(revert(b, 201, 100, true), ok);
  EXPECT_EQ(b.find(account_id{4})->debits_posted, 18u);
}

TEST(LedgerRevert, CanBeRevertedItself) {
  book b = paid_world();
  EXPECT_EQ(revert(b, 101, 100), ok);
  EXPECT_EQ(revert(b, 102, 101), ok);
  EXPECT_EQ(b.find(account_id{1})->debits_posted, 10u);
}

TEST(LedgerRevert, ChecksItsIdFirst) {
  book b = paid_world();
  EXPECT_EQ(revert(b, 0, 999), id_must_not_be_zero);
  EXPECT_EQ(revert(b, u128_max, 999), id_must_not_be_int_max);
}

TEST(LedgerMetadata, IsSetChangedAndRemoved) {
  book b = paid_world();
  const subject about{subject_kind::account, 1};
  EXPECT_EQ(b.change(noon, {about, {{"name", "alice"}, {"tier", "gold"}}}), metadata_outcome::ok);
  EXPECT_EQ(b.change(noon, {about, {{"name", "bob"}, {"tier", std::nullopt}}}),
            metadata_outcome::ok);
  EXPECT_EQ(b.metadata_of(about), (metadata{{"name", "bob"}}));
  EXPECT_EQ(b.metadata_of({subject_kind::transfer, 1}), metadata{});
}

TEST(LedgerMetadata, IsOfWhatExists) {
  book b = paid_world();
  EXPECT_EQ(b.change(noon, {{subject_kind::account, 100}, {{"a", "b"}}}),
            metadata_outcome::subject_not_found);
  EXPECT_EQ(b.change(noon, {{subject_kind::transfer, 1}, {{"a", "b"}}}),
            metadata_outcome::subject_not_found);
  EXPECT_EQ(b.change(noon, {{subject_kind::transfer, 100}, {{"a", "b"}}}), metadata_outcome::ok);
}

TEST(LedgerMetadata, OfTheLedgersOwnCannotBeForged) {
  book b = paid_world();
  EXPECT_EQ(b.change(noon, {{subject_kind::transfer, 100}, {{"ducat.reverted_by", "7"}}}),
            metadata_outcome::key_is_reserved);
  EXPECT_EQ(revert(b, 101, 100), ok);
}

TEST(LedgerMetadata, HasALimitOfKeys) {
  book b = paid_world();
  const subject about{subject_kind::account, 1};
  set_metadata change{about, {}};
  for (std::size_t i = 0; i < metadata_keys_max; ++i)
    change.entries.emplace(std::to_string(i), "x");
  EXPECT_EQ(b.change(noon, change), metadata_outcome::ok);
  const auto before = b.metadata_of(about);
  EXPECT_EQ(b.change(noon, {about, {{"one more", "x"}}}), metadata_outcome::too_many_keys);
  EXPECT_EQ(b.metadata_of(about), before);
}

TEST(LedgerMetadata, ChangesTheDigestUntilItIsRemoved) {
  book b = paid_world();
  const subject about{subject_kind::account, 1};
  b.change(noon, {about, {{"a", "b"}}});
  book removed = b;
  removed.change(noon, {about, {{"a", std::nullopt}}});
  EXPECT_NE(b.state_digest(), removed.state_digest());
  EXPECT_EQ(paid_world().state_digest(), removed.state_digest());
}

} // namespace ducat::ledger::test
