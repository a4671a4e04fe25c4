/// A tracker against a model that keeps every interval for ever.

#include "monitor/conditions.hpp"
#include "monitor/window_history.hpp"
#include "routing/seed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace ducat::monitor {
namespace {

using namespace std::chrono_literals;

class naive_tracker {
public:
  naive_tracker(condition first, time_point now) : facts_{{now, first}} {}

  void set(condition next, time_point now) { facts_.push_back({now, next}); }

  /// Counts nanoseconds by going through all of them.
  measured between(time_point from, time_point to) const {
    measured sum;
    bool is_failing = false; // Of which the begin was seen, at:
    time_point failed_at{};
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      const auto& [at, now] = facts_[i];
      add_time(now, std::max(at, from), i + 1 < facts_.size() ? facts_[i + 1].at : to, sum);
      if (i == 0)
        continue;
      const bool is_inside = from <= at && at <= to;
      const bool fails = !now.serving && !now.in_order;
      const condition& before = facts_[i - 1].now;
      if (fails && (before.serving || before.in_order)) {
        is_failing = true;
        failed_at = at;
        sum.failures += is_inside ? 1 : 0;
      }
      if (now.serving && is_failing && is_inside) {
        sum.repairs += 1;
        sum.repair_time += at - failed_at;
      }
      is_failing = is_failing && fails;
    }
    return sum;
  }

  time_point start() const { return facts_.front().at; }

private:
  struct fact {
    time_point at;
    condition now;
  };

  static void add_time(const condition& now, time_point from, time_point to, measured& sum) {
    const duration span = std::max(to - from, duration::zero());
    sum.observed += span;
    if (now.serving)
      sum.serving += span;
    else if (!now.in_order)
      sum.failed += span;
    if (now.fault_present)
      sum.with_fault += span;
    if (now.fault_present && now.serving)
      sum.serving_with_fault += span;
  }

  std::vector<fact> facts_;
};

class AvailabilityProperty : public ::testing::Test {
protected:
  condition any_condition() {
    const auto bits = random_() % 8;
    const bool serves = (bits & 1) != 0;
    return {.serving = serves,
            .fault_present = (bits & 2) != 0,
            .in_order = !serves && (bits & 4) != 0};
  }

  /// Mostly moments, sometimes days: so that windows are crossed in every way.
  duration any_duration() {
    static constexpr std::array<duration, 6> scales = {1us, 100ms, 2s, 90s, 40min, 30h};
    return std::chrono::nanoseconds{
        random_() % static_cast<std::uint64_t>(scales[random_() % scales.size()].count() + 1)};
  }

  /// Returns a moment after `now`, sometimes one at which a part of a window begins.
  time_point any_time_after(time_point now) {
    const duration since_boot = (now + any_duration()).time_since_epoch();
    switch (random_() % 6) {
    case 0:
      return time_point{std::chrono::ceil<std::chrono::seconds>(since_boot)};
    case 1:
      return time_point{std::chrono::ceil<std::chrono::minutes>(since_boot)};
    default:
      return time_point{since_boot};
    }
  }

  static time_point begin_of(time_point now, duration part, int parts, time_point start) {
    const auto cut = now.time_since_epoch() - now.time_since_epoch() % part - parts * part;
    return std::max(start, time_point{cut});
  }

  static void compare(const availability_tracker& it, const naive_tracker& model, time_point now) {
    const auto of = [&](duration part, int parts) {
      return model.between(begin_of(now, part, parts, model.start()), now);
    };
    ASSERT_EQ(it.over(window::start, now), model.between(model.start(), now));
    ASSERT_EQ(it.over(window::minute, now), of(1s, 60));
    ASSERT_EQ(it.over(window::hour, now), of(1min, 60));
    ASSERT_EQ(it.over(window::day, now), of(15min, 96));
  }

  std::uint64_t seed_ = test::seed_of_this_run();
  std::mt19937_64 random_{seed_};
};

TEST_F(AvailabilityProperty, CountsAsAModelThatKeepsEveryInterval) {
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed_));
  for (int run = 0; run < 100; ++run) {
    time_point now = begin + any_duration();
    const condition first = any_condition();
    availability_tracker it{first, now};
    naive_tracker model{first, now};
    for (int step = 0; step < 200; ++step) {
      now = any_time_after(now);
      const condition next = any_condition();
      it.set(next, now);
      model.set(next, now);
      if (step % 3 == 0)
        now = any_time_after(now);
      compare(it, model, now);
      if (HasFatalFailure())
        return;
    }
  }
}

TEST_F(AvailabilityProperty, KeepsABoundedHistoryHoweverOftenItChanges) {
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed_));
  window_history it{1s, 60, is::serving, begin};
  time_point now = begin;
  for (int step = 0; step < 20'000; ++step) {
    now += std::chrono::nanoseconds{random_() % 100'000'000};
    it.change(step % 2 == 0 ? is::failed : is::serving, now, {});
    ASSERT_LE(it.records(), 61u);
  }
  EXPECT_GE(it.records(), 60u) << "it has been busy enough to prove something";
}

} // namespace
} // namespace ducat::monitor
