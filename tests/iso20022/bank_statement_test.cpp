#include "iso20022/samples.hpp"

#include <ducat/iso20022/bank_statement.hpp>

#include <gtest/gtest.h>

namespace ducat::iso20022 {

namespace {

using std::chrono::November;
using test::replaced;
using test::sample;

const std::string plain = "camt.053.001.02";

bank_statements changed(const std::string& before, const std::string& after) {
  return read_statements(replaced(sample(plain), before, after));
}

/// Returns whether only the first entry is left out, with this remark.
void expect_first_left_out(const std::string& before, const std::string& after, remark what) {
  const auto read = changed(before, after);
  ASSERT_EQ(read.statements.size(), 1u);
  EXPECT_TRUE(read.report.complete);
  EXPECT_TRUE(read.report.has(what)) << after << to_string(what);
  EXPECT_EQ(read.report.left_out, 1u);
  EXPECT_FALSE(read.report.has(remark::count_differs)) << "it is counted";
  EXPECT_EQ(read.statements[0].totals.left_out, 1u);
  ASSERT_EQ(read.statements[0].entries.size(), 2u);
  EXPECT_EQ(read.statements[0].entries[0].amount.minor, 1005);
  EXPECT_EQ(read.statements[0].totals.agrees, false);
}

} // namespace

TEST(BankStatement, HasItsHeadItsEntriesAndItsTotals) {
  const auto read = read_statements(sample(plain));
  EXPECT_TRUE(read.report.complete);
  EXPECT_TRUE(read.report.notes.empty()) << read.report.notes[0];
  ASSERT_EQ(read.statements.size(), 1u);
  const auto& [head, entries, totals] = read.statements[0];
  EXPECT_EQ(head.message_id, "STMT-MSG-1");
  EXPECT_EQ(head.id, "STMT-1");
  EXPECT_EQ(head.account, "DE89370400440532013000");
  EXPECT_EQ(head.currency, "EUR");
  ASSERT_EQ(head.balances.size(), 2u);
  EXPECT_EQ(head.balances[1].code, "CLBD");
  EXPECT_EQ(head.balances[1].amount, (money{98'994, "EUR"}));
  EXPECT_EQ(totals.entries, 3u);
  EXPECT_EQ(totals.booked_minor, -1006);
  EXPECT_EQ(totals.agrees, true);
}

TEST(BankStatement, HasEachPaymentOfABatch) {
  const auto entry = read_statements(sample(plain)).statements.at(0).entries.at(0);
  EXPECT_EQ(entry.line, 31u);
  EXPECT_EQ(entry.reference, "1");
  EXPECT_EQ(entry.servicer_reference, "BANK-REF-1");
  EXPECT_EQ(entry.amount, (money{2011, "EUR"}));
  EXPECT_EQ(entry.signed_minor(), -2011);
  EXPECT_EQ(entry.status, entry_status::booked);
  EXPECT_EQ(entry.booking_date, November / 29 / 2026);
  EXPECT_EQ(entry.value_date, November / 30 / 2026);
  EXPECT_EQ(entry.bank_code, "PMNT/ICDT/ESCT");
  EXPECT_EQ(entry.batch_payment_id, "EUR-2026-0001");
  ASSERT_EQ(entry.transactions.size(), 2u);
  EXPECT_EQ(entry.transactions[0].end_to_end_id, "PO-1");
  EXPECT_EQ(entry.transactions[0].amount, (money{1005, "EUR"}));
  EXPECT_EQ(entry.transactions[0].creditor, "Shop, No. 1");
  EXPECT_EQ(entry.transactions[0].creditor_account, "GB29NWBK60161331926819");
  EXPECT_EQ(entry.transactions[0].remittance, "Window 7, with thanks");
  EXPECT_EQ(entry.transactions[1].end_to_end_id, "PO-2");
}

// A returned payout is booked as a credit that takes back a debit: its side is as booked.
TEST(BankStatement, HasTheReasonOfAReturn) {
  const auto entry = read_statements(sample(plain)).statements.at(0).entries.at(1);
  EXPECT_TRUE(entry.reversal);
  EXPECT_EQ(entry.signed_minor(), 1005);
  EXPECT_EQ(entry.booking_date, November / 29 / 2026);
  EXPECT_EQ(entry.value_date, std::nullopt);
  EXPECT_EQ(entry.bank_code, "NRTI+109");
  EXPECT_EQ(entry.information, "Return");
  const auto& one = entry.transactions.at(0);
  EXPECT_EQ(one.return_reason, "AC04");
  EXPECT_EQ(one.return_text, "Account <closed>");
  EXPECT_EQ(one.debtor_account, "12345");
  EXPECT_EQ(one.message_id, "EUR-2026-0001");
  EXPECT_EQ(one.amount, std::nullopt);
}

TEST(BankStatement, IsReadInTheVersionOf2019) {
  const auto read = read_statements(sample("camt.053.001.08"));
  EXPECT_TRUE(read.report.notes.empty()) << read.report.notes[0];
  const auto& [head, entries, totals] = read.statements.at(0);
  EXPECT_EQ(head.account, "0012345678");
  EXPECT_EQ(head.balances.at(0).amount, (money{-5000, "KWD"}));
  EXPECT_EQ(head.balances.at(1).date, November / 29 / 2026);
  EXPECT_EQ(totals.agrees, true);
  const auto& transactions = entries.at(0).transactions;
  EXPECT_EQ(transactions.at(0).debtor, "M\xC3\xBCller");
  EXPECT_EQ(transactions.at(0).creditor_reference, "RF18539007547034");
  EXPECT_EQ(transactions.at(0).uetr, "8a562c67-ca16-48ba-b074-65581be6f001");
  EXPECT_EQ(transactions.at(1).side, direction::debit);
}

TEST(BankStatement, MayBeANotificationWithoutBalances) {
  for (const auto* name : {"camt.054.001.02", "camt.054.001.08"}) {
    const auto read = read_statements(sample(name));
    EXPECT_TRUE(read.report.complete);
    EXPECT_TRUE(read.report.notes.empty()) << read.report.notes[0];
    EXPECT_EQ(read.statements.at(0).entries.at(0).amount.minor, 1500);
    EXPECT_EQ(read.statements.at(0).totals.agrees, std::nullopt);
  }
}

TEST(BankStatement, LeavesOutAnEntryWhoseAmountOrDateIsInDoubt) {
  const std::string amount = "<Amt Ccy=\"EUR\">20.11</Amt>";
  expect_first_left_out(amount, "<Amt Ccy=\"EUR\">20,11</Amt>", remark::bad_amount);
  expect_first_left_out(amount, "<Amt Ccy=\"EUR\">20.111</Amt>", remark::bad_amount);
  expect_first_left_out(amount, "<Amt Ccy=\"EUR\">-20.11</Amt>", remark::bad_amount);
  expect_first_left_out(amount, "<Amt Ccy=\"EUR\">99999999999999999999</Amt>", remark::bad_amount);
  expect_first_left_out(amount, "<Amt Ccy=\"EUR\"/>", remark::bad_amount);
  expect_first_left_out(amount, "<Amt>20.11</Amt>", remark::unknown_currency);
  expect_first_left_out(amount, "<Amt Ccy=\"ABC\">20.11</Amt>", remark::unknown_currency);
  expect_first_left_out(amount, amount + amount, remark::repeated);
  expect_first_left_out(amount, "", remark::missing);
  expect_first_left_out("<BookgDt><Dt>2026-11-29</Dt>", "<BookgDt><Dt>2026-11-31</Dt>",
                        remark::bad_date);
  expect_first_left_out("<ValDt><Dt>2026-11-30</Dt>", "<ValDt><Dt>30.11.2026</Dt>",
                        remark::bad_date);
  expect_first_left_out("<CdtDbtInd>DBIT</CdtDbtInd>", "<CdtDbtInd>DEBIT</CdtDbtInd>",
                        remark::bad_code);
  expect_first_left_out("<Sts>BOOK</Sts>", "<Sts>BOOKED</Sts>", remark::bad_code);
  expect_first_left_out("<Sts>BOOK</Sts>", "", remark::missing);
  expect_first_left_out("<TxAmt><Amt Ccy=\"EUR\">10.05</Amt>", "<TxAmt><Amt Ccy=\"EUR\">ten</Amt>",
                        remark::bad_amount);
}

TEST(BankStatement, SaysInWhichLineADoubtIs) {
  const auto read = changed("<Amt Ccy=\"EUR\">20.11</Amt>", "<Amt Ccy=\"EUR\">20,11</Amt>");
  EXPECT_EQ(to_string(read.report.notes.at(0)),
            "line 33, BkToCstmrStmt/Stmt/Ntry/Amt: bad_amount: \"20,11\" \"EUR\"");
}

TEST(BankStatement, IsComparedWithWhatItSaysOfItself) {
  EXPECT_TRUE(changed(">989.94<", ">989.95<").report.has(remark::balance_differs));
  EXPECT_TRUE(changed(">30.19<", ">30.20<").report.has(remark::sum_differs));
  EXPECT_TRUE(changed(">20.14<", ">20.20<").report.has(remark::sum_differs));
  EXPECT_TRUE(changed("<NbOfNtries>3", "<NbOfNtries>4").report.has(remark::count_differs));
  EXPECT_TRUE(changed("<NbOfNtries>3", "<NbOfNtries>x").report.has(remark::count_differs));
  EXPECT_TRUE(changed("<TxAmt><Amt Ccy=\"EUR\">10.05", "<TxAmt><Amt Ccy=\"EUR\">10.06")
                  .report.has(remark::details_differ));
  EXPECT_TRUE(changed("<Cd>CLBD</Cd>", "<Cd>ITBD</Cd>").report.has(remark::unchecked));
  EXPECT_TRUE(changed(">1000.00<", ">1.000,00<").report.has(remark::bad_amount));
}

TEST(BankStatement, ToleratesAnotherVersionAndNone) {
  for (const auto& [before, after] :
       {std::pair{"camt.053.001.02", "camt.053.001.04"},
        std::pair{" xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"", ""}}) {
    const auto read = changed(before, after);
    EXPECT_TRUE(read.report.complete);
    ASSERT_EQ(read.report.notes.size(), 1u);
    EXPECT_EQ(read.report.notes[0].what, remark::other_version);
    EXPECT_EQ(read.statements.at(0).entries.size(), 3u);
  }
}

TEST(BankStatement, MayLieInAnEnvelopeWithOthers) {
  const auto text = sample(plain);
  const auto begin = text.find("<Stmt>");
  const auto end = text.find("</Stmt>") + 7;
  const auto one = text.substr(begin, end - begin);
  const auto document = text.substr(text.find("<Document"));
  const auto read = read_statements(
      "<Envelope><AppHdr><MsgId>no</MsgId></AppHdr>" +
      replaced(document, one, one + replaced(one, "STMT-1", "STMT-2")) + "</Envelope>");
  EXPECT_TRUE(read.report.complete);
  EXPECT_TRUE(read.report.notes.empty()) << read.report.notes[0];
  ASSERT_EQ(read.statements.size(), 2u);
  EXPECT_EQ(read.statements[1].head.id, "STMT-2");
  EXPECT_EQ(read.statements[1].head.balances.size(), 2u);
  EXPECT_EQ(read.statements[1].head.message_id, "STMT-MSG-1");
  EXPECT_EQ(read.statements[1].totals.agrees, true);
  EXPECT_EQ(read.report.read, 6u);
}

TEST(BankStatement, IsNotAnotherMessage) {
  for (const std::string& text : {sample("pain.002.001.03"), std::string{"<a/>"}}) {
    const auto read = read_statements(text);
    EXPECT_FALSE(read.report.complete);
    EXPECT_TRUE(read.report.has(remark::not_understood));
    EXPECT_TRUE(read.statements.empty());
  }
}

} // namespace ducat::iso20022
