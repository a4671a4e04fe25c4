/// What banks say of payouts: status reports, statements and notifications, in our words.
#pragma once

#include <ducat/iso20022/bank_statement.hpp>
#include <ducat/iso20022/import.hpp>
#include <ducat/iso20022/status_report.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::settlement {

/// Banks know ids with '-' for '_': "po-EUR-1-2" is the payout po_EUR_1_2, the second one of
/// pob_EUR_1.
struct payout_ref {
  std::string currency{};
  std::uint64_t batch = 0;
  std::uint64_t place = 0; ///< From 1; 0: the whole batch.

  /// Returns the id here, of a payout or a batch.
  std::string id() const;
  std::string batch_id() const;

  friend bool operator==(const payout_ref&, const payout_ref&) = default;
};

/// Return what a bank's id names; nothing if it is none of ours.
std::optional<payout_ref> payout_known_as(std::string_view end_to_end_id);
std::optional<payout_ref> batch_known_as(std::string_view message_id);

enum class bank_says : std::uint8_t {
  booked,   ///< The money has left the account.
  returned, ///< It is on the account again.
  rejected, ///< It has not left, and will not.
  waiting,  ///< Ordered, accepted, or not booked yet: nothing follows.
  doubtful, ///< None of these for certain; `text` says why.
};

std::string_view to_string(bank_says value) noexcept;
std::ostream& operator<<(std::ostream& out, bank_says value);

/// Of one payout, or of a batch as a whole.
struct bank_answer {
  std::size_t line = 0;
  bank_says what = bank_says::doubtful;
  payout_ref of{};
  std::optional<iso20022::money> amount{}; ///< Nothing: the file does not say, as status reports.
  std::string account{};                   ///< Of the statement; empty: the file does not say.
  std::optional<std::chrono::year_month_day> booked_on{};
  std::string reason{}; ///< A code such as "AC04", or the bank's own.
  std::string text{};   ///< For people.

  friend bool operator==(const bank_answer&, const bank_answer&) = default;
};

std::ostream& operator<<(std::ostream& out, const bank_answer& what);

using answer_visitor = std::function<void(bank_answer)>;

/// Gives what an entry of the statement of `account` says of payouts. A debit of which the bank
/// names no transfers is that of a batch, if it names one. A credit is a return only if the bank
/// says that it is: by a reason, a reversal, or its code for returns. Returns how many of its
/// transfers are not payouts; one without details counts as one.
std::size_t answers_in(const iso20022::bank_entry& entry, const std::string& account,
                       const answer_visitor& visitor);

/// Returns what a status says; nothing if it is about no payout. That an order was settled (ACSC)
/// is `waiting`, too: by its definition the code is no financial information, and the booking
/// follows.
std::optional<bank_answer> answer_in(const iso20022::order_status& status);

enum class bank_file : std::uint8_t { statement, status_report, entries_csv };

std::string_view to_string(bank_file value) noexcept;

/// Returns which kind of file begins with these bytes (64 KiB of them are enough): XML whose root
/// is that of a status report, other XML, or something else.
bank_file kind_of(std::string_view beginning);

struct answers_report {
  iso20022::import_report import{};
  std::size_t not_ours = 0; ///< Transfers and statuses that are about no payout.
};

/// Reads a file of any length in bounded memory. If the import is not complete, what was given is
/// to be thrown away.
answers_report read_answers(const iso20022::byte_source& bytes, bank_file kind,
                            const answer_visitor& visitor);

} // namespace ducat::settlement
