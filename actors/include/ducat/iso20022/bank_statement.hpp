/// Statements of banks: camt.053, camt.054 and camt.052 in their versions .02 and .08.
#pragma once

#include <ducat/iso20022/import.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ducat::iso20022 {

enum class direction : std::uint8_t { credit, debit };
enum class entry_status : std::uint8_t { booked, pending, information, future };

struct money {
  std::int64_t minor = 0;
  std::string currency{};

  friend bool operator==(const money&, const money&) = default;
};

/// Writes "1205 minor units of EUR".
std::ostream& operator<<(std::ostream& out, const money& amount);

/// One of the payments that an entry is made of (TxDtls). What the file does not have is empty.
struct transaction {
  std::string end_to_end_id{}; ///< "NOTPROVIDED" as it stands in the file.
  std::string transaction_id{};
  std::string instruction_id{};
  std::string payment_id{}; ///< PmtInfId: the batch that it was ordered in.
  std::string message_id{};
  std::string servicer_reference{};
  std::string uetr{};
  std::optional<money> amount{};
  std::optional<direction> side{}; ///< Nothing: that of its entry.
  std::string return_reason{};     ///< A code such as "AC04", or the bank's own.
  std::string return_text{};
  std::string debtor{};
  std::string debtor_account{};
  std::string creditor{};
  std::string creditor_account{};
  std::string remittance{}; ///< Its lines, with a space between.
  std::string creditor_reference{};
};

struct bank_entry {
  std::size_t line = 0;    ///< Where it begins.
  std::string reference{}; ///< NtryRef
  std::string servicer_reference{};
  money amount{};        ///< Not negative.
  direction side{};      ///< As booked: a returned debit is a credit.
  bool reversal = false; ///< It takes back an earlier entry.
  entry_status status{};
  std::optional<std::chrono::year_month_day> booking_date{}; ///< As the bank has it: no time zones.
  std::optional<std::chrono::year_month_day> value_date{};
  std::string bank_code{};        ///< "PMNT/RCDT/ESCT", or the bank's own.
  std::string batch_message_id{}; ///< NtryDtls/Btch
  std::string batch_payment_id{};
  std::string information{};
  std::vector<transaction> transactions{};

  /// Returns the amount with the sign that it has in the balance.
  std::int64_t signed_minor() const noexcept {
    return side == direction::credit ? amount.minor : -amount.minor;
  }
};

struct balance {
  std::string code{}; ///< OPBD, PRCD, CLBD, ...
  money amount{};     ///< Less than 0: a debit balance.
  std::optional<std::chrono::year_month_day> date{};
};

struct statement_head {
  std::size_t line = 0;
  std::string message_id{};
  std::string id{};
  std::string account{};    ///< Its IBAN, or its other id.
  std::string currency{};   ///< Of the account; empty if the file does not say.
  std::string created_at{}; ///< As it stands in the file.
  std::vector<balance> balances{};
};

struct statement_totals {
  std::size_t entries = 0;
  std::size_t left_out = 0;
  std::int64_t booked_minor = 0; ///< Sum of the booked entries of the statement's currency.
  /// Whether opening balance + booked entries = closing balance; nothing: it cannot be told.
  std::optional<bool> agrees{};
};

/// Is given each statement: its head, its entries one by one, its totals.
class statement_visitor {
public:
  virtual ~statement_visitor() = default;
  virtual void on_statement(const statement_head& head) = 0;
  virtual void on_entry(bank_entry entry) = 0;
  virtual void on_end(const statement_totals& totals) = 0;
};

/// Reads statements of any length in bounded memory: at most one entry, of at most
/// `transactions_max` transactions, is held. Never throws for what is in the bytes.
import_report read_statements(const byte_source& bytes, statement_visitor& visitor);

constexpr std::size_t transactions_max = 200'000;

struct bank_statement {
  statement_head head{};
  std::vector<bank_entry> entries{};
  statement_totals totals{};
};

struct bank_statements {
  std::vector<bank_statement> statements{};
  import_report report{};
};

/// Returns all of a file that fits into memory.
bank_statements read_statements(std::string_view bytes);

} // namespace ducat::iso20022
