#include "iso20022/order_text.hpp"

#include "iso20022/date_text.hpp"

#include <ducat/iso20022/amount.hpp>
#include <ducat/payment/currency.hpp>

namespace ducat::iso20022 {

namespace {

using std::string_view;
using enum order_message;

std::string amount_text(const initiation& order, std::int64_t minor) {
  return to_decimal(minor, payment::find_currency(order.currency)->exponent);
}

void write_amount(xml_writer& out, string_view name, const initiation& order, std::int64_t minor) {
  out.leaf(name, amount_text(order, minor), " Ccy=\"" + order.currency + '"');
}

void write_name(xml_writer& out, string_view role, string_view name) {
  out.open(role);
  out.leaf("Nm", name);
  out.close();
}

void write_account(xml_writer& out, string_view name, const account_id& account) {
  out.open(name);
  out.open("Id");
  if (account.other.empty()) {
    out.leaf("IBAN", account.iban);
  } else {
    out.open("Othr");
    out.leaf("Id", account.other);
    out.close();
  }
  out.close();
  out.close();
}

void write_bank(xml_writer& out, order_message which, string_view name, string_view bic) {
  out.open(name);
  out.open("FinInstnId");
  if (bic.empty()) {
    out.open("Othr");
    out.leaf("Id", "NOTPROVIDED");
    out.close();
  } else {
    out.leaf(which == pain_001_001_03 ? "BIC" : "BICFI", bic);
  }
  out.close();
  out.close();
}

void write_day(xml_writer& out, order_message which, const initiation& order) {
  if (which == pain_001_001_03)
    return out.leaf("ReqdExctnDt", day_text(order.execution_date));
  out.open("ReqdExctnDt");
  out.leaf("Dt", day_text(order.execution_date));
  out.close();
}

void write_service_level(xml_writer& out, const initiation& order) {
  if (order.service_level.empty())
    return;
  out.open("PmtTpInf");
  out.open("SvcLvl");
  out.leaf("Cd", order.service_level);
  out.close();
  out.close();
}

void write_remittance(xml_writer& out, const credit_transfer& transfer) {
  if (transfer.remittance.empty())
    return;
  out.open("RmtInf");
  out.leaf("Ustrd", transfer.remittance);
  out.close();
}

void write_initiation_header(xml_writer& out, const initiation& order,
                             const control_totals& totals) {
  out.open("GrpHdr");
  out.leaf("MsgId", order.message_id);
  out.leaf("CreDtTm", second_text(order.created_at));
  out.leaf("NbOfTxs", std::to_string(totals.count));
  out.leaf("CtrlSum", amount_text(order, totals.sum_minor));
  write_name(out, "InitgPty",
             order.initiating_party.empty() ? order.debtor.name : order.initiating_party);
  out.close();
}

void write_payment_head(xml_writer& out, order_message which, const initiation& order,
                        const control_totals& totals) {
  out.open("PmtInf");
  out.leaf("PmtInfId", order.payment_id.empty() ? order.message_id : order.payment_id);
  out.leaf("PmtMtd", "TRF");
  out.leaf("BtchBookg", order.books_as_one ? "true" : "false");
  out.leaf("NbOfTxs", std::to_string(totals.count));
  out.leaf("CtrlSum", amount_text(order, totals.sum_minor));
  write_service_level(out, order);
  write_day(out, which, order);
  write_name(out, "Dbtr", order.debtor.name);
  write_account(out, "DbtrAcct", order.debtor.account);
  write_bank(out, which, "DbtrAgt", order.debtor.bic);
  out.leaf("ChrgBr", order.charges);
}

void write_interbank_header(xml_writer& out, const initiation& order,
                            const control_totals& totals) {
  out.open("GrpHdr");
  out.leaf("MsgId", order.message_id);
  out.leaf("CreDtTm", second_text(order.created_at));
  out.leaf("NbOfTxs", std::to_string(totals.count));
  write_amount(out, "TtlIntrBkSttlmAmt", order, totals.sum_minor);
  out.leaf("IntrBkSttlmDt", day_text(order.execution_date));
  out.open("SttlmInf");
  out.leaf("SttlmMtd", order.settlement);
  out.close();
  out.close();
}

void write_customer_transfer(xml_writer& out, order_message which, const initiation& order,
                             const credit_transfer& transfer) {
  out.open("PmtId");
  out.optional_leaf("InstrId", transfer.id);
  out.leaf("EndToEndId", transfer.end_to_end_id);
  out.close();
  out.open("Amt");
  write_amount(out, "InstdAmt", order, transfer.amount_minor);
  out.close();
  if (!transfer.creditor.bic.empty())
    write_bank(out, which, "CdtrAgt", transfer.creditor.bic);
}

void write_interbank_transfer(xml_writer& out, const initiation& order,
                              const credit_transfer& transfer) {
  out.open("PmtId");
  out.leaf("EndToEndId", transfer.end_to_end_id);
  out.leaf("TxId", transfer.id.empty() ? transfer.end_to_end_id : transfer.id);
  out.close();
  write_service_level(out, order);
  write_amount(out, "IntrBkSttlmAmt", order, transfer.amount_minor);
  out.leaf("ChrgBr", order.charges);
  write_name(out, "Dbtr", order.debtor.name);
  write_account(out, "DbtrAcct", order.debtor.account);
  write_bank(out, pacs_008_001_08, "DbtrAgt", order.debtor.bic);
  write_bank(out, pacs_008_001_08, "CdtrAgt", transfer.creditor.bic);
}

} // namespace

void write_head(xml_writer& out, order_message which, const initiation& order,
                const control_totals& totals) {
  out.open("Document",
           " xmlns=\"urn:iso:std:iso:20022:tech:xsd:" + std::string{to_string(which)} + '"');
  if (which == pacs_008_001_08) {
    out.open("FIToFICstmrCdtTrf");
    return write_interbank_header(out, order, totals);
  }
  out.open("CstmrCdtTrfInitn");
  write_initiation_header(out, order, totals);
  write_payment_head(out, which, order, totals);
}

void write_transfer(xml_writer& out, order_message which, const initiation& order,
                    const credit_transfer& transfer) {
  out.open("CdtTrfTxInf");
  if (which == pacs_008_001_08)
    write_interbank_transfer(out, order, transfer);
  else
    write_customer_transfer(out, which, order, transfer);
  write_name(out, "Cdtr", transfer.creditor.name);
  write_account(out, "CdtrAcct", transfer.creditor.account);
  write_remittance(out, transfer);
  out.close();
}

void write_tail(xml_writer& out, order_message which) {
  if (which != pacs_008_001_08)
    out.close();
  out.close();
  out.close();
}

} // namespace ducat::iso20022
