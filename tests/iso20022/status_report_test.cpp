#include "iso20022/samples.hpp"

#include <ducat/iso20022/status_report.hpp>

#include <gtest/gtest.h>

namespace ducat::iso20022 {

TEST(StatusReport, HasTheStatusOfEachTransfer) {
  for (const auto* version : {"pain.002.001.03", "pain.002.001.10"}) {
    const auto [statuses, report] = read_status_report(test::sample(version));
    EXPECT_TRUE(report.complete);
    EXPECT_TRUE(report.notes.empty()) << report.notes[0];
    ASSERT_EQ(statuses.size(), 4u);
    EXPECT_EQ(statuses[0].level, status_level::message);
    EXPECT_EQ(statuses[0].code, "PART");
    EXPECT_EQ(statuses[1], (order_status{.line = 16,
                                         .level = status_level::transaction,
                                         .report_id = "RPT-1",
                                         .original_message_id = "EUR-2026-0001",
                                         .original_payment_id = "EUR-2026-0001",
                                         .original_end_to_end_id = "PO-1",
                                         .original_id = "I-1",
                                         .code = "RJCT",
                                         .reason = "AC01",
                                         .text = "Account number is not known"}));
    EXPECT_EQ(statuses[2].original_end_to_end_id, "PO-2");
    EXPECT_EQ(statuses[2].code, "ACSC");
    EXPECT_EQ(statuses[2].reason, "");
    EXPECT_EQ(statuses[3].level, status_level::payment);
  }
}

TEST(StatusReport, MayAnswerAnInterbankOrder) {
  const auto [statuses, report] = read_status_report(R"(
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.002.001.10"><FIToFIPmtStsRpt>
  <GrpHdr><MsgId>R</MsgId></GrpHdr>
  <TxInfAndSts><OrgnlGrpInf><OrgnlMsgId>M</OrgnlMsgId></OrgnlGrpInf>
    <OrgnlEndToEndId>E</OrgnlEndToEndId><OrgnlTxId>T</OrgnlTxId><TxSts>ACSC</TxSts></TxInfAndSts>
</FIToFIPmtStsRpt></Document>)");
  EXPECT_TRUE(report.complete);
  ASSERT_EQ(statuses.size(), 1u);
  EXPECT_EQ(statuses[0].original_message_id, "M");
  EXPECT_EQ(statuses[0].original_id, "T");
}

TEST(StatusReport, SaysWhatACodeMeans) {
  EXPECT_EQ(state_of("RJCT"), order_state::rejected);
  EXPECT_EQ(state_of("ACSC"), order_state::settled);
  EXPECT_EQ(state_of("ACSP"), order_state::accepted);
  EXPECT_EQ(state_of("PDNG"), order_state::pending);
  EXPECT_EQ(state_of("PART"), order_state::partly);
  EXPECT_EQ(state_of("XXXX"), order_state::unknown);
}

} // namespace ducat::iso20022
