#include "iso20022/import_text.hpp"

#include <ducat/iso20022/csv.hpp>

#include <algorithm>

namespace ducat::iso20022 {

namespace {

constexpr std::array entry_columns = std::to_array<text_field<bank_entry>>({
    {"reference", &bank_entry::reference},
    {"servicer_reference", &bank_entry::servicer_reference},
});

constexpr std::array transaction_columns = std::to_array<text_field<transaction>>({
    {"end_to_end_id", &transaction::end_to_end_id},
    {"transaction_id", &transaction::transaction_id},
    {"instruction_id", &transaction::instruction_id},
    {"payment_id", &transaction::payment_id},
    {"return_reason", &transaction::return_reason},
    {"remittance", &transaction::remittance},
    {"debtor", &transaction::debtor},
    {"debtor_account", &transaction::debtor_account},
    {"creditor", &transaction::creditor},
    {"creditor_account", &transaction::creditor_account},
});

constexpr std::array needed_columns =
    std::to_array<std::string_view>({"amount", "currency", "credit_debit", "booking_date"});

bool has_column(const auto& table, std::string_view name) {
  return std::ranges::any_of(table, [&](const auto& field) { return field.path == name; });
}

bool is_column(std::string_view name) {
  return std::ranges::find(needed_columns, name) != needed_columns.end() || name == "value_date" ||
         name == "reversal" || has_column(entry_columns, name) ||
         has_column(transaction_columns, name);
}

class entry_rows {
public:
  entry_rows(import_report& report, const std::function<void(bank_entry)>& visitor)
      : report_{report}, visitor_{visitor} {}

  void take(const csv_row& row) {
    if (columns_.empty())
      return take_header(row);
    if (!usable_)
      return;
    in_doubt_ = false;
    auto entry = entry_of(row);
    if (in_doubt_) {
      ++report_.left_out;
      return;
    }
    ++report_.read;
    visitor_(std::move(entry));
  }

  /// Returns whether the header has what is needed.
  bool usable() const noexcept { return usable_; }

private:
  void take_header(const csv_row& row) {
    columns_ = row.fields;
    usable_ = true;
    for (const auto name : needed_columns)
      if (std::ranges::find(columns_, name) == columns_.end())
        refuse(remark::not_understood, name, "there is no such column");
    for (auto at = columns_.begin(); at != columns_.end(); ++at) {
      if (std::find(columns_.begin(), at, *at) != at)
        refuse(remark::repeated, *at, "there are two such columns");
      if (!is_column(*at))
        report_.add({.what = remark::unknown_column, .line = row.line, .where = *at});
    }
  }

  void refuse(remark what, std::string_view column, std::string detail) {
    usable_ = false;
    report_.add(
        {.what = what, .line = 1, .where = std::string{column}, .detail = std::move(detail)});
  }

  bank_entry entry_of(const csv_row& row) {
    bank_entry entry{.line = row.line, .status = entry_status::booked};
    if (row.fields.size() != columns_.size()) {
      doubt(remark::bad_row, row, "", std::to_string(row.fields.size()) + " fields");
      return entry;
    }
    transaction details;
    bool has_details = false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& text = row.fields[i];
      if (assign_text(transaction_columns, details, columns_[i], text))
        has_details = has_details || !text.empty();
      else if (!assign_text(entry_columns, entry, columns_[i], text))
        take_value(entry, row, i);
    }
    take_amount(entry, row);
    if (has_details)
      entry.transactions.push_back(std::move(details));
    return entry;
  }

  void take_value(bank_entry& entry, const csv_row& row, std::size_t at) {
    const auto& name = columns_[at];
    const auto& text = row.fields[at];
    if (name == "booking_date" || (name == "value_date" && !text.empty())) {
      auto& to = name == "booking_date" ? entry.booking_date : entry.value_date;
      to = text.size() == 10 ? day_from(text) : std::nullopt;
      if (!to)
        doubt(remark::bad_date, row, name, quoted(text));
    } else if (name == "credit_debit") {
      const auto side = direction_from(text);
      if (!side)
        return doubt(remark::bad_code, row, name, quoted(text));
      entry.side = *side;
    } else if (name == "reversal") {
      entry.reversal = text == "true";
      if (!entry.reversal && text != "false" && !text.empty())
        doubt(remark::bad_code, row, name, quoted(text));
    }
  }

  void take_amount(bank_entry& entry, const csv_row& row) {
    const auto text_of = [&](std::string_view name) -> const std::string& {
      const auto at = std::ranges::find(columns_, name) - columns_.begin();
      return row.fields[static_cast<std::size_t>(at)];
    };
    const auto amount = money_from(text_of("amount"), text_of("currency"));
    if (amount)
      entry.amount = *amount;
    else
      doubt(amount.error(), row, "amount",
            quoted(text_of("amount")) + ' ' + quoted(text_of("currency")));
  }

  void doubt(remark what, const csv_row& row, std::string_view column, std::string detail) {
    in_doubt_ = true;
    report_.add({.what = what,
                 .line = row.line,
                 .where = std::string{column},
                 .detail = std::move(detail)});
  }

  import_report& report_;
  const std::function<void(bank_entry)>& visitor_;
  std::vector<std::string> columns_;
  bool usable_ = false;
  bool in_doubt_ = false;
};

} // namespace

import_report read_entries_csv(const byte_source& bytes,
                               const std::function<void(bank_entry)>& visitor, char separator) {
  import_report report;
  entry_rows rows{report, visitor};
  if (auto failure = read_csv(bytes, separator, [&](const csv_row& row) { rows.take(row); }))
    report.add(*std::move(failure));
  else
    report.complete = rows.usable();
  return report;
}

} // namespace ducat::iso20022
