/// Payment orders: pain.001 to one's own bank, pacs.008 between banks.
///
/// Strict: what is written fits its schema, and holds only the characters that banks take from each
/// other (a-z A-Z 0-9 / - ? : ( ) . , ' + and the space). Nothing is cut or transliterated; what
/// does not fit is refused before the first byte. Pure: equal input makes equal bytes, for any
/// number of transfers. Memory is bounded: transfers are visited twice, first to check and to add
/// up.
#pragma once

#include <ducat/iso20022/problem.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>

namespace ducat::iso20022 {

enum class order_message : std::uint8_t { pain_001_001_03, pain_001_001_09, pacs_008_001_08 };

/// Returns "pain.001.001.03".
std::string_view to_string(order_message which) noexcept;
std::ostream& operator<<(std::ostream& out, order_message which);

/// One of the two is given.
struct account_id {
  std::string iban{};
  std::string other{}; ///< At most 34 characters: an account of a country without IBAN.
};

struct party {
  std::string name{}; ///< At most 140 characters.
  account_id account{};
  std::string bic{}; ///< Of its bank. Empty: not known; a pacs.008 must have it.
};

struct credit_transfer {
  std::string end_to_end_id{}; ///< At most 35 characters, and comes back in statements.
  std::string id{};            ///< InstrId of a pain.001, TxId of a pacs.008; may be empty.
  std::int64_t amount_minor = 0;
  std::string currency{}; ///< "EUR"; that of the message.
  party creditor{};
  std::string remittance{}; ///< At most 140 characters; may be empty.
};

struct initiation {
  std::string message_id{};              ///< At most 35 characters.
  std::string payment_id{};              ///< PmtInfId; empty: the message's id.
  std::chrono::sys_seconds created_at{}; ///< From 1970 to 9999.
  std::string initiating_party{};        ///< Empty: the debtor's name.
  party debtor{};
  std::chrono::year_month_day execution_date{};
  std::string currency{};
  std::string service_level{};    ///< "SEPA" or another code of at most 4 characters, or empty.
  std::string charges{"SLEV"};    ///< SLEV, SHAR, DEBT or CRED.
  std::string settlement{"CLRG"}; ///< Only pacs.008: CLRG, INDA or INGA.
  bool books_as_one = true;       ///< One debit for all of them (BtchBookg).
};

/// Returns nothing, or why it stops.
using transfer_visitor = std::function<result<void>(const credit_transfer&)>;

/// Shows all transfers to the visitor, the same ones in the same order each time, and returns the
/// first error that the visitor returns.
using transfer_source = std::function<result<void>(const transfer_visitor&)>;

/// Takes the next bytes; returns false if it cannot.
using byte_sink = std::function<bool(std::string_view)>;

struct control_totals {
  std::uint64_t count = 0;
  std::int64_t sum_minor = 0;

  friend bool operator==(const control_totals&, const control_totals&) = default;
};

/// Returns what the transfers come to if all of it can be written. Errors: see `fault`.
result<control_totals> check(order_message which, const initiation& order,
                             const transfer_source& transfers);

/// Checks, then writes the message to `sink`, in pieces of about 64 KiB. Errors: those of check(),
/// and then the sink has nothing; source_changed and sink_failed, and then it has a part.
result<control_totals> write(order_message which, const initiation& order,
                             const transfer_source& transfers, const byte_sink& sink);

/// Returns the message's bytes: those that the streaming form writes.
result<std::string> write(order_message which, const initiation& order,
                          std::span<const credit_transfer> transfers);

/// Returns a source of these. They must live as long as it.
transfer_source source_of(std::span<const credit_transfer> transfers);

} // namespace ducat::iso20022
