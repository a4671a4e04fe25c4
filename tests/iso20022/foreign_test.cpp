/// Files that others read and write: the npm package iso20022.js 0.0.15, in both directions. It
/// creates pain.001.001.03 and reads camt.053 and pain.002; its parser of XML reads any message.

#include "iso20022/date_text.hpp"
#include "iso20022/orders.hpp"
#include "iso20022/samples.hpp"
#include "iso20022/xml_reader.hpp"
#include "iso8583/foreign/installed_peer.hpp"

#include <ducat/iso20022/amount.hpp>
#include <ducat/iso20022/bank_statement.hpp>
#include <ducat/iso20022/status_report.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>

namespace ducat::iso20022 {

namespace {

using ducat::test::installed_peer;
using nlohmann::json;

class ForeignFiles : public ::testing::Test {
protected:
  void SetUp() override {
    const auto peer = installed_peer::get("iso20022.js");
    if (!peer)
      GTEST_SKIP() << peer.error();
    peer_ = *peer;
  }

  json ask(const std::string& what, const json& about) const {
    const auto answers = peer_->run(what, {about.dump()});
    return answers.empty() ? json{} : json::parse(answers[0], nullptr, false);
  }

private:
  std::optional<installed_peer> peer_;
};

json json_of(const bank_entry& entry) {
  const transaction first = entry.transactions.empty() ? transaction{} : entry.transactions[0];
  return {{"minor", entry.amount.minor},
          {"currency", entry.amount.currency},
          {"side", entry.side == direction::credit ? "credit" : "debit"},
          {"day", day_text(entry.booking_date.value())},
          {"servicer_reference", entry.servicer_reference},
          {"transactions", entry.transactions.size()},
          {"creditor", first.creditor},
          {"return_reason", first.return_reason}};
}

json json_of(const order_status& status) {
  const auto* const level = status.level == status_level::message   ? "group"
                            : status.level == status_level::payment ? "payment"
                                                                    : "transaction";
  return {{"level", level},
          {"end_to_end_id", status.original_end_to_end_id},
          {"code", status.code},
          {"reason", status.reason}};
}

/// The texts of an order by the ends of their paths; the last one of each.
class order_texts final : public element_visitor {
public:
  explicit order_texts(std::string_view bytes) {
    const auto failure = read_elements(source_of(bytes), *this);
    EXPECT_FALSE(failure) << *failure;
  }

  std::string at(const std::string& path) const {
    const auto found = texts_.find("CstmrCdtTrfInitn/" + path);
    return found == texts_.end() ? "(none)" : found->second;
  }

private:
  void on_document(std::string_view, std::size_t) override {}

  void on_begin(std::string_view, std::size_t) override {}

  void on_end(const element& ended) override {
    texts_[std::string{ended.path}] = ended.text;
    if (!ended.currency.empty())
      texts_[std::string{ended.path} + "/@Ccy"] = ended.currency;
  }

  std::map<std::string, std::string> texts_;
};

/// The first transfer of an order, for the package.
json payment_of(const credit_transfer& transfer) {
  return {{"id", transfer.id},
          {"type", "swift"},
          {"direction", "credit"},
          {"amount", transfer.amount_minor},
          {"currency", transfer.currency},
          {"remittanceInformation", transfer.remittance},
          {"creditor",
           {{"name", transfer.creditor.name},
            {"account", {{"iban", transfer.creditor.account.iban}}},
            {"agent", {{"bic", transfer.creditor.bic}}},
            {"address", {{"country", "GB"}}}}}};
}

} // namespace

// The package reads no entry without a booking date, and times as those of UTC.
TEST_F(ForeignFiles, StatementsAreReadAsOthersReadThem) {
  auto text = test::replaced(test::sample("camt.053.001.02"), "<Sts>PDNG</Sts>",
                             "<Sts>BOOK</Sts><BookgDt><Dt>2026-11-29</Dt></BookgDt>");
  text = test::replaced(text, ">0.03<", ">0.29<");
  const auto theirs = ask("statement", text);
  const auto ours = read_statements(text);
  ASSERT_EQ(ours.statements.at(0).entries.size(), 3u);
  ASSERT_EQ(theirs.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(theirs[i], json_of(ours.statements[0].entries[i]));
  EXPECT_EQ(theirs[2]["minor"], 29);
}

// The package does not know PART, and gives the payment's status before those of its transactions.
TEST_F(ForeignFiles, StatusesAreReadAsOthersReadThem) {
  auto text = test::replaced(test::sample("pain.002.001.03"), ">PART<", ">ACSP<");
  text = test::replaced(text, ">PART<", ">ACTC<");
  const auto theirs = ask("status", text);
  auto ours = json::array();
  for (const auto& status : read_status_report(text).statuses)
    ours.push_back(json_of(status));
  ASSERT_EQ(ours.size(), 4u);
  EXPECT_EQ(theirs, (json{ours[0], ours[3], ours[1], ours[2]}));
}

TEST_F(ForeignFiles, OrdersHaveTheValuesThatOthersWrite) {
  auto order = test::some_order();
  order.payment_id = "I-1";
  order.books_as_one = false;
  order.charges = "SHAR";
  order.service_level = "URGP";
  order.execution_date = std::chrono::November / 29 / 2026;
  auto transfers = test::some_transfers(1);
  transfers[0].end_to_end_id = transfers[0].id;
  transfers[0].amount_minor = 29;
  const order_texts ours{write(order_message::pain_001_001_03, order, transfers).value()};
  const auto text = ask("order", {{"id", order.message_id},
                                  {"created_at", "2026-11-29T07:05:09Z"},
                                  {"debtor",
                                   {{"name", order.debtor.name},
                                    {"id", "DUCAT"},
                                    {"account", {{"iban", order.debtor.account.iban}}},
                                    {"agent", {{"bic", order.debtor.bic}}}}},
                                  {"payment", payment_of(transfers[0])}});
  ASSERT_TRUE(text.is_string()) << text;
  const order_texts theirs{text.get<std::string>()};
  const std::string transfer = "PmtInf/CdtTrfTxInf/";
  for (const auto& path : {std::string{"GrpHdr/MsgId"},
                           std::string{"GrpHdr/NbOfTxs"},
                           std::string{"GrpHdr/InitgPty/Nm"},
                           std::string{"PmtInf/PmtInfId"},
                           std::string{"PmtInf/PmtMtd"},
                           std::string{"PmtInf/BtchBookg"},
                           std::string{"PmtInf/PmtTpInf/SvcLvl/Cd"},
                           std::string{"PmtInf/ReqdExctnDt"},
                           std::string{"PmtInf/Dbtr/Nm"},
                           std::string{"PmtInf/DbtrAcct/Id/IBAN"},
                           std::string{"PmtInf/DbtrAgt/FinInstnId/BIC"},
                           std::string{"PmtInf/ChrgBr"},
                           transfer + "PmtId/InstrId",
                           transfer + "PmtId/EndToEndId",
                           transfer + "Amt/InstdAmt",
                           transfer + "Amt/InstdAmt/@Ccy",
                           transfer + "CdtrAgt/FinInstnId/BIC",
                           transfer + "Cdtr/Nm",
                           transfer + "CdtrAcct/Id/IBAN",
                           transfer + "RmtInf/Ustrd"}) {
    EXPECT_EQ(theirs.at(path), ours.at(path)) << path;
    EXPECT_NE(ours.at(path), "(none)") << path;
  }
}

TEST_F(ForeignFiles, OrdersAreReadByAnotherParser) {
  const auto transfers = test::some_transfers(3);
  for (const auto which : {order_message::pain_001_001_03, order_message::pain_001_001_09}) {
    const auto read = ask("parse", write(which, test::some_order(), transfers).value());
    const auto& message = read.at("Document").at("CstmrCdtTrfInitn");
    EXPECT_EQ(message.at("GrpHdr").at("CtrlSum"), "30.18");
    const auto& items = message.at("PmtInf").at("CdtTrfTxInf");
    ASSERT_EQ(items.size(), 3u);
    for (std::size_t i = 0; i < items.size(); ++i) {
      EXPECT_EQ(items[i].at("PmtId").at("EndToEndId"), transfers[i].end_to_end_id);
      EXPECT_EQ(items[i].at("Amt").at("InstdAmt").at("#text"),
                to_decimal(transfers[i].amount_minor, 2));
      EXPECT_EQ(items[i].at("Cdtr").at("Nm"), transfers[i].creditor.name);
    }
  }
}

} // namespace ducat::iso20022
