/// A node's state on its way to another node.

#include "cluster/state_copy.hpp"
#include "cluster/state_fetch.hpp"
#include "cluster/state_lender.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ducat::cluster {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// A store of plain files.
class file_store final : public state_store {
public:
  explicit file_store(fs::path directory) : directory_{std::move(directory)} {
    fs::create_directories(directory_);
  }

  const fs::path& directory() const noexcept override { return directory_; }

  result<void> copy_to(const fs::path& to) const override {
    fs::copy(directory_, to);
    if (while_copied)
      while_copied();
    return {};
  }

  result<void> replace_with(const fs::path& from) override {
    if (fs::exists(from / "rotten"))
      return fail(errc::corrupt, "it is rotten");
    fs::remove_all(directory_);
    fs::rename(from, directory_);
    return {};
  }

  void put(const std::string& name, const std::string& bytes) const {
    std::ofstream{directory_ / name, std::ios::binary} << bytes;
  }

  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& each : fs::directory_iterator{directory_}) {
      std::ifstream from{each.path(), std::ios::binary};
      all[each.path().filename()] = {std::istreambuf_iterator<char>{from}, {}};
    }
    return all;
  }

  std::function<void()> while_copied;

private:
  fs::path directory_;
};

/// Two nodes with a state, and one that asks them; what is asked is answered at once.
class StateCopy : public ::testing::Test {
protected:
  StateCopy() {
    a_->put("small", "abc");
    a_->put("empty", "");
    a_->put("large", std::string(3 * state_part_bytes + 17, 'x') + "end");
    mine_->put("old", "of no use");
  }

  state_fetch_options options() {
    return {.members = [this] { return members_; },
            .me = "me",
            .ask =
                [this](const std::string& node, const outgoing_ask& what, time_point,
                       const ask_callback& done) {
                  asked_.push_back(node);
                  auto answer = lender_of(node).answer(what.type, what.body);
                  if (answer && what.type == state_read_type && damage_)
                    answer->front() = '!';
                  done(std::move(answer));
                },
            .patience = 0s};
  }

  state_lender& lender_of(const std::string& node) { return node == "a" ? lend_a_ : lend_b_; }

  static member_status keeps(const std::string& id, std::uint64_t kept) {
    return {.id = id, .now = member_status::state::alive, .is_linked = true, .kept = kept};
  }

  result<state_offer> offer_of(state_lender& lender) {
    return lender.answer(state_offer_type, {}).and_then(decode_state_offer);
  }

  testing::temporary_directory place_;
  std::shared_ptr<file_store> a_ = std::make_shared<file_store>(place_.path() / "a");
  std::shared_ptr<file_store> b_ = std::make_shared<file_store>(place_.path() / "b");
  std::shared_ptr<file_store> mine_ = std::make_shared<file_store>(place_.path() / "mine");
  time_point now_{1h};
  state_lender lend_a_{a_, [this] { return now_; }};
  state_lender lend_b_{b_, [this] { return now_; }};
  std::vector<member_status> members_{keeps("a", 9), keeps("b", 5), keeps("me", 100)};
  std::vector<std::string> asked_;
  bool damage_ = false;
};

TEST_F(StateCopy, ComesFromTheNodeWithTheNewestStateAndTakesThePlaceOfTheOldOne) {
  const auto before = a_->files();
  ASSERT_TRUE(fetch_state(options(), *mine_));
  EXPECT_EQ(mine_->files(), before);
  EXPECT_THAT(asked_, ::testing::Each("a"));
}

TEST_F(StateCopy, IsRemovedWhenItHasArrived) {
  ASSERT_TRUE(fetch_state(options(), *mine_));
  EXPECT_FALSE(fs::exists(place_.path() / "a.lent"));
  EXPECT_FALSE(fs::exists(place_.path() / "mine.fetched"));
}

TEST_F(StateCopy, ComesFromAnotherNodeIfTheFirstIsBusy) {
  ASSERT_TRUE(offer_of(lend_a_));
  b_->put("b", "b");
  ASSERT_TRUE(fetch_state(options(), *mine_));
  EXPECT_EQ(mine_->files(), b_->files());
}

TEST_F(StateCopy, DamagedOnTheWayIsNotTaken) {
  damage_ = true;
  members_ = {keeps("a", 9)};
  const auto before = mine_->files();
  const auto done = fetch_state(options(), *mine_);
  EXPECT_EQ(done.error().code, errc::unavailable);
  EXPECT_THAT(done.error().message, HasSubstr("damaged"));
  EXPECT_EQ(mine_->files(), before);
}

// It was good when it was sent, or of a newer version: another node's will do.
TEST_F(StateCopy, ComesFromAnotherNodeIfTheFirstOneCannotBeUsed) {
  a_->put("rotten", "");
  b_->put("b", "b");
  ASSERT_TRUE(fetch_state(options(), *mine_));
  EXPECT_EQ(mine_->files(), b_->files());
}

TEST_F(StateCopy, IsNotAskedOfANodeWhoseStateTheLogDoesNotContinueEither) {
  auto asked = options();
  asked.log_first = 6;
  members_ = {keeps("b", 5)};
  EXPECT_EQ(fetch_state(asked, *mine_).error().code, errc::unavailable);
  EXPECT_TRUE(asked_.empty());
}

// To read all of a large state takes longer than a copy may be idle.
TEST_F(StateCopy, IsNotIdleWhileItIsMade) {
  a_->while_copied = [this] { now_ += state_lender::idle_max + 1s; };
  const auto offer = offer_of(lend_a_);
  ASSERT_TRUE(offer);
  EXPECT_TRUE(lend_a_.answer(state_read_type, encode(state_read{.copy = offer->copy, .file = 1})));
}

TEST_F(StateCopy, IsOfNobodyIfNobodyKeepsOne) {
  members_ = {keeps("a", 0), keeps("me", 100)};
  EXPECT_EQ(fetch_state(options(), *mine_).error().code, errc::unavailable);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(StateCopy, IsNotAskedOfANodeThatIsNotLinked) {
  members_ = {keeps("a", 9), keeps("b", 5)};
  members_[0].is_linked = false;
  b_->put("b", "b");
  ASSERT_TRUE(fetch_state(options(), *mine_));
  EXPECT_THAT(asked_, ::testing::Each("b"));
}

TEST_F(StateCopy, ThatNobodyAsksForAnyMoreIsRemoved) {
  const auto first = offer_of(lend_a_);
  ASSERT_TRUE(first);
  EXPECT_EQ(offer_of(lend_a_).error().code, errc::overloaded);
  now_ += state_lender::idle_max + 1s;
  const auto second = offer_of(lend_a_);
  ASSERT_TRUE(second) << "the first is idle";
  EXPECT_NE(second->copy, first->copy);
  EXPECT_EQ(lend_a_.answer(state_read_type, encode(state_read{.copy = first->copy, .file = 0}))
                .error()
                .code,
            errc::not_found);
}

TEST_F(StateCopy, OfAnEarlierLifeIsRemoved) {
  fs::create_directory(place_.path() / "a.lent");
  const state_lender next{a_};
  EXPECT_FALSE(fs::exists(place_.path() / "a.lent"));
}

TEST_F(StateCopy, HasOnlyThePartsThatItHas) {
  const auto offer = offer_of(lend_a_);
  ASSERT_TRUE(offer);
  for (const state_read& each : {state_read{offer->copy, 3, 0}, state_read{offer->copy, 0, 0},
                                 state_read{offer->copy, 1, 4}, state_read{offer->copy + 1, 1, 0}})
    EXPECT_EQ(lend_a_.answer(state_read_type, encode(each)).error().code, errc::not_found)
        << each.file << ' ' << each.part;
  EXPECT_EQ(lend_a_.answer("state/burn", {}).error().code, errc::invalid_argument);
  EXPECT_EQ(lend_a_.answer(state_read_type, "\xff").error().code, errc::invalid_argument);
}

TEST_F(StateCopy, OffersWhatItsFilesAre) {
  const auto offer = offer_of(lend_a_);
  ASSERT_TRUE(offer);
  ASSERT_EQ(offer->files.size(), 3u);
  EXPECT_EQ(offer->files[0], (state_file{.name = "empty"}));
  EXPECT_EQ(offer->files[2],
            (state_file{.name = "small", .size = 3, .hash = hash_after({}, "abc")}));
  EXPECT_EQ(decode_state_offer(encode(*offer)).value(), *offer);
}

// A node writes what it is told only into the place that it made for it.
TEST(StateOffer, WithANameThatIsNoFileNameIsRefused) {
  for (const std::string name : {"", ".", "..", "../x", "/etc/passwd", "a/b"})
    EXPECT_EQ(decode_state_offer(encode(state_offer{.files = {{.name = name}}})).error().code,
              errc::invalid_argument)
        << name;
}

TEST(StateOffer, WithPartsOfNoSizeOrTooLargeOnesIsRefused) {
  for (const std::uint32_t bytes : {0u, state_part_bytes + 1})
    EXPECT_FALSE(decode_state_offer(encode(state_offer{.files = {}, .part_bytes = bytes})));
}

} // namespace
} // namespace ducat::cluster
