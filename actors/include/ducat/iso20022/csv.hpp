/// CSV as RFC 4180 has it: commas, CRLF, quotes where they are needed, and a header.
#pragma once

#include <ducat/iso20022/bank_statement.hpp>
#include <ducat/iso20022/problem.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace ducat::iso20022 {

/// Returns the fields as one line, with its CRLF.
std::string csv_line(std::span<const std::string> fields);

/// A payout as people and their programs take it.
struct payout_row {
  std::string payout{};
  std::string batch{};
  std::string merchant{};
  money amount{};
  std::string end_to_end_id{};
  std::string account{}; ///< IBAN or another id.
  std::string state{};
  std::chrono::year_month_day execution_date{};
};

/// A capture or a refund of a payout or a window.
struct member_row {
  std::string payment{};
  std::string transfer{};
  std::string merchant{};
  std::uint64_t window = 0;
  std::chrono::year_month_day business_date{};
  std::chrono::sys_seconds captured_at{};
  money amount{}; ///< Less than 0: a refund.
  std::int64_t fee_minor = 0;
  std::string payout{}; ///< Empty: not paid out.
};

/// Return the header's line, and a row's. Errors: unknown_currency, bad_date.
std::string payout_csv_header();
result<std::string> to_csv(const payout_row& row);
std::string member_csv_header();
result<std::string> to_csv(const member_row& row);

/// A row of a file, and where it begins.
struct csv_row {
  std::size_t line = 0;
  std::vector<std::string> fields{};
};

/// Gives each row, in bounded memory. Lines end with CRLF or LF; empty ones are passed over, and so
/// is a byte order mark. Returns nothing, or why reading ended: not_well_formed (a quote where none
/// may be, or none where one must be), forbidden (a field or a row that is too long).
std::optional<note> read_csv(const byte_source& bytes, char separator,
                             const std::function<void(csv_row)>& visitor);

/// Gives the booked entries of a statement. The header names the columns, in any order:
///   amount, currency, credit_debit (CRDT or DBIT), booking_date   there must be these
///   value_date, reference, servicer_reference, end_to_end_id, transaction_id, instruction_id,
///   payment_id, reversal (true or false), return_reason, remittance, debtor, debtor_account,
///   creditor, creditor_account
/// Amounts are decimals with a point, dates are YYYY-MM-DD. As with XML, a row whose amount or date
/// is in doubt is reported and left out.
import_report read_entries_csv(const byte_source& bytes,
                               const std::function<void(bank_entry)>& visitor,
                               char separator = ',');

} // namespace ducat::iso20022
