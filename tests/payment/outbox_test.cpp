/// What is kept of events: the newest, within limits, and a cursor never skips one in silence.

#include <ducat/ledger/history.hpp>
#include <ducat/payment/outbox.hpp>

#include <gmock/gmock.h>

#include <map>
#include <string>

namespace ducat::payment {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

event_record event_at(std::uint64_t index, std::uint64_t at_ns = 0) {
  return {.place = {index, 1}, .seq = 1, .at = {at_ns}};
}

/// What a store would have.
class rows {
public:
  void take(outbox& from) {
    for (ledger::kept_row& each : from.take_changed_rows())
      rows_[each.key] = each.value;
  }

  outbox restored(outbox_limits limits) const {
    outbox made{limits};
    for (const auto& [key, value] : rows_)
      EXPECT_TRUE(made.restore(key, value)) << key;
    return made;
  }

  const std::map<std::string, std::string>& all() const { return rows_; }

private:
  std::map<std::string, std::string> rows_;
};

std::vector<std::uint64_t> indexes(const outbox& of) {
  std::vector<std::uint64_t> all;
  for (std::size_t i = 0; i < of.size(); ++i)
    all.push_back(of[i].place.index);
  return all;
}

TEST(Outbox, ForgetsTheOldestWhenThereAreTooManyAndSaysThatThereIsAGap) {
  outbox events{{.events = 3}};
  for (std::uint64_t i = 1; i <= 5; ++i)
    events.add(event_at(i));
  EXPECT_EQ(events.size(), 3u);
  EXPECT_TRUE(events.has_gap_after({1, 1}));
  EXPECT_FALSE(events.has_gap_after({2, 1})); // 3 is the next one, and is there.
  EXPECT_EQ(events.first_after({3, 1}), 1u);
  EXPECT_EQ(events.find({2, 1}), nullptr);
}

TEST(Outbox, ForgetsWhatIsTooOldByTheClockOfTheLog) {
  outbox events{{.age_ns = 100}};
  events.add(event_at(1, 0));
  events.add(event_at(2, 90));
  EXPECT_EQ(events.size(), 2u);
  events.add(event_at(3, 101));
  EXPECT_EQ(indexes(events), (std::vector<std::uint64_t>{2, 3}));
}

TEST(Outbox, NumbersTheEventsOfAnEntryFromOne) {
  outbox events;
  EXPECT_EQ(events.next_place(7), (event_place{7, 1}));
  events.add(event_at(7));
  EXPECT_EQ(events.next_place(7), (event_place{7, 2}));
  EXPECT_EQ(events.next_place(8), (event_place{8, 1}));
}

TEST(Outbox, ComesBackFromItsRowsHoweverOftenTheyWereTaken) {
  const outbox_limits limits{.events = 700};
  outbox events{limits};
  rows kept;
  for (std::uint64_t i = 1; i <= 3'000; ++i) {
    events.add(event_at(i));
    if (i % 97 == 0)
      kept.take(events);
    if (i % 500 == 0) {
      kept.take(events);
      const outbox again = kept.restored(limits);
      EXPECT_EQ(indexes(again), indexes(events)) << i;
      EXPECT_EQ(again.newest(), events.newest());
      EXPECT_EQ(again.has_gap_after({i - 700, 1}), events.has_gap_after({i - 700, 1}));
    }
  }
}

TEST(Outbox, GoesOnAfterItCameBack) {
  const outbox_limits limits{.events = 300};
  outbox events{limits};
  rows kept;
  for (std::uint64_t i = 1; i <= 2'000; ++i) {
    events.add(event_at(i));
    if (i % 130 != 0)
      continue;
    kept.take(events);
    events = kept.restored(limits);
  }
  EXPECT_EQ(events.size(), 300u);
  std::size_t full = 0;
  for (const auto& [key, value] : kept.all())
    full += value.empty() ? 0 : 1;
  EXPECT_LE(full, 4u); // Blocks that are not kept are empty.
}

TEST(Outbox, RowsThatHaveNotChangedAreNotTakenAgain) {
  outbox events;
  events.add(event_at(1));
  EXPECT_THAT(events.take_changed_rows(), SizeIs(2));
  EXPECT_THAT(events.take_changed_rows(), IsEmpty());
}

TEST(Outbox, ADamagedRowIsRefused) {
  outbox events;
  EXPECT_FALSE(events.restore("e/0000000000000000", "\xFF"));
  EXPECT_FALSE(events.restore("outbox", "\xFF"));
  EXPECT_FALSE(events.restore("other", ""));
}

// A state of before there were events: nothing is known of what was then.
TEST(Outbox, ThatBeginsLaterHasAGapBefore) {
  outbox events;
  events.begin_after({10, event_number_max});
  EXPECT_TRUE(events.has_gap_after({10, 1}));
  events.add(event_at(11));
  EXPECT_FALSE(events.has_gap_after({11, 1}));
}

} // namespace
} // namespace ducat::payment
