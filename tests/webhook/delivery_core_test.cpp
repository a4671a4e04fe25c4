/// What is delivered when, on virtual time.

#include "webhook/delivery_core.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

namespace ducat::webhook {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

event_place at(std::uint64_t index) {
  return {index, 1};
}

class Deliveries : public ::testing::Test {
protected:
  explicit Deliveries(delivery_rules rules = {}) : core{std::move(rules)} {}

  void take(std::uint64_t index, const std::string& payment) {
    core.take(at(index), {payment, "body"});
  }

  std::vector<std::uint64_t> due() {
    std::vector<std::uint64_t> indexes;
    for (const event_place& each : core.begin_due({now}))
      indexes.push_back(each.index);
    return indexes;
  }

  void answer(std::uint64_t index, std::uint32_t status, std::uint64_t retry_after_s = 0) {
    core.heard(at(index), {.status = status, .problem = "p", .retry_after_s = retry_after_s},
               {now});
  }

  std::uint64_t now = 1'000 * hour_ns;
  delivery_core core;
};

TEST_F(Deliveries, GoOutInParallelForDifferentPayments) {
  take(1, "a");
  take(2, "b");
  EXPECT_THAT(due(), ElementsAre(1, 2));
  EXPECT_THAT(due(), IsEmpty()); // They are under way.
}

TEST_F(Deliveries, OfOnePaymentGoOutOneAfterTheOther) {
  take(1, "a");
  take(2, "a");
  EXPECT_THAT(due(), ElementsAre(1));
  answer(1, 500);
  EXPECT_THAT(due(), IsEmpty()); // 2 waits for 1, which waits for its time.
  now += 5 * second_ns;
  EXPECT_THAT(due(), ElementsAre(1));
  answer(1, 200);
  EXPECT_THAT(due(), ElementsAre(2));
}

// Section 8 of the rules: immediate, 5 s, 5 m, 30 m, 2 h, 5 h, 10 h …, within three days.
TEST_F(Deliveries, AreTriedOnTheScheduleAndAreDeadAfterTheLastTry) {
  take(1, "a");
  const std::uint64_t begin = now;
  for (const std::uint64_t wait : delivery_rules{}.schedule_ns) {
    now += wait - std::min<std::uint64_t>(wait, 1);
    if (wait != 0) {
      EXPECT_THAT(due(), IsEmpty()) << wait;
    }
    now += std::min<std::uint64_t>(wait, 1);
    // A breaker that was opened by this very event lets it pass when its time has come.
    if (now < core.paused_until().nanoseconds)
      now = core.paused_until().nanoseconds;
    ASSERT_THAT(due(), ElementsAre(1)) << wait;
    answer(1, 500);
  }
  EXPECT_LE(now - begin, 72 * hour_ns);
  now += 100 * hour_ns;
  EXPECT_THAT(due(), IsEmpty());
  const auto batch = core.take_notes();
  ASSERT_THAT(batch->notes, SizeIs(1));
  EXPECT_EQ(batch->notes[0].what, delivery_note::kind::dead);
  EXPECT_EQ(batch->notes[0].attempts, 12u);
  EXPECT_EQ(batch->notes[0].status, 500u);
}

TEST_F(Deliveries, TheNextEventOfAPaymentGoesOutWhenTheOneBeforeIsDead) {
  core = delivery_core{{.schedule_ns = {0}}};
  take(1, "a");
  take(2, "a");
  due();
  answer(1, 500);
  EXPECT_THAT(due(), ElementsAre(2));
}

TEST_F(Deliveries, WaitAsLongAsTheEndpointAsksForButNoLongerThanADay) {
  take(1, "a");
  take(2, "b");
  due();
  answer(1, 503, 60);
  answer(2, 503, 1'000'000);
  now += 59 * second_ns;
  EXPECT_THAT(due(), IsEmpty());
  now += second_ns;
  EXPECT_THAT(due(), ElementsAre(1));
  now += 24 * hour_ns;
  EXPECT_THAT(due(), ElementsAre(2));
}

TEST_F(Deliveries, RedirectsAndRefusalsAreFailures) {
  take(1, "a");
  due();
  answer(1, 302);
  EXPECT_EQ(core.take_notes()->notes[0].what, delivery_note::kind::open);
}

TEST_F(Deliveries, OnlySoManyAreUnderWayAndOnlySoManyAreTaken) {
  core = delivery_core{{.window = 3, .under_way_max = 2}};
  EXPECT_EQ(core.room(), 3u);
  for (std::uint64_t i = 1; i <= 3; ++i)
    take(i, std::to_string(i));
  EXPECT_EQ(core.room(), 0u);
  EXPECT_THAT(due(), ElementsAre(1, 2));
  answer(1, 200);
  EXPECT_EQ(core.room(), 0u); // Until it is noted.
  core.take_notes();
  EXPECT_EQ(core.room(), 1u);
  EXPECT_THAT(due(), ElementsAre(3));
}

// The breaker ------------------------------------------------------------------------------------

TEST_F(Deliveries, AreHeldBackWhileTheEndpointIsDownAndOneFindsOutWhetherItStillIs) {
  for (std::uint64_t i = 1; i <= 8; ++i)
    take(i, std::to_string(i));
  EXPECT_THAT(due(), SizeIs(8));
  for (std::uint64_t i = 1; i <= 8; ++i)
    answer(i, 0);
  now += 29 * second_ns;
  EXPECT_THAT(due(), IsEmpty());
  now += second_ns;
  EXPECT_THAT(due(), ElementsAre(1)); // The probe.
  answer(1, 0);
  now += 59 * second_ns;
  EXPECT_THAT(due(), IsEmpty()); // Twice as long.
  now += second_ns;
  EXPECT_THAT(due(), ElementsAre(2));
  answer(2, 200);
  EXPECT_THAT(due(), ElementsAre(3, 4, 5, 6, 7, 8)); // It is back; 1 waits for its time.
}

TEST_F(Deliveries, ThePauseOfTheBreakerGrowsToFiveMinutes) {
  for (std::uint64_t i = 1; i <= 200; ++i)
    take(i, std::to_string(i));
  for (int i = 0; i < 30; ++i) {
    for (const std::uint64_t each : due())
      answer(each, 0);
    EXPECT_LE(core.paused_until().nanoseconds, now + 5 * minute_ns);
    now = std::max(now, core.paused_until().nanoseconds);
  }
}

TEST_F(Deliveries, AnEndpointThatIsGoneIsToBeDisabledAndGetsNothingMore) {
  take(1, "a");
  take(2, "b");
  due();
  answer(1, 410);
  now += hour_ns;
  EXPECT_THAT(due(), IsEmpty());
  EXPECT_EQ(core.take_notes()->disable_reason, "it answered 410 Gone");
}

// Notes ------------------------------------------------------------------------------------------

TEST_F(Deliveries, AreNotedManyAtATimeAndTheCursorWaitsForWhatWasNeverTried) {
  take(1, "a");
  take(2, "b");
  take(3, "c");
  core.skip_to(at(9));
  due();
  answer(1, 200);
  answer(3, 200);
  auto batch = core.take_notes();
  EXPECT_LT(batch->cursor, at(2));
  EXPECT_THAT(batch->notes, SizeIs(1));
  EXPECT_EQ(batch->after, 0u);
  EXPECT_FALSE(core.take_notes()); // One at a time.
  core.noted();
  answer(2, 500);
  batch = core.take_notes();
  EXPECT_EQ(batch->after, 1u);
  EXPECT_EQ(batch->cursor, at(9));
  ASSERT_THAT(batch->notes, SizeIs(2));
  EXPECT_EQ(batch->notes[0].what, delivery_note::kind::open);
  EXPECT_EQ(batch->notes[1].what, delivery_note::kind::delivered);
  core.noted();
  EXPECT_FALSE(core.take_notes());
}

// Else a payment whose event fails for days would have everything after it delivered again.
TEST_F(Deliveries, TheCursorPassesWhatWaitsForAnEventThatFails) {
  take(1, "a");
  take(2, "a");
  take(3, "b");
  take(4, "c");
  EXPECT_THAT(due(), ElementsAre(1, 3, 4));
  answer(1, 500);
  answer(3, 200);
  const auto batch = core.take_notes();
  EXPECT_EQ(batch->cursor, (event_place{3, payment::event_number_max}));
  ASSERT_THAT(batch->notes, SizeIs(3));
  EXPECT_EQ(batch->notes[1].event, at(2));
  EXPECT_EQ(batch->notes[1].what, delivery_note::kind::open);
  EXPECT_EQ(batch->notes[1].attempts, 0u);
  core.noted();
  answer(4, 200);
  EXPECT_THAT(core.take_notes()->notes, SizeIs(1)); // 2 is not noted again.
}

TEST_F(Deliveries, WhatWasDeliveredTakesRoomUntilItIsNoted) {
  core = delivery_core{{.window = 3}};
  take(1, "a");
  take(2, "b");
  due();
  answer(2, 200);
  EXPECT_EQ(core.room(), 1u);
  answer(1, 500);
  EXPECT_EQ(core.room(), 1u);
  core.take_notes();
  EXPECT_EQ(core.room(), 2u);
}

TEST_F(Deliveries, GoOnAfterARestartWithWhatTheLogSays) {
  core.begin({.revision = 2,
              .cursor = at(5),
              .open = {{.event = at(2), .attempts = 3, .next_at = {now + 7}}, {.event = at(4)}}});
  EXPECT_EQ(core.taken(), at(5));
  EXPECT_THAT(core.missing(10), ElementsAre(at(2), at(4)));
  EXPECT_THAT(due(), IsEmpty()); // Nobody knows yet of which payments they are.
  core.provide(at(2), {"a", ""});
  core.provide(at(4), {"a", ""});
  take(6, "b");
  EXPECT_THAT(due(), ElementsAre(6));
  now += 7;
  EXPECT_THAT(due(), ElementsAre(2));
  answer(2, 200);
  EXPECT_THAT(due(), ElementsAre(4));
}

TEST_F(Deliveries, AnEventThatIsNotKeptAnyMoreIsDead) {
  core.begin({.cursor = at(5), .open = {{.event = at(2)}}});
  core.give_up(at(2), "gone");
  EXPECT_EQ(core.take_notes()->notes.at(0).what, delivery_note::kind::dead);
}

TEST_F(Deliveries, AReplaySinceATimeTakesNoOpenEventTwice) {
  core.begin({.open = {{.event = at(2)}}});
  take(1, "a");
  take(2, "a");
  take(3, "a");
  EXPECT_THAT(core.missing(10), IsEmpty());
  EXPECT_THAT(due(), ElementsAre(1));
}

TEST_F(Deliveries, AnAnswerOfBeforeTheReplayCountsForNothing) {
  take(1, "a");
  due();
  core.begin({.revision = 2, .open = {{.event = at(1)}}});
  answer(1, 200);
  EXPECT_EQ(core.missing(1).size(), 1u);
}

/// A log with one endpoint, which keeps what batches say, as the machine does.
class endpoint_log {
public:
  standing now() const {
    standing found{.cursor = cursor_};
    for (const auto& [place, note] : open_)
      found.open.push_back({place, note.attempts, note.next_at});
    return found;
  }

  void write(const note_batch& batch) {
    ASSERT_EQ(batch.from, cursor_);
    cursor_ = batch.cursor;
    for (const delivery_note& each : batch.notes) {
      open_.erase(each.event);
      if (each.what == delivery_note::kind::open)
        open_[each.event] = each;
    }
  }

private:
  event_place cursor_;
  std::map<event_place, delivery_note> open_;
};

// Whatever the endpoint answers and whenever the deliverer dies: every event arrives, at least
// once, and those of a payment for the first time in their order.
TEST(DeliveriesAtRandom, ArriveAtLeastOnceAndInOrder) {
  const char* given = std::getenv("DUCAT_SEED");
  const std::uint64_t seed = given == nullptr ? 20261129 : std::strtoull(given, nullptr, 10);
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  const auto pick = [&](std::uint64_t below) { return random() % below; };
  constexpr std::uint64_t events = 600;
  std::vector<std::string> payment_of(events + 1);
  for (std::string& each : payment_of)
    each = std::to_string(pick(20));
  endpoint_log log;
  std::map<std::string, std::vector<std::uint64_t>> arrived;
  std::vector<bool> seen(events + 1);
  std::uint64_t now = hour_ns;
  delivery_core core{{.window = 40}};
  std::vector<event_place> under_way;
  const auto is_done = [&] { return std::count(seen.begin(), seen.end(), true) == events; };
  for (int step = 0; step < 200'000 && !is_done(); ++step) {
    now += pick(20) * second_ns;
    for (const event_place& each : core.missing(5))
      core.provide(each, {payment_of[each.index], ""});
    while (core.room() != 0 && core.taken().index < events) {
      const std::uint64_t next = core.taken().index + 1;
      core.take(at(next), {payment_of[next], ""});
    }
    for (const event_place& each : core.begin_due({now}))
      under_way.push_back(each);
    while (!under_way.empty() && pick(4) != 0) {
      const std::size_t which = pick(under_way.size());
      const event_place event = under_way[which];
      under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(which));
      const bool takes = pick(5) != 0;
      if (takes && !seen[event.index]) {
        seen[event.index] = true;
        arrived[payment_of[event.index]].push_back(event.index);
      }
      const bool is_heard = pick(10) != 0; // Else it arrived and nobody knows.
      core.heard(event, {.status = takes && is_heard ? 200U : 0U}, {now});
    }
    if (pick(3) == 0)
      if (const auto batch = core.take_notes()) {
        log.write(*batch);
        core.noted();
      }
    if (pick(50) == 0) { // The actor dies.
      core.begin(log.now());
      under_way.clear();
    }
  }
  EXPECT_TRUE(is_done());
  for (const auto& [payment, order] : arrived)
    EXPECT_TRUE(std::ranges::is_sorted(order)) << payment;
}

} // namespace
} // namespace ducat::webhook
