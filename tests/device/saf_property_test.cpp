/// Whatever happens: nothing is dropped, nothing overtakes within its key, the window holds.

#include "routing/seed.hpp"

#include <ducat/device/saf_core.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace ducat::device::test {
namespace {

using namespace std::chrono_literals;

class random_store {
public:
  explicit random_store(std::uint64_t seed) : chance_{seed}, core_{few(), seed} {}

  void step() {
    switch (pick(10)) {
    case 0:
    case 1:
    case 2:
      add();
      break;
    case 3:
    case 4:
      end_some();
      break;
    case 5:
      now_ += std::chrono::seconds{pick(30)};
      break;
    case 6:
      if (pick(4) == 0)
        core_.hurry(now_);
      break;
    case 7:
      decide_on_some();
      break;
    default:
      send();
    }
    look();
  }

  /// Everything is answered from now on; returns whether everything was sent.
  void end() {
    for (int rounds = 0; core_.size() > 0 && rounds < 10'000; ++rounds) {
      send();
      for (const request_id id : std::vector(under_way_.begin(), under_way_.end()))
        answer(id);
      while (!exhausted_.empty())
        decide_on_some();
      if (const auto due = core_.wake_at())
        now_ = std::max(now_, *due);
      look();
    }
    EXPECT_EQ(core_.size(), 0U);
    EXPECT_TRUE(listed_.empty());
    EXPECT_FALSE(core_.wake_at());
  }

private:
  static saf_options few() {
    saf_options options;
    options.window = 3;
    options.tries_max = 4;
    options.age_max = 90s;
    return options;
  }

  unsigned pick(std::size_t below) { return static_cast<unsigned>(chance_() % below); }

  void add() {
    const request_id id{next_++};
    const std::string key(1, static_cast<char>('a' + pick(4)));
    EXPECT_TRUE(core_.add({.id = id, .key = key}, now_));
    listed_[id] = key;
    order_[key].push_back(id);
  }

  void send() {
    for (const auto& each : core_.take_sendings(now_)) {
      ASSERT_TRUE(listed_.contains(each.id));
      EXPECT_EQ(order_[listed_[each.id]].front(), each.id) << "it overtakes";
      EXPECT_TRUE(under_way_.insert(each.id).second) << "it is sent twice at a time";
      EXPECT_EQ(each.number, sendings_[each.id] + 1);
      EXPECT_EQ(each.is_repeat, sendings_[each.id] > 0);
    }
    EXPECT_LE(under_way_.size(), few().window);
  }

  void end_some() {
    if (under_way_.empty())
      return;
    const request_id id = *std::next(under_way_.begin(), pick(under_way_.size()));
    const unsigned how = pick(3);
    if (how == 0)
      return answer(id);
    under_way_.erase(id);
    if (how == 1)
      core_.not_sent(id, now_);
    else
      core_.unanswered(id, now_);
    sendings_[id] += how == 2 ? 1 : 0;
  }

  void answer(request_id id) {
    core_.answered(id);
    under_way_.erase(id);
    forget(id);
  }

  void decide_on_some() {
    if (exhausted_.empty())
      return;
    const request_id id = *std::next(exhausted_.begin(), pick(exhausted_.size()));
    exhausted_.erase(id);
    if (pick(2) == 0) {
      EXPECT_TRUE(core_.discard(id));
      forget(id);
    } else {
      EXPECT_TRUE(core_.retry(id, now_));
    }
  }

  void forget(request_id id) {
    std::erase(order_[listed_[id]], id);
    listed_.erase(id);
  }

  void look() {
    for (const auto& each : core_.take_exhausted(now_)) {
      EXPECT_TRUE(listed_.contains(each.id));
      EXPECT_TRUE(exhausted_.insert(each.id).second) << "it is told twice";
    }
    EXPECT_EQ(core_.size(), listed_.size()) << "something was dropped";
    for (const auto& [id, key] : listed_) {
      const auto expected = under_way_.contains(id)   ? saf_state::under_way
                            : exhausted_.contains(id) ? saf_state::exhausted
                                                      : saf_state::waiting;
      EXPECT_EQ(core_.state_of(id), expected) << id;
    }
  }

  std::mt19937_64 chance_;
  saf_core core_;
  time_point now_{1h};
  unsigned next_ = 1;
  std::map<request_id, std::string> listed_;
  std::map<std::string, std::vector<request_id>> order_;
  std::map<request_id, std::uint32_t> sendings_;
  std::set<request_id> under_way_;
  std::set<request_id> exhausted_;
};

TEST(SafProperty, NothingIsDroppedAndNothingOvertakesWithinItsKey) {
  const std::uint64_t seed = ducat::test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  for (std::uint64_t run = 0; run < 200 && !::testing::Test::HasFailure(); ++run) {
    SCOPED_TRACE("run " + std::to_string(run));
    random_store store{seed + run};
    for (int i = 0; i < 300; ++i)
      store.step();
    store.end();
  }
}

} // namespace
} // namespace ducat::device::test
