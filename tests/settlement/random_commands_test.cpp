/// Whatever settlement is told, in whatever order, the machine goes on, and no money is made or
/// lost. A command that check() lets pass and that cannot be applied would end every node.

#include "log_follower.hpp"
#include "odd_commands.hpp"
#include "settlement_world.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <set>

namespace ducat::settlement::test {
namespace {

constexpr int commands_each = 3'000;
constexpr int months = 6;

/// A world with a currency besides and with participants.
struct odd_world : settlement_world {
  odd_world() {
    open("usd", "USD", true);
    participant("north", {"world"}, 0, 1'000'000);
    participant("south", {"books"}, 0, 1'000'000);
    (void)settle(charging(merchant("books"), 250, 10));
  }

  /// The sum of all balances in EUR.
  std::int64_t sum() const {
    std::int64_t all = 0;
    v1::Question question;
    question.mutable_accounts()->set_limit(100);
    for (;;) {
      const v1::Outcome page = ask(question);
      for (const v1::Account& each : page.accounts().data())
        all += each.currency() == "EUR" ? each.balance() : 0;
      if (!page.accounts().has_more())
        return all;
      question.mutable_accounts()->set_starting_after(page.accounts().data().rbegin()->id());
    }
  }

  std::int64_t open_in_suspense() const {
    v1::Question question;
    question.mutable_settlement_exceptions()->set_only_open(true);
    question.mutable_settlement_exceptions()->set_limit(1'000);
    const v1::Outcome told = ask(question);
    std::int64_t all = 0;
    for (const v1::SettlementException& each : told.settlement_exceptions().data())
      for (const v1::SettlementSuspense& held : each.suspense())
        all += held.currency() == "EUR" ? held.amount() : 0;
    return all;
  }

  std::int64_t paid_out() const {
    v1::SettlementQuestion question;
    question.mutable_batches()->set_currency("EUR");
    const v1::SettlementAnswer told = ask_settlement(question);
    std::int64_t all = 0;
    for (const v1::PayoutBatch& each : told.batches().data())
      all += each.paid().amount();
    return all;
  }

  bool holds_together() const {
    EXPECT_EQ(sum(), 0);
    EXPECT_EQ(balance("settlement.hub.EUR"), 0);
    EXPECT_EQ(balance("settlement.suspense.EUR"), open_in_suspense());
    EXPECT_EQ(balance("settlement.bank.EUR"), paid_out());
    EXPECT_GE(balance("north.settlement"), 0);
    EXPECT_GE(balance("south.settlement"), 0);
    return !::testing::Test::HasFailure();
  }
};

/// Takes a payment to its end; tells of what there is now.
void follow(odd_world& w, odd_commands& commands, const v1::Outcome& outcome) {
  if (outcome.has_payment() && outcome.payment().state() == v1::Payment::CREATED) {
    w.authorize(outcome.payment().id());
    w.capture(outcome.payment().id(), "");
    commands.know_payment(outcome.payment().id());
  }
  for (const v1::SettlementException& each : outcome.settlement_exceptions().data())
    commands.know_exception(each.id());
}

/// Takes what is under way one step on, as the actor does.
void go_on(odd_world& w) {
  v1::SettlementQuestion question;
  question.mutable_settlements()->set_only_open(true);
  const v1::SettlementAnswer open = w.ask_settlement(question);
  for (const v1::Settlement& each : open.settlements().data())
    w.advance(each.id(), each.step());
  question.mutable_windows()->set_limit(100);
  const v1::ListWindowsReply windows = w.ask_settlement(question).windows();
  if (windows.data().size() < 12)
    w.cut(windows.data(0).number(), windows.data(0).business_date());
  for (const v1::Window& each : windows.data())
    if (each.state() == v1::Window::CLOSED || each.state() == v1::Window::ABORTED)
      w.start(each.number(), each.number());
}

/// Notes the kinds of settlement's and of exceptions' commands that are in the log.
void note_kinds(const std::vector<std::string>& log, std::set<std::string>& into) {
  v1::Command command;
  for (const std::string& each : log) {
    EXPECT_TRUE(command.ParseFromString(each));
    if (command.has_settlement())
      into.insert("settlement " + std::to_string(command.settlement().kind_case()));
    if (command.has_settlement_exception())
      into.insert("exception " + std::to_string(command.settlement_exception().kind_case()));
  }
}

TEST(RandomCommands, NeitherStopTheMachineNorMakeOrLoseMoney) {
  const std::uint64_t seed = seed_of_this_run();
  std::cerr << "DUCAT_SEED=" << seed << '\n'; // The machine may end the process.
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  draw from{seed};
  std::set<std::string> kinds;
  for (int month = 0; month < months; ++month) {
    odd_world w;
    odd_commands commands{from};
    log_follower follower{{.records = 200, .entries = 1'000'000}};
    std::size_t applied = 0;
    for (int i = 0; i < commands_each; ++i) {
      const v1::Command command = commands.next();
      const std::size_t before = w.log().size();
      follow(w, commands, w.run(command));
      applied += w.log().size() - before;
      (void)w.ask_settlement(commands.next_question());
      if (from.small(1, 20) == 1)
        go_on(w);
      follower.follow(w.log());
      if (from.small(1, 1'000) == 1)
        follower.crash();
      if (i % 50 == 0 && !w.holds_together())
        FAIL() << "after " << i << ", of month " << month << ": " << command.ShortDebugString();
    }
    EXPECT_GT(applied, static_cast<std::size_t>(commands_each / 10)) << "most were refused";
    note_kinds(w.log(), kinds);
    follower.follow(w.log());
    EXPECT_EQ(follower.state_digest(), w.state_digest()) << "kept, and begun again";
  }
  EXPECT_GE(kinds.size(), 16u) << "of 14 and 4: nearly each had an effect";
}

} // namespace
} // namespace ducat::settlement::test
