#include "iso20022/import_text.hpp"
#include "iso20022/message_kind.hpp"

#include <ducat/iso20022/status_report.hpp>

namespace ducat::iso20022 {

namespace {

constexpr std::string_view message_path = "OrgnlGrpInfAndSts";
constexpr std::string_view payment_path = "OrgnlPmtInfAndSts";
constexpr std::string_view transaction_status_path = "TxInfAndSts";

constexpr std::array report_kinds = std::to_array<message_kind>({
    {"CstmrPmtStsRpt", "pain.002.001.", ""},
    {"FIToFIPmtStsRpt", "pacs.002.001.", ""},
});

constexpr std::array status_texts = std::to_array<text_field<order_status>>({
    {"OrgnlMsgId", &order_status::original_message_id},
    {"OrgnlGrpInf/OrgnlMsgId", &order_status::original_message_id},
    {"OrgnlPmtInfId", &order_status::original_payment_id},
    {"OrgnlEndToEndId", &order_status::original_end_to_end_id},
    {"OrgnlInstrId", &order_status::original_id},
    {"OrgnlTxId", &order_status::original_id},
    {"AcctSvcrRef", &order_status::servicer_reference},
    {"GrpSts", &order_status::code},
    {"PmtInfSts", &order_status::code},
    {"TxSts", &order_status::code},
    {"StsRsnInf/Rsn/Cd", &order_status::reason},
    {"StsRsnInf/Rsn/Prtry", &order_status::reason},
    {"StsRsnInf/AddtlInf", &order_status::text, true},
});

std::string_view last_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool has_status(const order_status& one) {
  return !one.code.empty() || !one.reason.empty();
}

/// Holds one status of each level, because they lie in each other.
class status_reader final : public message_reader {
public:
  status_reader(const std::function<void(order_status)>& visitor, import_report& report)
      : message_reader{report_kinds, report}, visitor_{visitor} {}

private:
  void on_item_begin(std::string_view path, std::size_t line) override {
    const auto name = last_of(path);
    if (path == message_path)
      message_ = {.line = line, .level = status_level::message};
    else if (path == payment_path)
      payment_ = {.line = line, .level = status_level::payment};
    else if (name == transaction_status_path)
      transaction_ = {.line = line, .level = status_level::transaction};
  }

  void on_item_end(std::string_view path, const element& ended) override {
    const std::string in_payment = std::string{payment_path} + '/';
    const std::string in_transaction = std::string{transaction_status_path} + '/';
    if (path == message_path)
      give(message_);
    else if (path == payment_path)
      give(payment_);
    else if (last_of(path) == transaction_status_path)
      give(transaction_);
    else if (const auto at = path.find(in_transaction); at != path.npos)
      assign_text(status_texts, transaction_, path.substr(at + in_transaction.size()), ended.text);
    else if (path.starts_with(in_payment))
      assign_text(status_texts, payment_, path.substr(in_payment.size()), ended.text);
    else if (path.starts_with(std::string{message_path} + '/'))
      assign_text(status_texts, message_, path.substr(message_path.size() + 1), ended.text);
  }

  void give(const order_status& done) {
    if (!has_status(done)) {
      if (done.level == status_level::transaction)
        ++report().left_out;
      return;
    }
    ++report().read;
    order_status complete = done;
    complete.report_id = message_id();
    if (complete.original_message_id.empty())
      complete.original_message_id = message_.original_message_id;
    if (complete.level == status_level::transaction)
      complete.original_payment_id = payment_.original_payment_id;
    visitor_(std::move(complete));
  }

  const std::function<void(order_status)>& visitor_;
  order_status message_;
  order_status payment_;
  order_status transaction_;
};

} // namespace

order_state state_of(std::string_view code) noexcept {
  using enum order_state;
  if (code == "RJCT" || code == "CANC")
    return rejected;
  if (code == "ACSC" || code == "ACCC")
    return settled;
  if (code == "PART")
    return partly;
  if (code == "PDNG" || code == "RCVD" || code == "ACTC" || code == "PATC")
    return pending;
  if (code == "ACCP" || code == "ACSP" || code == "ACWC" || code == "ACWP" || code == "ACFC")
    return accepted;
  return unknown;
}

import_report read_status_report(const byte_source& bytes,
                                 const std::function<void(order_status)>& visitor) {
  import_report report;
  status_reader reader{visitor, report};
  reader.read(bytes);
  return report;
}

status_report read_status_report(std::string_view bytes) {
  status_report all;
  all.report = read_status_report(
      source_of(bytes), [&](order_status one) { all.statuses.push_back(std::move(one)); });
  return all;
}

} // namespace ducat::iso20022
