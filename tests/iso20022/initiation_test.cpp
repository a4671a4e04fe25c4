#include "iso20022/orders.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace ducat::iso20022 {

namespace {

using enum order_message;
using test::some_order;
using test::some_transfers;

constexpr std::array all_messages = {pain_001_001_03, pain_001_001_09, pacs_008_001_08};

fault fault_of(order_message which, const initiation& order,
               const std::vector<credit_transfer>& transfers = some_transfers()) {
  const auto written = write(which, order, transfers);
  EXPECT_FALSE(written) << *written;
  return written ? fault{} : written.error().what;
}

template <class Change>
problem refused_order(Change change, order_message which = pain_001_001_03) {
  initiation order = some_order();
  change(order);
  const auto written = write(which, order, some_transfers());
  EXPECT_FALSE(written) << *written;
  return written ? problem{} : written.error();
}

/// Changes the second transfer.
template <class Change>
problem refused_transfer(Change change, order_message which = pain_001_001_03) {
  auto transfers = some_transfers();
  change(transfers[1]);
  const auto written = write(which, some_order(), transfers);
  EXPECT_FALSE(written) << *written;
  return written ? problem{} : written.error();
}

constexpr std::string_view customer_order = R"(<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>EUR-2026-0001</MsgId>
      <CreDtTm>2026-11-29T07:05:09Z</CreDtTm>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>10.05</CtrlSum>
      <InitgPty>
        <Nm>Ducat Payments</Nm>
      </InitgPty>
    </GrpHdr>
    <PmtInf>
      <PmtInfId>EUR-2026-0001</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      <BtchBookg>true</BtchBookg>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>10.05</CtrlSum>
      <PmtTpInf>
        <SvcLvl>
          <Cd>SEPA</Cd>
        </SvcLvl>
      </PmtTpInf>
      <ReqdExctnDt>2026-11-30</ReqdExctnDt>
      <Dbtr>
        <Nm>Ducat Payments</Nm>
      </Dbtr>
      <DbtrAcct>
        <Id>
          <IBAN>DE89370400440532013000</IBAN>
        </Id>
      </DbtrAcct>
      <DbtrAgt>
        <FinInstnId>
          <BIC>COBADEFFXXX</BIC>
        </FinInstnId>
      </DbtrAgt>
      <ChrgBr>SLEV</ChrgBr>
      <CdtTrfTxInf>
        <PmtId>
          <InstrId>I-1</InstrId>
          <EndToEndId>PO-1</EndToEndId>
        </PmtId>
        <Amt>
          <InstdAmt Ccy="EUR">10.05</InstdAmt>
        </Amt>
        <CdtrAgt>
          <FinInstnId>
            <BIC>NWBKGB2L</BIC>
          </FinInstnId>
        </CdtrAgt>
        <Cdtr>
          <Nm>Shop, No. 1</Nm>
        </Cdtr>
        <CdtrAcct>
          <Id>
            <IBAN>GB29NWBK60161331926819</IBAN>
          </Id>
        </CdtrAcct>
        <RmtInf>
          <Ustrd>Window 7</Ustrd>
        </RmtInf>
      </CdtTrfTxInf>
    </PmtInf>
  </CstmrCdtTrfInitn>
</Document>
)";

} // namespace

TEST(Initiation, IsTheTextOfItsSchema) {
  EXPECT_EQ(write(pain_001_001_03, some_order(), some_transfers(1)).value(), customer_order);
}

TEST(Initiation, NamesBanksAndDaysAsItsVersionDoes) {
  const auto text = write(pain_001_001_09, some_order(), some_transfers(1)).value();
  EXPECT_NE(text.find("<BICFI>COBADEFFXXX</BICFI>"), std::string::npos);
  EXPECT_EQ(text.find("<BIC>"), std::string::npos);
  EXPECT_NE(text.find("<ReqdExctnDt>\n        <Dt>2026-11-30</Dt>"), std::string::npos);
}

TEST(Initiation, IsTheSameBytesHoweverItIsWritten) {
  const auto transfers = some_transfers(1000);
  for (const auto which : all_messages) {
    const auto at_once = write(which, some_order(), transfers).value();
    std::string in_pieces;
    std::size_t longest = 0;
    const auto totals = write(which, some_order(), source_of(transfers), [&](auto piece) {
      longest = std::max(longest, piece.size());
      in_pieces += piece;
      return true;
    });
    ASSERT_TRUE(totals) << totals.error();
    EXPECT_EQ(totals->count, 1000u);
    EXPECT_EQ(totals->sum_minor, 1'504'500);
    EXPECT_EQ(in_pieces, at_once);
    EXPECT_LT(longest, 70'000u);
    EXPECT_GT(at_once.size(), 5 * longest);
  }
}

TEST(Initiation, HasTheDecimalsOfItsCurrency) {
  auto order = some_order();
  auto transfers = some_transfers(1);
  for (const auto& [currency, decimal] :
       {std::pair{"JPY", ">1005<"}, std::pair{"KWD", ">1.005<"}, std::pair{"EUR", ">10.05<"}}) {
    order.currency = transfers[0].currency = currency;
    EXPECT_NE(write(pain_001_001_03, order, transfers).value().find(decimal), std::string::npos);
  }
}

TEST(Initiation, TakesAnAccountOrABankThatHasNoCode) {
  auto transfers = some_transfers(1);
  transfers[0].creditor.account = {.other = "0012345678"};
  transfers[0].creditor.bic.clear();
  auto order = some_order();
  order.debtor.bic.clear();
  const auto text = write(pain_001_001_03, order, transfers).value();
  EXPECT_NE(text.find("<Id>0012345678</Id>"), std::string::npos);
  EXPECT_NE(text.find("<Id>NOTPROVIDED</Id>"), std::string::npos);
  EXPECT_EQ(text.find("CdtrAgt"), std::string::npos);
}

TEST(Initiation, RefusesWhatItsSchemaDoesNotTake) {
  const auto what = [](auto change) { return refused_order(change).what; };
  EXPECT_EQ(what([](auto& o) { o.message_id.clear(); }), fault::missing);
  EXPECT_EQ(what([](auto& o) { o.message_id.assign(36, 'M'); }), fault::too_long);
  EXPECT_EQ(what([](auto& o) { o.message_id = "/M"; }), fault::bad_character);
  EXPECT_EQ(what([](auto& o) { o.payment_id = "a//b"; }), fault::bad_character);
  EXPECT_EQ(what([](auto& o) { o.debtor.name.clear(); }), fault::missing);
  EXPECT_EQ(what([](auto& o) { o.debtor.account.iban.back() = '1'; }), fault::bad_iban);
  EXPECT_EQ(what([](auto& o) { o.debtor.account.other = "1"; }), fault::both_given);
  EXPECT_EQ(what([](auto& o) { o.debtor.account = {}; }), fault::missing);
  EXPECT_EQ(what([](auto& o) { o.debtor.bic = "COBA"; }), fault::bad_bic);
  EXPECT_EQ(what([](auto& o) { o.currency = "XXX"; }), fault::unknown_currency);
  EXPECT_EQ(what([](auto& o) { o.currency = "USD"; }), fault::other_currency);
  EXPECT_EQ(what([](auto& o) { o.charges = "NONE"; }), fault::bad_code);
  EXPECT_EQ(what([](auto& o) { o.service_level = "SEPA2"; }), fault::too_long);
  EXPECT_EQ(what([](auto& o) { o.execution_date = std::chrono::February / 30 / 2026; }),
            fault::bad_date);
}

TEST(Initiation, SaysWhichTransferAndFieldIsWrong) {
  const auto umlaut = refused_transfer([](auto& t) { t.creditor.name = "M\xC3\xBCller"; });
  EXPECT_EQ(umlaut.what, fault::bad_character);
  EXPECT_EQ(umlaut.item, 1u);
  EXPECT_EQ(umlaut.field, "Cdtr/Nm");
  EXPECT_EQ(umlaut.detail, "byte 195 at place 1");
  const auto what = [](auto change) { return refused_transfer(change).what; };
  EXPECT_EQ(what([](auto& t) { t.remittance = "a<b"; }), fault::bad_character);
  EXPECT_EQ(what([](auto& t) { t.creditor.name = " Shop"; }), fault::bad_character);
  EXPECT_EQ(what([](auto& t) { t.creditor.name = "Shop "; }), fault::bad_character);
  EXPECT_EQ(what([](auto& t) { t.remittance.assign(141, 'x'); }), fault::too_long);
  EXPECT_EQ(what([](auto& t) { t.end_to_end_id.clear(); }), fault::missing);
  EXPECT_EQ(what([](auto& t) { t.id.assign(36, 'x'); }), fault::too_long);
  EXPECT_EQ(what([](auto& t) { t.amount_minor = 0; }), fault::bad_amount);
  EXPECT_EQ(what([](auto& t) { t.amount_minor = -1; }), fault::bad_amount);
  EXPECT_EQ(what([](auto& t) { t.amount_minor = 1'000'000'000'000'000'000; }), fault::bad_amount);
  EXPECT_EQ(what([](auto& t) { t.currency = "USD"; }), fault::other_currency);
  EXPECT_EQ(what([](auto& t) { t.creditor.account.iban = "GB00NWBK60161331926819"; }),
            fault::bad_iban);
}

TEST(Initiation, RefusesASumOfMoreDigitsThanTheSchemaHas) {
  auto transfers = some_transfers(2);
  for (auto& transfer : transfers)
    transfer.amount_minor = 600'000'000'000'000'000;
  EXPECT_EQ(fault_of(pain_001_001_03, some_order(), transfers), fault::bad_amount);
  EXPECT_EQ(fault_of(pain_001_001_03, some_order(), {}), fault::no_transfers);
}

TEST(Initiation, BetweenBanksNamesBothOfThem) {
  EXPECT_EQ(refused_order([](auto& o) { o.debtor.bic.clear(); }, pacs_008_001_08).what,
            fault::missing);
  EXPECT_EQ(refused_transfer([](auto& t) { t.creditor.bic.clear(); }, pacs_008_001_08).what,
            fault::missing);
  EXPECT_EQ(refused_order([](auto& o) { o.settlement = "COVE"; }, pacs_008_001_08).what,
            fault::bad_code);
}

TEST(Initiation, WritesNothingIfAnythingIsWrong) {
  auto transfers = some_transfers(5000);
  transfers.back().creditor.name.clear();
  std::size_t pieces = 0;
  const auto written = write(pain_001_001_09, some_order(), source_of(transfers), [&](auto) {
    ++pieces;
    return true;
  });
  EXPECT_EQ(written.error().item, 4999u);
  EXPECT_EQ(pieces, 0u);
}

TEST(Initiation, SaysThatItsSourceOrItsSinkFailed) {
  auto transfers = some_transfers(3000);
  int runs = 0;
  const transfer_source changing = [&](const transfer_visitor& visitor) {
    transfers[7].amount_minor += runs++;
    return source_of(transfers)(visitor);
  };
  const auto take = [](std::string_view) { return true; };
  EXPECT_EQ(write(pain_001_001_03, some_order(), changing, take).error().what,
            fault::source_changed);
  int left = 2;
  const auto full = [&](std::string_view) { return left-- > 0; };
  EXPECT_EQ(write(pain_001_001_03, some_order(), source_of(transfers), full).error().what,
            fault::sink_failed);
  EXPECT_EQ(left, -1);
}

} // namespace ducat::iso20022
