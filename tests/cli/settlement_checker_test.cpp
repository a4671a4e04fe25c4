/// Each fault of a log of card payments and settlement is found, as what it is; what is odd and
/// legal is not.

#include "check/fees.hpp"
#include "cli/settled_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ducat::testing {

namespace {

using cli::finding;
using cli::finding_kind;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using spoiling = std::function<void(std::vector<commands>&)>;

/// Returns where a command is in the log.
std::vector<commands>::iterator where(std::vector<commands>& log, const v1::Command& command) {
  return std::ranges::find_if(log, [&](const commands& batch) {
    return batch.front().SerializeAsString() == command.SerializeAsString();
  });
}

spoiling at_the_end(const std::vector<v1::Command>& more) {
  return [=](std::vector<commands>& log) {
    for (const v1::Command& each : more)
      log.push_back({each});
  };
}

spoiling after(const v1::Command& known, const std::vector<v1::Command>& more) {
  return [=](std::vector<commands>& log) {
    auto at = where(log, known);
    for (const v1::Command& each : more)
      at = log.insert(at + 1, commands{each});
  };
}

spoiling without(const v1::Command& known) {
  return [=](std::vector<commands>& log) { log.erase(where(log, known)); };
}

spoiling swapped(const v1::Command& one, const v1::Command& other) {
  return [=](std::vector<commands>& log) { std::iter_swap(where(log, one), where(log, other)); };
}

cli::verdict judge_spoilt(const spoiling& spoil) {
  checked_world world = settled_world();
  spoil(world.log);
  world.refresh_receipts();
  return judge(world, {.allow_others = true});
}

/// The reversal of `card2` is accepted, it is approved after that and reversed again, and `again`
/// is said to be accepted.
spoiling reversed_again(std::uint64_t again) {
  const auto accepted = [](std::uint64_t reversal) {
    v1::Command command = heard_of("card2", v1::ResolveAttempt::REVERSAL_ACCEPTED);
    command.mutable_resolve_attempt()->set_reversal(reversal);
    return command;
  };
  return [=](std::vector<commands>& log) {
    where(log, heard_of("card2", v1::ResolveAttempt::REVERSAL_ACCEPTED))->front() = accepted(0);
    after(accepted(0),
          {heard_of("card2", v1::ResolveAttempt::LATE_APPROVAL, 700), accepted(again)})(log);
  };
}

v1::Command sent_as(const std::string& key, std::uint32_t attempt) {
  v1::Command command = sent(key);
  command.mutable_send_attempt()->set_attempt(attempt);
  return command;
}

struct fault {
  const char* what;
  spoiling spoil;
  finding_kind kind;
  std::string subject;
};

void PrintTo(const fault& value, std::ostream* out) {
  *out << value.what;
}

const std::string shop_window = "window 1 of EUR";
using heard = v1::ResolveAttempt;

std::vector<fault> faults_of_cards() {
  const std::string card1 = cli::payment_id_of("card1");
  const std::string card2 = cli::payment_id_of("card2");
  using enum finding_kind;
  return {
      {"CapturedTwice", at_the_end({capture("card1", "c1", 1'000)}), doubled, card1},
      {"CapturedInDoubt", after(heard_of("card2", heard::IN_DOUBT), {capture("card2", "c2", 700)}),
       impossible, card2},
      {"CapturedAfterItWasReversed", at_the_end({capture("card2", "c2", 700)}), impossible, card2},
      {"CapturedForMore",
       [](auto& log) {
         where(log, capture("card3", "c3", 350))->front() = capture("card3", "c3", 401);
       },
       impossible, cli::payment_id_of("card3")},
      {"SentAgainInDoubt", after(heard_of("card2", heard::IN_DOUBT), {sent("card2")}), doubled,
       card2},
      {"SentAgainAfterTheApproval",
       after(heard_of("card1", heard::APPROVED, 1'000), {sent("card1")}), doubled, card1},
      {"SentAgainAsTheAttemptBefore",
       [](auto& log) {
         (where(log, heard_of("card3", heard::DECLINED)) + 1)->front() = sent_as("card3", 1);
       },
       doubled, cli::payment_id_of("card3")},
      {"OneAcceptanceOfTwoReversals", reversed_again(0), doubled, card2},
      {"ApprovedTwice",
       after(heard_of("card1", heard::APPROVED, 1'000),
             {heard_of("card1", heard::APPROVED, 1'000)}),
       doubled, card1},
      {"ApprovedAndNeverSent", without(sent("card1")), impossible, card1},
      {"RefundedForMore", at_the_end({refund("card1", "r2", 701)}), impossible, card1},
      {"RefundedTwiceByOneKey", at_the_end({refund("card1", "r1", 300)}), doubled, "r1"},
      {"ReversalNobodyAskedFor",
       after(sent("card1"), {heard_of("card1", heard::REVERSAL_ACCEPTED)}), impossible, card1},
      {"TimePassedForNothing",
       [](auto& log) {
         v1::Command command;
         command.mutable_pass_time()->set_to_ns(5);
         log.push_back({command});
       },
       impossible, "time"},
  };
}

std::vector<fault> faults_of_windows() {
  using enum finding_kind;
  return {
      {"WindowCutTwice", at_the_end({cut_window(1)}), doubled, shop_window},
      {"WindowCutBeforeItOpened", at_the_end({cut_window(3)}), impossible, "window 3 of EUR"},
      {"SettledBeforeTheCut", without(cut_window(1)), impossible, "settlement of windows 1 to 1"},
      {"SettledTwice", at_the_end({start_of(1, 1, 2)}), doubled, "settlement of windows 1 to 1"},
      {"SettlementStartedTwice", after(start_of(1, 1, 1), {start_of(1, 1, 2)}), doubled,
       "settlement of windows 1 to 1"},
      {"StepDoneTwice", after(step_of("set_EUR_1", 3), {step_of("set_EUR_1", 3)}), doubled,
       "set_EUR_1"},
      {"StepLeftOut", without(step_of("set_EUR_1", 1)), impossible, "set_EUR_1"},
      {"AbortedAfterTheCommitment", after(step_of("set_EUR_1", 2), {abort_of("set_EUR_1")}),
       impossible, "set_EUR_1"},
      {"AbortedTwice",
       [](auto& log) {
         at_the_end(
             {cut_window(2), start_of(2, 2, 2), abort_of("set_EUR_2"), abort_of("set_EUR_2")})(log);
       },
       doubled, "set_EUR_2"},
      {"FinalBeforeItIsSettled", at_the_end({cut_window(2), final_window(2)}), impossible,
       "window 2 of EUR"},
      {"FinalTwice", at_the_end({final_window(1)}), doubled, shop_window},
      {"FinalWithAnOpenException", without(disposed(exception_of("rrn1", 1), v1::ACCEPTED)),
       impossible, shop_window},
      {"HubNotEmpty",
       after(cut_window(1), {create("h", "world", "settlement.hub.EUR", 5), authorize("h"),
                             capture_of_creation("h")}),
       unbalanced, "settlement.hub.EUR"},
  };
}

std::vector<fault> faults_of_payouts() {
  using enum finding_kind;
  using result = v1::PayoutResult;
  const std::string rrn1 = exception_of("rrn1", 1);
  return {
      {"PaidTwice", at_the_end({result_of("po_EUR_1_1", result::PAID)}), doubled, "po_EUR_1_1"},
      {"PaidAfterItCameBack", at_the_end({result_of("po_EUR_1_2", result::PAID)}), doubled,
       "po_EUR_1_2"},
      {"PaidAndInNoBatch", at_the_end({result_of("po_EUR_1_3", result::PAID)}), impossible,
       "po_EUR_1_3"},
      {"PaidBeforeItWasSettled", swapped(step_of("set_EUR_1", 3), batch_of(1, 0)), impossible,
       "po_EUR_1_1"},
      {"BatchMadeTwice", at_the_end({batch_of(1, 0)}), doubled, "pob_EUR_1"},
      {"BatchLeftOut", at_the_end({batch_of(3, 0)}), impossible, "pob_EUR_3"},
      {"FileWrittenTwice", at_the_end({file_of("pob_EUR_1", 'a')}), doubled, "order.xml"},
      {"FileWrittenAfterAPayoutEnded",
       swapped(file_of("pob_EUR_1", 'a'), result_of("po_EUR_1_1", result::PAID)), impossible,
       "order.xml"},
      {"FileWrittenOtherwise", at_the_end({file_of("pob_EUR_1", 'b')}), altered, "order.xml"},
      {"ExceptionOpenedTwice",
       after(open_exception("rrn1", 1, 1'000, 990), {open_exception("rrn1", 1, 1'000, 990)}),
       doubled, "exceptions of EUR"},
      {"ExceptionDisposedOfTwice",
       after(disposed(rrn1, v1::ACCEPTED), {disposed(rrn1, v1::WRITE_OFF)}), doubled, rrn1},
      {"ExceptionOfAFinalWindow", at_the_end({open_exception("rrn2", 1, 5, 4)}), impossible,
       exception_of("rrn2", 1)},
      {"SuspenseWithoutAnException",
       at_the_end({create("s", "world", "settlement.suspense.EUR", 5), authorize("s"),
                   capture_of_creation("s")}),
       unbalanced, "settlement.suspense.EUR"},
      {"BankWithoutAPayout",
       at_the_end({create("b", "world", "settlement.bank.EUR", 5), authorize("b"),
                   capture_of_creation("b")}),
       unbalanced, "settlement.bank.EUR"},
  };
}

class SpoiltLog : public ::testing::TestWithParam<fault> {};

TEST_P(SpoiltLog, IsFound) {
  const auto found = judge_spoilt(GetParam().spoil).found.kept();
  EXPECT_THAT(found, Contains(::testing::AllOf(
                         ::testing::Field(&finding::kind, GetParam().kind),
                         ::testing::Field(&finding::subject, HasSubstr(GetParam().subject)))));
}

constexpr auto name_of_fault = [](const auto& of) { return std::string{of.param.what}; };
INSTANTIATE_TEST_SUITE_P(Cards, SpoiltLog, ::testing::ValuesIn(faults_of_cards()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Windows, SpoiltLog, ::testing::ValuesIn(faults_of_windows()),
                         name_of_fault);
INSTANTIATE_TEST_SUITE_P(Payouts, SpoiltLog, ::testing::ValuesIn(faults_of_payouts()),
                         name_of_fault);

struct oddity {
  const char* what;
  spoiling spoil;
};

void PrintTo(const oddity& value, std::ostream* out) {
  *out << value.what;
}

class OddLog : public ::testing::TestWithParam<oddity> {};

TEST_P(OddLog, IsWithoutFault) {
  const cli::verdict judged = judge_spoilt(GetParam().spoil);
  EXPECT_THAT(judged.found.kept(), IsEmpty());
  EXPECT_EQ(judged.result, cli::judgement::green);
}

INSTANTIATE_TEST_SUITE_P(
    Each, OddLog,
    ::testing::ValuesIn(std::vector<oddity>{
        {"Unspoilt", [](auto&) {}},
        {"AnEmptyWindow", at_the_end({cut_window(2), cut_window(3), start_of(2, 3, 2)})},
        {"AbortedAndSettledByAnother",
         at_the_end({cut_window(2), start_of(2, 2, 2), step_of("set_EUR_2", 0),
                     step_of("set_EUR_2", 1), abort_of("set_EUR_2"), start_of(2, 2, 3),
                     step_of("set_EUR_3", 0), step_of("set_EUR_3", 1)})},
        {"ApprovedLateWhileItIsReversed",
         after(heard_of("card2", heard::IN_DOUBT), {heard_of("card2", heard::LATE_APPROVAL, 700)})},
        {"ApprovedAfterTheReversalWasAccepted",
         after(heard_of("card2", heard::REVERSAL_ACCEPTED),
               {heard_of("card2", heard::LATE_APPROVAL, 700)})},
        {"ReversedAgainAndAccepted", reversed_again(11)},
        {"ReturnedAfterItWasPaid",
         at_the_end({result_of("po_EUR_1_1", v1::PayoutResult::RETURNED), batch_of(2, 0),
                     result_of("po_EUR_2_1", v1::PayoutResult::PAID)})},
        {"CapturedAfterTheCut", swapped(capture("card3", "c3", 350), cut_window(1))},
        {"ExceptionWrittenOff",
         [](auto& log) {
           where(log, disposed(exception_of("rrn1", 1), v1::ACCEPTED))->front() =
               disposed(exception_of("rrn1", 1), v1::WRITE_OFF);
         }},
    }),
    [](const auto& of) { return std::string{of.param.what}; });

struct claim {
  const char* what;
  std::string said;
  finding_kind kind;
  std::string subject;
};

void PrintTo(const claim& value, std::ostream* out) {
  *out << value.what;
}

cli::verdict judge_said(const std::string& said) {
  return judge(settled_world(), {.allow_others = true, .said = {said}});
}

class WrongClaim : public ::testing::TestWithParam<claim> {};

TEST_P(WrongClaim, IsFound) {
  const auto found = judge_said(GetParam().said).found.kept();
  EXPECT_THAT(found, Contains(::testing::AllOf(
                         ::testing::Field(&finding::kind, GetParam().kind),
                         ::testing::Field(&finding::subject, HasSubstr(GetParam().subject)))));
}

const std::string right_payout =
    R"({"data":[{"id":"po_EUR_1_1","batch":"pob_EUR_1","merchant":"kiosk","amount":"449",)"
    R"("currency":"EUR","state":"PAID","firstWindow":"1","lastWindow":"1"}]})";
const std::string right_settlement =
    R"({"data":[{"id":"set_EUR_1","currency":"EUR","state":"SETTLED","firstWindow":"1",)"
    R"("lastWindow":"1","step":4,"legs":[{"participant":"north","amount":"-1050"},)"
    R"({"participant":"south","amount":"1050"}],"total":{"captures":{"count":"2","amount":"1350"},)"
    R"("refunds":{"count":"1","amount":"300"},"fees":"20","splitOut":"449","splitIn":"449",)"
    R"("net":"1030"}}]})";

std::string with(std::string text, const std::string& old, const std::string& now) {
  return text.replace(text.find(old), old.size(), now);
}

INSTANTIATE_TEST_SUITE_P(
    Each, WrongClaim,
    ::testing::ValuesIn(std::vector<claim>{
        {"PayoutOfMoreThanWasAvailable", with(right_payout, "449", "450"), finding_kind::altered,
         "po_EUR_1_1"},
        {"PayoutToAnother", with(right_payout, "kiosk", "shop"), finding_kind::altered,
         "po_EUR_1_1"},
        {"PayoutThatIsNotThere", with(right_payout, "po_EUR_1_1", "po_EUR_1_9"),
         finding_kind::phantom, "po_EUR_1_9"},
        {"PositionsThatAreNot0", with(right_settlement, "\"1050\"", "\"1049\""),
         finding_kind::unbalanced, "set_EUR_1"},
        {"PositionsOfOtherPayments",
         with(with(right_settlement, "\"1050\"", "\"1051\""), "\"-1050\"", "\"-1051\""),
         finding_kind::altered, "set_EUR_1"},
        {"FeesRoundedUp", with(right_settlement, "\"fees\":\"20\"", "\"fees\":\"21\""),
         finding_kind::altered, "set_EUR_1"},
        {"SplitsThatCreateMoney",
         with(right_settlement, "\"splitIn\":\"449\"", "\"splitIn\":\"450\""),
         finding_kind::unbalanced, "set_EUR_1"},
        {"ACaptureOfTheNextWindow",
         R"({"data":[{"number":"2","currency":"EUR","state":"OPEN","merchants":"2",)"
         R"("businessDate":20261103,"total":{"captures":{"count":"2","amount":"850"}}}]})",
         finding_kind::altered, "window 2 of EUR"},
        {"ABatchThatIsNotTheSumOfItsPayouts",
         R"({"data":[{"id":"pob_EUR_1","currency":"EUR","state":"DONE","payouts":{"count":"2",)"
         R"("amount":"1031"},"paid":{"count":"1","amount":"449"},)"
         R"("returned":{"count":"1","amount":"581"}}]})",
         finding_kind::unbalanced, "pob_EUR_1"},
        {"SomethingElse", R"({"data":[{"state":"READY"}]})", finding_kind::broken, "line 1"},
        {"NoJson", "windows", finding_kind::broken, "line 1"},
    }),
    [](const auto& of) { return std::string{of.param.what}; });

TEST(RightClaims, AreWithoutFault) {
  for (const std::string& said : {right_payout, right_settlement}) {
    const cli::verdict judged = judge_said(said);
    EXPECT_THAT(judged.found.kept(), IsEmpty());
    EXPECT_EQ(judged.said, 1u);
  }
}

TEST(CheckedFee, IsRoundedHalfToEven) {
  v1::FeeRule rule;
  rule.add_tiers()->set_basis_points(150);
  EXPECT_EQ(cli::fee_by(rule, 100, 0), 2) << "of 1.5";
  EXPECT_EQ(cli::fee_by(rule, 300, 0), 4) << "of 4.5";
  EXPECT_EQ(cli::fee_by(rule, 301, 0), 5) << "of 4.515";
  EXPECT_EQ(cli::fee_by(rule, 299, 0), 4) << "of 4.485";
}

/// Half even of 1.5 % of 1,000 is 15, and of 350 it is 5.25, that is 5; a third of 1,000 and of 350
/// is kiosk's.
TEST(SettledLog, ComesToTheBalancesThatTheTermsSay) {
  const cli::verdict judged = judge_spoilt([](auto&) {});
  const auto balance = [&](const std::string& id) {
    const auto found = std::ranges::find(judged.balances, id, &cli::checked_account::id);
    return found == judged.balances.end()
               ? std::string{"none"}
               : cli::decimal(found->credits_posted - found->debits_posted);
  };
  EXPECT_EQ(balance("shop"), "500") << "captured after the cut";
  EXPECT_EQ(balance("settlement.fees.EUR"), "10") << "15 + 5, less 10 of the exception";
  EXPECT_EQ(balance("kiosk.available"), "0") << "333 + 116, paid out";
  EXPECT_EQ(balance("settlement.bank.EUR"), "449");
  EXPECT_EQ(balance("shop.available"), "581") << "1,350 - 300 - 20 - 449, returned";
  EXPECT_EQ(balance("north.settlement"), "18950") << "1,350 - 300 owed to south";
  EXPECT_EQ(balance("south.settlement"), "21050");
  EXPECT_EQ(balance("settlement.hub.EUR"), "0");
  EXPECT_EQ(balance("settlement.suspense.EUR"), "0");
}

} // namespace
} // namespace ducat::testing
