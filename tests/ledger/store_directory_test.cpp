/// The directory of a store: its lives, its copies, and how a copy takes its place.

#include "random_commands.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/ledger/machine.hpp>
#include <ducat/ledger/store_directory.hpp>

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ducat::ledger::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

receipt receipt_of(std::uint64_t index) {
  return {index, sha256({std::to_string(index)})};
}

/// Keeps the state of each entry.
std::unique_ptr<machine> begin(store_directory& in) {
  return std::make_unique<machine>(in.begin_life(), keeping_limits{.entries = 1});
}

/// Ten transfers of one unit, as the entry `index`.
void run(machine& ledger, std::uint64_t index) {
  std::vector<transfer> batch;
  for (unsigned i = 0; i < 10; ++i)
    batch.push_back(make_transfer(static_cast<unsigned>(index) * 10 + i, 1, 2, 1));
  const ledger::command what =
      index == 1 ? ledger::command{five_accounts()} : ledger::command{std::move(batch)};
  const std::string command = encode(what);
  ledger.apply({index, {index * 1'000}}, command);
  ledger.committed(receipt_of(index), {});
}

class StoreDirectory : public ::testing::Test {
protected:
  StoreDirectory() : directory_{store_directory::open(place_.path() / "state").value()} {}

  /// Keeps the state of `entries` entries; returns its digest.
  digest fill(std::uint64_t entries) {
    const auto store = directory_->begin_life();
    machine ledger{store, keeping_limits{.entries = 1}};
    for (std::uint64_t index = ledger.durable_to().index + 1; index <= entries; ++index)
      run(ledger, index);
    store->wait_until_written();
    return ledger.state_digest();
  }

  /// Returns the digest of what is kept in `of`.
  static digest digest_in(const fs::path& of) {
    return machine{open_segment_store_to_look_at(of).value()}.state_digest();
  }

  fs::path copy() const { return place_.path() / "copy"; }

  ducat::testing::temporary_directory place_;
  std::shared_ptr<store_directory> directory_;
};

TEST_F(StoreDirectory, ALifeBeginsWithWhatTheOneBeforeKept) {
  const digest before = fill(5);
  const auto next = begin(*directory_);
  EXPECT_EQ(next->durable_to(), receipt_of(5));
  EXPECT_EQ(next->state_digest(), before);
}

// A life that was given up may wake when its successor writes already.
TEST_F(StoreDirectory, ALifeThatHasASuccessorWritesNothing) {
  const auto store = directory_->begin_life();
  const auto before = std::make_unique<machine>(store, keeping_limits{.entries = 1});
  run(*before, 1);
  store->wait_until_written();
  const auto next = begin(*directory_);
  EXPECT_THROW(run(*before, 2), std::runtime_error);
  EXPECT_EQ(next->durable_to(), receipt_of(1));
}

TEST_F(StoreDirectory, RowsAreKeptWithTheSegmentAndReplaceThoseOfBefore) {
  const auto store = directory_->begin_life();
  book empty;
  store->restore(empty);
  store->add(empty.seal(), receipt_of(1), {{"a", "1"}, {"b", "2"}});
  store->add(empty.seal(), receipt_of(2), {{"a", "3"}});
  store->wait_until_written();
  std::vector<std::string> rows;
  directory_->begin_life()->visit_rows("", [&](std::string_view key, std::string_view value) {
    rows.push_back(std::string{key} + "=" + std::string{value});
    return true;
  });
  EXPECT_THAT(rows, ElementsAre("a=3", "b=2"));
  rows.clear();
  EXPECT_FALSE(store->visit_rows("aa", [&](std::string_view key, std::string_view) {
    rows.emplace_back(key);
    return false;
  }));
  EXPECT_THAT(rows, ElementsAre("b")) << "from that key on, until it is enough";
}

TEST_F(StoreDirectory, ACopyIsTheStateOfOneMoment) {
  const digest then = fill(5);
  ASSERT_TRUE(directory_->copy_to(copy()));
  EXPECT_NE(fill(9), then);
  EXPECT_EQ(digest_in(copy()), then);
}

TEST_F(StoreDirectory, ACopyTakesThePlaceOfWhatIsKept) {
  const digest then = fill(5);
  ASSERT_TRUE(directory_->copy_to(copy()));
  fill(9);
  ASSERT_TRUE(directory_->replace_with(copy()));
  EXPECT_FALSE(fs::exists(copy()));
  const auto next = begin(*directory_);
  EXPECT_EQ(next->durable_to(), receipt_of(5));
  EXPECT_EQ(next->state_digest(), then);
}

TEST_F(StoreDirectory, NothingTakesThePlaceOfWhatALifeHas) {
  const digest then = fill(5);
  ASSERT_TRUE(directory_->copy_to(copy()));
  const auto life = begin(*directory_);
  EXPECT_EQ(directory_->replace_with(copy()).error().code, errc::in_use);
  EXPECT_EQ(life->state_digest(), then);
}

TEST_F(StoreDirectory, ADamagedCopyDoesNotTakeThePlaceOfWhatIsKept) {
  const digest then = fill(5);
  ASSERT_TRUE(directory_->copy_to(copy()));
  for (const auto& each : fs::directory_iterator{copy()})
    if (each.path().extension() == ".sst") {
      fs::copy_file(each.path(), place_.path() / "part"); // The file is shared with the state.
      fs::remove(each.path());
      std::fstream damaged{place_.path() / "part", std::ios::in | std::ios::out | std::ios::binary};
      damaged.seekp(10);
      damaged.put('!');
      damaged.close();
      fs::rename(place_.path() / "part", each.path());
      break;
    }
  EXPECT_EQ(directory_->replace_with(copy()).error().code, errc::corrupt);
  EXPECT_EQ(begin(*directory_)->state_digest(), then);
}

TEST_F(StoreDirectory, WhatIsNoStateDoesNotTakeThePlaceOfOne) {
  const digest then = fill(5);
  fs::create_directory(copy());
  EXPECT_EQ(directory_->replace_with(copy()).error().code, errc::corrupt);
  EXPECT_EQ(begin(*directory_)->state_digest(), then);
}

// The process may end between the two renames, or before the old state is removed.
TEST_F(StoreDirectory, IsTheOldOneOrTheNewOneIfTheProcessEndsMeanwhile) {
  const digest then = fill(5);
  directory_.reset();
  const fs::path state = place_.path() / "state";
  fs::rename(state, place_.path() / "state.replaced");
  directory_ = store_directory::open(state).value();
  EXPECT_EQ(begin(*directory_)->state_digest(), then);
  directory_.reset();
  fs::copy(state, place_.path() / "state.replaced");
  directory_ = store_directory::open(state).value();
  EXPECT_EQ(begin(*directory_)->state_digest(), then);
  EXPECT_FALSE(fs::exists(place_.path() / "state.replaced"));
}

TEST_F(StoreDirectory, BelongsToOneAtATime) {
  EXPECT_EQ(store_directory::open(place_.path() / "state").error().code, errc::in_use);
}

} // namespace
} // namespace ducat::ledger::test
