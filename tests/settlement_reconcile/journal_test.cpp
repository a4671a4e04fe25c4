#include "acquirer/book.hpp"
#include "altered_journal.hpp"

#include <ducat/settlement/acquirer_journal.hpp>

#include <gmock/gmock.h>

#include <random>
#include <sstream>

namespace ducat::settlement::testing {

namespace {

struct journal_read {
  journal_contents contents;
  std::vector<reconciliation_item> items;
};

result<journal_read> read_text(const std::string& text) {
  std::istringstream from{text};
  journal_read read;
  auto contents = read_journal(from, {.acquirer = "north", .business_date = utc_date},
                               [&](const reconciliation_item& item) -> result<void> {
                                 read.items.push_back(item);
                                 return {};
                               });
  if (!contents)
    return tl::unexpected(contents.error());
  read.contents = std::move(*contents);
  return read;
}

/// Reads what was just written, which is whole.
journal_read read_all(const altered_journal& from) {
  auto read = read_text(from.text());
  EXPECT_TRUE(read) << read.error();
  return read.value_or(journal_read{});
}

journal_tally tally_of(const acquirer::tally& from) {
  return {from.count, from.amount_minor};
}

/// What the acquirer itself counts.
journal_totals totals_of(const acquirer::totals& from) {
  return {.debits = tally_of(from.debits),
          .debit_reversals = tally_of(from.debit_reversals),
          .credits = tally_of(from.credits),
          .credit_reversals = tally_of(from.credit_reversals)};
}

} // namespace

TEST(AcquirerJournalItems, AreTheMoneyThatMovedAndWasNotReversed) {
  altered_journal journal;
  const auto kept = journal.pay(1'000);
  const auto reversed = journal.pay(2'000);
  const auto refund = journal.pay(300, true);
  journal.drop(journal.pay(4'000));
  journal.reverse(reversed);
  journal.set_fee(kept, 12);
  const journal_read read = read_all(journal);
  EXPECT_THAT(read.items,
              ::testing::ElementsAre(reconciliation_item{.reference = journal.reference(kept),
                                                         .batch = "north-20261129-978",
                                                         .amount = 1'000,
                                                         .currency = 978,
                                                         .fee = 12,
                                                         .business_date = that_day},
                                     reconciliation_item{.reference = journal.reference(refund),
                                                         .batch = "north-20261129-978",
                                                         .amount = -300,
                                                         .currency = 978,
                                                         .business_date = that_day}));
  EXPECT_EQ(read.contents.items, 2u);
  EXPECT_EQ(net_of(read.contents.totals.at({"TERM0001", "978"})), 700);
}

// An authorisation moves no money; its advice does, and a second advice about it does not.
TEST(AcquirerJournalItems, AreAdvicesOnlyIfTheMoneyHasNotMovedYet) {
  altered_journal journal;
  const auto authorised = journal.pay(1'000);
  auto effects = journal.effects();
  effects[0].kind = acquirer::effect_kind::authorised;
  effects[0].mti = "0100";
  effects[0].key.kind = '1';
  const auto advise = [&](std::uint64_t about, const char* stan) {
    acquirer::effect made = journal.effects()[authorised];
    made.sequence = effects.size() + 1;
    made.kind = acquirer::effect_kind::advice;
    made.mti = "0220";
    made.key.stan = stan;
    made.original = about;
    made.original_key = effects[about - 1].key;
    effects.push_back(made);
  };
  advise(1, "000007");
  advise(2, "000008");
  std::string text;
  for (const acquirer::effect& each : effects)
    text += acquirer::line_of(each) + "\n";
  const auto read = read_text(text);
  ASSERT_TRUE(read) << read.error();
  ASSERT_EQ(read->items.size(), 1u);
  EXPECT_EQ(read->items[0].reference, effects[0].rrn + "/000007");
}

// 0500: what we count from the journal is what the acquirer counts.
TEST(AcquirerJournalTotals, AreThoseOfTheAcquirer) {
  const char* given = std::getenv("DUCAT_SEED");
  const std::uint64_t seed = given == nullptr ? 20'261'129 : std::strtoull(given, nullptr, 10);
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  altered_journal journal;
  std::vector<std::size_t> standing;
  for (int step = 0; step < 500; ++step) {
    const std::uint64_t chance = random() % 100;
    if (chance < 70 || standing.empty()) {
      standing.push_back(journal.pay(static_cast<std::int64_t>(random() % 10'000), chance < 15));
    } else if (chance < 98) {
      const std::size_t which = random() % standing.size();
      journal.reverse(standing[which]);
      standing.erase(standing.begin() + static_cast<std::ptrdiff_t>(which));
    } else {
      journal.reconcile();
    }
  }
  journal.pay(1);
  acquirer::book book;
  for (const acquirer::effect& each : journal.effects())
    book.apply(each);
  const journal_read read = read_all(journal);
  EXPECT_EQ(read.contents.totals_of_period.at({"TERM0001", "978"}),
            totals_of(book.totals_of("TERM0001", "978")));
  std::int64_t net = 0;
  for (const reconciliation_item& each : read.items)
    net += each.amount;
  EXPECT_EQ(net_of(read.contents.totals.at({"TERM0001", "978"})), net);
}

TEST(AcquirerJournalItems, AreNotReadFromADamagedJournal) {
  altered_journal journal;
  journal.pay(1'000);
  journal.pay(2'000);
  const std::string whole = journal.text();
  std::string text = whole;
  text.replace(text.find("\"amount\":2000"), 13, "\"amount\":3000");
  const auto damaged = read_text(text);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, errc::corrupt);
  EXPECT_THAT(damaged.error().message, ::testing::StartsWith("line 2"));
  const auto gap = read_text(whole.substr(whole.find('\n') + 1));
  ASSERT_FALSE(gap);
  EXPECT_EQ(gap.error().code, errc::corrupt);
}

TEST(AcquirerJournalItems, EndBeforeALineWithoutAnEnd) {
  altered_journal journal;
  journal.pay(1'000);
  journal.pay(2'000);
  const std::string text = journal.text();
  const auto read = read_text(text.substr(0, text.size() - 1));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->items.size(), 1u);
}

TEST(UtcDate, EndsAtMidnight) {
  EXPECT_EQ(utc_date(noon_ms), that_day);
  EXPECT_EQ(utc_date(noon_ms + day_ms / 2 - 1), that_day);
  EXPECT_EQ(utc_date(noon_ms + day_ms / 2), that_day + 1);
  EXPECT_EQ(utc_date(0), 19'700'101u);
}

} // namespace ducat::settlement::testing
