#include "iso20022/entry_draft.hpp"

#include "iso20022/import_text.hpp"

#include <ducat/iso20022/amount.hpp>

namespace ducat::iso20022 {

namespace {

constexpr std::string_view transaction_path = "NtryDtls/TxDtls";

constexpr std::array entry_texts = std::to_array<text_field<bank_entry>>({
    {"NtryRef", &bank_entry::reference},
    {"AcctSvcrRef", &bank_entry::servicer_reference},
    {"NtryDtls/Btch/MsgId", &bank_entry::batch_message_id},
    {"NtryDtls/Btch/PmtInfId", &bank_entry::batch_payment_id},
    {"AddtlNtryInf", &bank_entry::information},
});

/// Parties are one level deeper from version .04 on.
constexpr std::array transaction_texts = std::to_array<text_field<transaction>>({
    {"Refs/EndToEndId", &transaction::end_to_end_id},
    {"Refs/TxId", &transaction::transaction_id},
    {"Refs/InstrId", &transaction::instruction_id},
    {"Refs/PmtInfId", &transaction::payment_id},
    {"Refs/MsgId", &transaction::message_id},
    {"Refs/AcctSvcrRef", &transaction::servicer_reference},
    {"Refs/UETR", &transaction::uetr},
    {"RtrInf/Rsn/Cd", &transaction::return_reason},
    {"RtrInf/Rsn/Prtry", &transaction::return_reason},
    {"RtrInf/AddtlInf", &transaction::return_text, true},
    {"RltdPties/Dbtr/Nm", &transaction::debtor},
    {"RltdPties/Dbtr/Pty/Nm", &transaction::debtor},
    {"RltdPties/DbtrAcct/Id/IBAN", &transaction::debtor_account},
    {"RltdPties/DbtrAcct/Id/Othr/Id", &transaction::debtor_account},
    {"RltdPties/Cdtr/Nm", &transaction::creditor},
    {"RltdPties/Cdtr/Pty/Nm", &transaction::creditor},
    {"RltdPties/CdtrAcct/Id/IBAN", &transaction::creditor_account},
    {"RltdPties/CdtrAcct/Id/Othr/Id", &transaction::creditor_account},
    {"RmtInf/Ustrd", &transaction::remittance, true},
    {"RmtInf/Strd/CdtrRefInf/Ref", &transaction::creditor_reference},
});

bool is_below(std::string_view path, std::string_view parent) {
  return path.size() > parent.size() && path.starts_with(parent) && path[parent.size()] == '/';
}

} // namespace

entry_draft::entry_draft(std::size_t line, import_report& report) : report_{report} {
  entry_.line = line;
}

void entry_draft::begin(std::string_view path, std::size_t line) {
  if (path != transaction_path)
    return;
  if (entry_.transactions.size() < transactions_max)
    entry_.transactions.emplace_back();
  else if (!in_doubt_)
    doubt(remark::too_many, {.path = path, .line = line}, "transactions of one entry");
}

void entry_draft::end(std::string_view path, const element& ended) {
  if (is_below(path, transaction_path))
    return end_of_transaction(path.substr(transaction_path.size() + 1), ended);
  if (assign_text(entry_texts, entry_, path, ended.text))
    return;
  if (path == "Amt")
    return set_amount(amount_, ended);
  if (path == "CdtDbtInd")
    return set_side(side_, ended);
  if (path == "Sts/Cd" || (path == "Sts" && !ended.text.empty()))
    return set_status(ended);
  if (path == "RvslInd")
    return set_reversal(ended);
  if (path == "BookgDt/Dt" || path == "BookgDt/DtTm")
    return set_date(entry_.booking_date, ended);
  if (path == "ValDt/Dt" || path == "ValDt/DtTm")
    return set_date(entry_.value_date, ended);
  if (is_below(path, "BkTxCd"))
    bank_code(path.substr(path.find('/') + 1), ended.text);
}

std::optional<bank_entry> entry_draft::finish() {
  need(amount_.has_value(), "Amt");
  need(side_.has_value(), "CdtDbtInd");
  need(status_.has_value(), "Sts");
  if (in_doubt_)
    return std::nullopt;
  entry_.amount = *amount_;
  entry_.side = *side_;
  entry_.status = *status_;
  check_transactions();
  return std::move(entry_);
}

void entry_draft::end_of_transaction(std::string_view path, const element& ended) {
  transaction& last = entry_.transactions.back();
  if (assign_text(transaction_texts, last, path, ended.text))
    return;
  if (path == "Amt")
    return set_amount(last.amount, ended);
  if (path == "AmtDtls/TxAmt/Amt" && !last.amount)
    return set_amount(last.amount, ended);
  if (path == "CdtDbtInd")
    set_side(last.side, ended);
}

void entry_draft::bank_code(std::string_view path, std::string_view text) {
  if (path == "Domn/Cd" || path == "Prtry/Cd") {
    if (entry_.bank_code.empty() || path == "Domn/Cd")
      entry_.bank_code = text;
  } else if (path == "Domn/Fmly/Cd" || path == "Domn/Fmly/SubFmlyCd") {
    entry_.bank_code.append("/").append(text);
  }
}

void entry_draft::set_amount(std::optional<money>& to, const element& ended) {
  if (to)
    return doubt(remark::repeated, ended, "a second one");
  const auto read = money_from(ended.text, ended.currency);
  if (!read)
    return doubt(read.error(), ended, quoted(ended.text) + ' ' + quoted(ended.currency));
  to = *read;
}

void entry_draft::set_side(std::optional<direction>& to, const element& ended) {
  if (to)
    return doubt(remark::repeated, ended, "a second one");
  to = direction_from(ended.text);
  if (!to)
    doubt(remark::bad_code, ended, quoted(ended.text));
}

void entry_draft::set_status(const element& ended) {
  if (status_)
    return doubt(remark::repeated, ended, "a second one");
  status_ = entry_status_from(ended.text);
  if (!status_)
    doubt(remark::bad_code, ended, quoted(ended.text));
}

void entry_draft::set_date(std::optional<std::chrono::year_month_day>& to, const element& ended) {
  if (to)
    return doubt(remark::repeated, ended, "a second one");
  to = day_from(ended.text);
  if (!to)
    doubt(remark::bad_date, ended, quoted(ended.text));
}

void entry_draft::set_reversal(const element& ended) {
  entry_.reversal = ended.text == "true" || ended.text == "1";
  if (!entry_.reversal && ended.text != "false" && ended.text != "0")
    doubt(remark::bad_code, ended, quoted(ended.text));
}

void entry_draft::check_transactions() {
  std::optional<std::int64_t> sum = 0;
  for (const transaction& one : entry_.transactions) {
    if (!one.amount || one.amount->currency != entry_.amount.currency)
      return;
    const bool adds = one.side.value_or(entry_.side) == entry_.side;
    sum = sum ? add(*sum, adds ? one.amount->minor : -one.amount->minor) : sum;
  }
  if (!entry_.transactions.empty() && sum != entry_.amount.minor)
    report_.add({.what = remark::details_differ,
                 .line = entry_.line,
                 .where = "Ntry/NtryDtls",
                 .detail = std::to_string(entry_.transactions.size()) + " transactions"});
}

void entry_draft::doubt(remark what, const element& where, std::string detail) {
  in_doubt_ = true;
  report_.add({.what = what,
               .line = where.line,
               .where = std::string{where.path},
               .detail = std::move(detail)});
}

void entry_draft::need(bool there, std::string_view name) {
  if (!there && !in_doubt_)
    doubt(remark::missing, {.path = name, .line = entry_.line}, "the entry needs it");
}

} // namespace ducat::iso20022
