/// What banks' files say, in our words.

#include "iso20022/samples.hpp"

#include <ducat/settlement/bank_answers.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace ducat::settlement::test {
namespace {

using iso20022::test::replaced;
using iso20022::test::sample;

struct read_file {
  std::vector<bank_answer> answers;
  answers_report report;
};

read_file read(const std::string& text) {
  read_file out;
  out.report = read_answers(iso20022::source_of(text), kind_of(text),
                            [&](bank_answer said) { out.answers.push_back(std::move(said)); });
  return out;
}

std::string all_replaced(std::string text, const std::string& before, const std::string& after) {
  for (std::size_t at = 0; (at = text.find(before, at)) != std::string::npos; at += after.size())
    text.replace(at, before.size(), after);
  return text;
}

/// The bank's report on three payouts of a batch.
std::string status_report() {
  return all_replaced(all_replaced(sample("pain.002.001.10"), ">PO-", ">po-EUR-1-"),
                      "EUR-2026-0001", "pob-EUR-1");
}

/// A debit of one payout.
std::string notification() {
  return all_replaced(sample("camt.054.001.08"), ">PO-", ">po-EUR-1-");
}

std::string entry_csv(const std::string& rows) {
  return "booking_date,amount,currency,credit_debit,end_to_end_id,return_reason\n" + rows;
}

TEST(BankAnswers, KnowPayoutsByTheirIdsWithHyphens) {
  EXPECT_EQ(payout_known_as("po-EUR-12-345").value().id(), "po_EUR_12_345");
  EXPECT_EQ(payout_known_as("po-EUR-12-345").value().batch_id(), "pob_EUR_12");
  EXPECT_EQ(batch_known_as("pob-JPY-7").value().id(), "pob_JPY_7");
  for (const char* other :
       {"", "po-", "po-EUR", "po-EUR-1", "po-EUR-1-0", "po-EUR-0-1", "po-EUR-01-1", "po-EUR-1-1 ",
        "po-EUR-1-1-1", "po-eur-1-1", "po_EUR_1_1", "PO-EUR-1-1", "po-EUR-+1-1", "po-EUR-1--1",
        "po-EUR-99999999999999999999-1", "po-EUR-1-18446744073709551616", "NOTPROVIDED"})
    EXPECT_FALSE(payout_known_as(other)) << other;
  EXPECT_FALSE(batch_known_as("pob-EUR-1-1"));
  EXPECT_FALSE(batch_known_as("po-EUR-1"));
}

TEST(BankAnswers, OfAStatusReportAreRejections) {
  const auto [answers, report] = read(status_report());
  EXPECT_TRUE(report.import.complete);
  ASSERT_EQ(answers.size(), 4u);
  EXPECT_EQ(answers[0].of.id(), "pob_EUR_1");
  EXPECT_EQ(answers[0].what, bank_says::waiting) << "partly";
  EXPECT_EQ(answers[1].of.id(), "po_EUR_1_1");
  EXPECT_EQ(answers[1].what, bank_says::rejected);
  EXPECT_EQ(answers[1].reason, "AC01");
  EXPECT_EQ(answers[2].what, bank_says::waiting) << "ACSC: no financial information";
}

TEST(BankAnswers, OfAStatusThatIsNotKnownAreDoubtful) {
  const auto answers = read(replaced(status_report(), ">RJCT<", ">LOST<")).answers;
  EXPECT_EQ(answers.at(1).what, bank_says::doubtful);
}

TEST(BankAnswers, OfANotificationAreBookings) {
  const auto [answers, report] = read(notification());
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].of.id(), "po_EUR_1_3");
  EXPECT_EQ(answers[0].what, bank_says::booked);
  EXPECT_EQ(answers[0].amount, (iso20022::money{1'500, "EUR"})) << "that of its only entry";
  EXPECT_EQ(answers[0].account, "DE89370400440532013000");
  EXPECT_EQ(report.not_ours, 0u);
}

TEST(BankAnswers, OfAPendingEntryAreWaiting) {
  const auto answers = read(replaced(notification(), ">BOOK<", ">PDNG<")).answers;
  EXPECT_EQ(answers.at(0).what, bank_says::waiting);
}

// Money on the account with a payout's id may be another's, or a mistake of the bank.
TEST(BankAnswers, OfACreditAreReturnsOnlyIfTheBankSaysSo) {
  const std::string credit = replaced(notification(), ">DBIT<", ">CRDT<");
  EXPECT_EQ(read(credit).answers.at(0).what, bank_says::doubtful);
  const auto with_reason =
      read(replaced(credit, "</Refs>", "</Refs><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"));
  EXPECT_EQ(with_reason.answers.at(0).what, bank_says::returned);
  EXPECT_EQ(with_reason.answers.at(0).reason, "AC04");
  const auto reversed = read(replaced(credit, "<Sts>", "<RvslInd>true</RvslInd><Sts>"));
  EXPECT_EQ(reversed.answers.at(0).what, bank_says::returned);
  const auto coded = read(replaced(credit, "<BkTxCd/>",
                                   "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>RRTN"
                                   "</SubFmlyCd></Fmly></Domn></BkTxCd>"));
  EXPECT_EQ(coded.answers.at(0).what, bank_says::returned);
}

TEST(BankAnswers, OfADebitThatTakesSomethingBackAreDoubtful) {
  const auto answers =
      read(replaced(notification(), "<Sts>", "<RvslInd>true</RvslInd><Sts>")).answers;
  EXPECT_EQ(answers.at(0).what, bank_says::doubtful);
}

// One debit of 1.00 must not pay for many payouts.
TEST(BankAnswers, OfTransfersThatDoNotComeToTheirEntryAreDoubtful) {
  const std::string two = replaced(
      notification(), "<NtryDtls>",
      "<NtryDtls><TxDtls><Refs><EndToEndId>po-EUR-1-4</EndToEndId></Refs><Amt Ccy=\"EUR\">15.00"
      "</Amt></TxDtls>");
  for (const bank_answer& each : read(two).answers)
    EXPECT_EQ(each.what, bank_says::doubtful) << each;
  EXPECT_EQ(read(two).answers.size(), 2u);
  const std::string whole = replaced(two, "po-EUR-1-3</EndToEndId></Refs>",
                                     "po-EUR-1-3</EndToEndId></Refs><Amt Ccy=\"EUR\">5.00</Amt>");
  const auto good =
      read(replaced(whole, "<Amt Ccy=\"EUR\">15.00</Amt>\n", "<Amt Ccy=\"EUR\">20.00</Amt>\n"));
  for (const bank_answer& each : good.answers)
    EXPECT_EQ(each.what, bank_says::booked) << each;
}

TEST(BankAnswers, OfADebitOfABatchAreOfAllOfIt) {
  const auto answers =
      read(replaced(notification(),
                    "<TxDtls><Refs><EndToEndId>po-EUR-1-3</EndToEndId></Refs></TxDtls>",
                    "<Btch><PmtInfId>pob-EUR-1</PmtInfId></Btch>"))
          .answers;
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].of.id(), "pob_EUR_1");
  EXPECT_EQ(answers[0].what, bank_says::booked);
}

TEST(BankAnswers, OfOthersMoneyAreNone) {
  const auto [answers, report] = read(sample("camt.053.001.08"));
  EXPECT_TRUE(answers.empty());
  EXPECT_GT(report.not_ours, 0u);
}

TEST(BankAnswers, OfEntriesAsCsvAreTheSame) {
  const auto [answers, report] = read(entry_csv("2026-11-29,15.00,EUR,DBIT,po-EUR-1-3,\n"
                                                "2026-11-30,15.00,EUR,CRDT,po-EUR-1-3,AC04\n"
                                                "2026-11-30,1,5,EUR,CRDT,po-EUR-1-3,AC04\n"
                                                "2026-11-30,9.00,EUR,CRDT,order-7,\n"));
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].what, bank_says::booked);
  EXPECT_EQ(answers[0].line, 2u);
  EXPECT_EQ(answers[0].booked_on, std::chrono::year{2026} / 11 / 29);
  EXPECT_EQ(answers[1].what, bank_says::returned);
  EXPECT_EQ(report.not_ours, 1u);
  EXPECT_EQ(report.import.left_out, 1u);
  EXPECT_TRUE(report.import.complete);
}

TEST(BankAnswers, OfHostileFilesAreNotComplete) {
  const std::string cut = notification().substr(0, notification().size() / 2);
  const std::string entities =
      replaced(notification(), "<Document", "<!DOCTYPE a [<!ENTITY x \"y\">]><Document");
  const std::string other =
      replaced(notification(), "<Document", "<!-- CstmrPmtStsRpt --><Document");
  for (const std::string& text :
       {cut, entities, other, std::string{}, std::string{"<"}, std::string{"PK\3\4\0\0"},
        std::string(1'000, '\0'), std::string{"\xFF\xFE<\0"},
        std::string{"amount;currency\n1;EUR\n"}, std::string{"\"unfinished"}})
    EXPECT_FALSE(read(text).report.import.complete) << text.substr(0, 60);
}

} // namespace
} // namespace ducat::settlement::test
