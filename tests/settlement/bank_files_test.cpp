/// The files of a batch: what the bank is told to pay, in which message, once.

#include <ducat/settlement/bank_files.hpp>

#include <gtest/gtest.h>

namespace ducat::settlement::test {
namespace {

using iso20022::order_message;

/// A batch of one payout of 12.05 EUR.
batch_facts facts() {
  batch_facts of;
  of.batch.set_id("pob_EUR_1");
  of.batch.set_currency("EUR");
  of.batch.set_execution_date(20'261'104);
  of.batch.set_created_at_ns(1'793'577'600'000'000'000);
  of.batch.mutable_debtor()->set_name("Ducat");
  of.batch.mutable_debtor()->set_iban("DE89370400440532013000");
  of.batch.mutable_debtor()->set_bic("COBADEFFXXX");
  v1::Payout& one = of.payouts.emplace_back();
  one.set_id("po_EUR_1_1");
  one.set_amount(1'205);
  one.set_currency("EUR");
  one.mutable_creditor()->set_name("Books");
  one.mutable_creditor()->set_iban("GB82WEST12345698765432");
  one.mutable_creditor()->set_bic("NWBKGB2LXXX");
  return of;
}

bool has(const made_file& file, const std::string& text) {
  return file.text.find(text) != std::string::npos;
}

TEST(BankFiles, OfABatchAreAListAndAnOrderThatSubmitsIt) {
  const auto files = bank_files().of_batch(facts()).value();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].name, "pob_EUR_1.csv");
  EXPECT_FALSE(files[0].submits);
  EXPECT_EQ(files[1].name, "pob_EUR_1.xml");
  EXPECT_TRUE(files[1].submits);
  EXPECT_TRUE(has(files[1], "pain.001.001.09"));
  EXPECT_TRUE(has(files[1], "<MsgId>pob-EUR-1</MsgId>"));
  EXPECT_TRUE(has(files[1], "<EndToEndId>po-EUR-1-1</EndToEndId>"));
  EXPECT_TRUE(has(files[1], "12.05"));
}

// One name for all forms: the log takes one content of a name, so there is one order of a batch.
TEST(BankFiles, HaveTheOrderInTheFormThatIsAskedFor) {
  for (const auto which : {order_message::pain_001_001_03, order_message::pain_001_001_09,
                           order_message::pacs_008_001_08}) {
    const auto files = bank_files(which).of_batch(facts()).value();
    ASSERT_EQ(files.size(), 2u);
    EXPECT_EQ(files[1].name, "pob_EUR_1.xml");
    EXPECT_TRUE(has(files[1], "urn:iso:std:iso:20022:tech:xsd:" + std::string{to_string(which)}));
    EXPECT_TRUE(has(files[1], "po-EUR-1-1"));
  }
}

TEST(BankFiles, BetweenBanksNeedTheBicOfEachAccount) {
  batch_facts nameless = facts();
  nameless.payouts[0].mutable_creditor()->clear_bic();
  EXPECT_TRUE(bank_files().of_batch(nameless));
  const auto refused = bank_files(order_message::pacs_008_001_08).of_batch(nameless);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("transfer 0"), std::string::npos)
      << refused.error().message;
}

TEST(BankFiles, OfWhoHasNoAccountAreAListThatSubmitsIt) {
  batch_facts without = facts();
  without.batch.mutable_debtor()->clear_iban();
  const auto files = bank_files().of_batch(without).value();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_TRUE(files[0].submits);
}

TEST(BankFiles, OfASettlementHaveTheNamesThatAreSaidBefore) {
  settled_facts of;
  of.settlement.set_id("set_EUR_7");
  const auto files = bank_files().of_settlement(of).value();
  const auto names = bank_files().settlement_names("set_EUR_7");
  ASSERT_EQ(files.size(), names.size());
  for (std::size_t i = 0; i < files.size(); ++i)
    EXPECT_EQ(files[i].name, names[i]);
}

} // namespace
} // namespace ducat::settlement::test
