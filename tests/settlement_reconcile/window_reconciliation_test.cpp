/// A window against an acquirer's journal and a bank's statement, without a node.

#include "altered_journal.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/settlement/window_reconciliation.hpp>

#include <gmock/gmock.h>

#include <sstream>
#include <string>
#include <vector>

namespace ducat::settlement::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::uint64_t own_window = 3;

/// Our side of what a journal has.
v1::Member member(const std::string& reference, std::int64_t amount,
                  std::uint64_t window = own_window) {
  v1::Member made;
  made.set_kind(amount < 0 ? v1::Member::REFUND : v1::Member::CAPTURE);
  made.set_amount(amount < 0 ? -amount : amount);
  made.set_business_date(that_day);
  made.set_window(window);
  made.set_acquirer("north");
  made.set_rrn(reference.substr(0, reference.find('/')));
  made.set_stan(static_cast<std::uint32_t>(std::stoul(reference.substr(reference.find('/') + 1))));
  return made;
}

class WindowReconciliation : public ::testing::Test {
protected:
  window_options options() const {
    return {.currency = "EUR",
            .scope = {.window = own_window,
                      .dates = {.after = that_day - 1, .through = that_day},
                      .others = {2, 4}},
            .acquirer = "north",
            .has_bank = !bank_.empty(),
            .directory = directory_.path()};
  }

  /// Compares what there is; returns "CLASS REFERENCE WINDOW" of what is to be opened.
  std::vector<std::string> compare() { return compare(options()); }

  std::vector<std::string> compare(const window_options& with) {
    window_reconciliation made{with};
    for (const v1::SettlementException& each : known_)
      EXPECT_TRUE(made.add_known(each));
    for (const v1::Member& each : members_)
      EXPECT_TRUE(made.add_member(each));
    std::istringstream journal{journal_.text()};
    EXPECT_TRUE(made.add_journal(journal));
    if (!bank_.empty()) {
      EXPECT_TRUE(made.add_bank(iso20022::source_of(bank_)));
    }
    auto report = made.finish();
    EXPECT_TRUE(report) << report.error();
    report_ = report.value_or(window_report{});
    std::vector<std::string> found;
    for (const new_exception& each : report_.to_open)
      found.push_back(v1::SettlementDifference::Class_Name(each.difference.what()) + " " +
                      each.difference.reference() + " " + std::to_string(each.difference.window()));
    return found;
  }

  /// What was to be opened is open now, by that rule.
  void open_all(v1::SettlementExceptionRule rule = v1::UNTIL_SEEN) {
    for (const new_exception& each : report_.to_open) {
      v1::SettlementException& made = known_.emplace_back();
      made.set_id(each.id);
      made.set_currency("EUR");
      made.set_rule(rule);
      *made.mutable_difference() = each.difference;
    }
  }

  std::vector<std::string> seen() const {
    std::vector<std::string> all;
    for (const v1::SettlementException& each : report_.seen)
      all.push_back(each.difference().reference());
    return all;
  }

  std::size_t both_have(std::int64_t amount) {
    const std::size_t place = journal_.pay(amount < 0 ? -amount : amount, amount < 0);
    members_.push_back(member(journal_.reference(place), amount));
    return place;
  }

  ducat::testing::temporary_directory directory_;
  altered_journal journal_;
  std::vector<v1::Member> members_;
  std::vector<v1::SettlementException> known_;
  std::string bank_;
  window_report report_;
};

TEST_F(WindowReconciliation, FindsNothingWhereAllAgree) {
  both_have(1'000);
  both_have(-300);
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_EQ(report_.members.compared, 2u);
  EXPECT_EQ(report_.net, 700);
}

TEST_F(WindowReconciliation, CountsWhatNoAcquirerKnows) {
  const std::string reference = "000000000001/000001";
  members_.push_back(member(reference, 1));
  members_.back().set_acquirer("south");
  members_.push_back(member(reference, 2));
  members_.back().clear_acquirer();
  members_.push_back(member(reference, 4));
  members_.back().clear_stan();
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_EQ(report_.members, (member_counts{.other_acquirer = 1, .no_card = 1, .no_number = 1}));
  EXPECT_EQ(report_.net, 7) << "all of the window";
}

TEST_F(WindowReconciliation, ComparesFeesIfTheyAreAgreed) {
  journal_.set_fee(both_have(10'000), 120);
  EXPECT_THAT(compare(), IsEmpty());
  window_options with = options();
  with.agreed_fee = fee_rule{.tiers = {{.basis_points = 110, .fixed = 10}}};
  EXPECT_THAT(compare(with), IsEmpty());
  with.agreed_fee->tiers[0].fixed = 9;
  EXPECT_THAT(compare(with), ElementsAre("FEE 000000100000/100000 3"));
}

// Without what was agreed nothing can be said of fees, and nothing is seen of them.
TEST_F(WindowReconciliation, LeavesAFeeThatDiffersUntilItIsComparedAgain) {
  window_options with = options();
  with.agreed_fee = fee_rule{.tiers = {{.fixed = 10}}};
  const std::size_t place = both_have(10'000);
  journal_.set_fee(place, 12);
  EXPECT_EQ(compare(with).size(), 1u);
  open_all();
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_THAT(seen(), IsEmpty());
  journal_.set_fee(place, 10);
  EXPECT_THAT(compare(with), IsEmpty());
  EXPECT_THAT(seen(), ElementsAre(journal_.reference(place)));
}

// Where a day ends one side has on the next day what the other has on this one.
TEST_F(WindowReconciliation, LeavesItemsOfOtherWindowsToThem) {
  const std::size_t next = journal_.pay(500);
  members_.push_back(member(journal_.reference(next), 500, 4));
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_EQ(report_.members.compared, 0u);
}

TEST_F(WindowReconciliation, IsOnlyOfItsDates) {
  journal_.delay(journal_.pay(500), 1);
  journal_.delay(journal_.pay(500), -1);
  EXPECT_THAT(compare(), IsEmpty());
  const std::size_t unknown = journal_.pay(500);
  EXPECT_THAT(compare(), ElementsAre("MISSING_INTERNAL " + journal_.reference(unknown) + " 3"));
}

TEST_F(WindowReconciliation, IsOnlyOfItsCurrency) {
  journal_.set_currency(journal_.pay(500), "840");
  EXPECT_THAT(compare(), IsEmpty());
  journal_.set_currency(both_have(500), "840");
  EXPECT_THAT(compare(), ElementsAre("CURRENCY 000000100001/100001 3"));
}

TEST_F(WindowReconciliation, FindsTheSameOnceMoreAndOpensNothing) {
  journal_.drop(both_have(500));
  EXPECT_EQ(compare().size(), 1u);
  open_all();
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_EQ(report_.known, 1u);
  known_[0].set_how(v1::WRITE_OFF);
  EXPECT_THAT(compare(), IsEmpty()) << "somebody has disposed of it";
}

// While the journal does not reach its day it is late, and missing from then on: one exception.
TEST_F(WindowReconciliation, OpensWhatIsLateAndThenMissingOnce) {
  journal_.drop(both_have(500));
  window_options with = options();
  with.acquirer_through = that_day - 1;
  EXPECT_THAT(compare(with), ElementsAre("LATE 000000100000/100000 3"));
  open_all();
  EXPECT_THAT(compare(), IsEmpty());
}

class Carried : public WindowReconciliation {
protected:
  /// A capture of the window before that the acquirer did not have then.
  void SetUp() override {
    members_.push_back(member("000000000009/000009", 500, 2));
    v1::SettlementException& open = known_.emplace_back();
    open.set_id("exc_1");
    open.set_rule(v1::UNTIL_SEEN);
    open.mutable_difference()->set_leg(v1::SettlementDifference::ACQUIRER);
    open.mutable_difference()->set_what(v1::SettlementDifference::MISSING_EXTERNAL);
    open.mutable_difference()->set_reference("000000000009/000009");
    open.mutable_difference()->set_window(2);
    open.mutable_difference()->mutable_internal()->set_amount(500);
    open.mutable_difference()->mutable_internal()->set_currency("EUR");
    open.mutable_difference()->mutable_internal()->set_business_date(that_day);
  }

  void acquirer_has_it(std::int64_t amount = 500) {
    const std::size_t place = journal_.pay(amount);
    members_[0].set_rrn(journal_.reference(place).substr(0, 12));
    members_[0].set_stan(static_cast<std::uint32_t>(100'000 + place));
    known_[0].mutable_difference()->set_reference(journal_.reference(place));
  }
};

TEST_F(Carried, ItemsAreOpenedOnlyOnce) {
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_EQ(report_.known, 1u);
  EXPECT_EQ(report_.members.carried, 1u);
  EXPECT_THAT(seen(), IsEmpty());
}

TEST_F(Carried, ItemsThatHaveComeAreSeen) {
  acquirer_has_it();
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_THAT(seen(), ElementsAre("000000100000/100000"));
}

TEST_F(Carried, ItemsThatHaveComeWithAnotherAmountAreSeenAndDiffer) {
  acquirer_has_it(400);
  EXPECT_THAT(compare(), ElementsAre("AMOUNT 000000100000/100000 2"));
  EXPECT_EQ(seen().size(), 1u);
}

TEST_F(Carried, ItemsOfAnotherRuleStayOpen) {
  acquirer_has_it();
  known_[0].set_rule(v1::NOTHING);
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_THAT(seen(), IsEmpty());
  EXPECT_EQ(report_.seen_by_nobody, 1u);
}

TEST_F(Carried, ItemsThatSomebodyHasDisposedOfAreNotLookedAt) {
  known_[0].set_how(v1::CORRECTED);
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_EQ(report_.members.carried, 0u);
  EXPECT_EQ(report_.known, 0u);
}

TEST_F(Carried, WindowsAreNamed) {
  window_reconciliation made{options()};
  EXPECT_TRUE(made.add_known(known_[0]));
  EXPECT_THAT(made.windows_to_read(), ElementsAre(2));
}

TEST_F(WindowReconciliation, SeesWhatOnlyTheAcquirerHadWhenItIsOurs) {
  const std::size_t place = journal_.pay(500);
  EXPECT_EQ(compare().size(), 1u);
  open_all();
  known_[0].mutable_difference()->set_window(2);
  members_.push_back(member(journal_.reference(place), 500));
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_EQ(seen().size(), 1u);
}

TEST_F(WindowReconciliation, SeesAtOnceWhatIsOnlyLate) {
  journal_.delay(both_have(500), 1);
  EXPECT_EQ(compare().size(), 1u);
  EXPECT_TRUE(report_.to_open[0].is_seen);
  open_all();
  compare();
  EXPECT_EQ(seen().size(), 1u) << "whoever opened it did not come to that";
}

// The acquirer has captured 1,000 at once; 600 were captured here, and 400 given back there.
TEST_F(WindowReconciliation, TakesACaptureForLessAndWhatWasGivenBackForOne) {
  const std::size_t place = journal_.pay(1'000);
  members_.push_back(member(journal_.reference(place), 600));
  const std::size_t back = journal_.pay(400, true);
  EXPECT_THAT(compare(),
              UnorderedElementsAre("AMOUNT " + journal_.reference(place) + " 3",
                                   "MISSING_INTERNAL " + journal_.reference(back) + " 3"))
      << "they are of two payments";
  EXPECT_EQ(report_.given_back, 0u);
  open_all();
  journal_.set_rrn(back, journal_.reference(place).substr(0, 12));
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_EQ(report_.given_back, 1u);
  EXPECT_THAT(seen(), ElementsAre(journal_.reference(place)));
}

TEST_F(WindowReconciliation, TakesNothingForGivenBackThatDoesNotComeToTheCapture) {
  const std::size_t place = journal_.pay(1'000);
  members_.push_back(member(journal_.reference(place), 600));
  journal_.set_rrn(journal_.pay(300, true), journal_.reference(place).substr(0, 12));
  EXPECT_EQ(compare().size(), 2u);
}

// The bank --------------------------------------------------------------------------------------

std::string bank_file(const std::string& rows) {
  return "booking_date,amount,currency,credit_debit,reference\n" + rows;
}

TEST_F(WindowReconciliation, ComparesBatchesWithTheBank) {
  both_have(1'000);
  both_have(-300);
  bank_ = bank_file("2026-11-30,7.00,EUR,CRDT,north-20261129-978\n"
                    "2026-11-30,1.00,EUR,CRDT,north-20261128-978\n"
                    "2026-11-30,2.00,EUR,CRDT,something\n");
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_EQ(report_.sums.bank.count(difference_class::matched), 1u);
  bank_ = bank_file("2026-11-30,6.00,EUR,CRDT,north-20261129-978\n");
  EXPECT_THAT(compare(), ElementsAre("AMOUNT north-20261129-978 3"));
}

// The whole day is one batch, whatever windows it is in.
TEST_F(WindowReconciliation, ComparesTheBatchOfAWholeDate) {
  both_have(1'000);
  members_[0].set_window(4);
  bank_ = bank_file("2026-11-30,10.00,EUR,CRDT,north-20261129-978\n");
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_EQ(report_.sums.bank.count(difference_class::matched), 1u);
}

TEST_F(WindowReconciliation, CarriesBatchesThatTheBankHadNotBooked) {
  v1::SettlementException& open = known_.emplace_back();
  open.set_id("exc_b");
  open.set_rule(v1::UNTIL_SEEN);
  open.mutable_difference()->set_leg(v1::SettlementDifference::BANK);
  open.mutable_difference()->set_what(v1::SettlementDifference::LATE);
  open.mutable_difference()->set_reference("north-20261128-978");
  open.mutable_difference()->set_window(2);
  open.mutable_difference()->mutable_internal()->set_amount(900);
  open.mutable_difference()->mutable_internal()->set_currency("EUR");
  bank_ = bank_file("");
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_THAT(seen(), IsEmpty());
  bank_ = bank_file("2026-11-30,9.00,EUR,CRDT,north-20261128-978\n");
  EXPECT_THAT(compare(), IsEmpty());
  EXPECT_THAT(seen(), ElementsAre("north-20261128-978"));
}

// What cannot be an exception -------------------------------------------------------------------

TEST_F(WindowReconciliation, RefusesACurrencyThatNobodyKnows) {
  journal_.set_currency(both_have(500), "001");
  window_reconciliation made{options()};
  EXPECT_TRUE(made.add_member(members_[0]));
  std::istringstream journal{journal_.text()};
  EXPECT_TRUE(made.add_journal(journal));
  EXPECT_EQ(made.finish().error().code, errc::invalid_argument);
}

TEST_F(WindowReconciliation, RefusesAnAmountThatNoExceptionCanHave) {
  journal_.pay(20'000'000'000'000);
  window_reconciliation made{options()};
  std::istringstream journal{journal_.text()};
  EXPECT_TRUE(made.add_journal(journal));
  EXPECT_EQ(made.finish().error().code, errc::invalid_argument);
}

} // namespace
} // namespace ducat::settlement::testing
