/// Exceptions of reconciliation: differences that somebody, or a rule, has to dispose of. Pure.
///
/// What differs stands in suspense until then. If the external source has less than the internal
/// one, the account bears it meanwhile; if it has more, that is money of the hub which is nobody's:
///
///                            external has less             external has more
///   opened                   account -> suspense           liquidity -> suspense
///   corrected, late_matched  suspense -> account           suspense -> liquidity
///   accepted                 suspense -> liquidity         suspense -> account
///   write_off                suspense -> account           suspense -> fees
///                            and fees -> liquidity
///
/// So the suspense account is never in debit. Invariant (I8): its balance is the sum of what the
/// open exceptions have in it.
#pragma once

#include <ducat/machine.hpp>
#include <ducat/payment/refusal.hpp>
#include <ducat/settlement/difference.hpp>
#include <ducat/v1/exception.pb.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ducat::ledger {
struct kept_row;
}

namespace ducat::settlement {

constexpr int exceptions_per_command = 256;
constexpr std::size_t exceptions_open_max = 100'000;
constexpr std::int64_t stated_amount_max = 10'000'000'000'000; ///< Minor units, either sign.
constexpr std::uint32_t due_hours_max = 8'760;                 ///< A year.

using payment::refusal;

struct exception_verdict {
  refusal why = refusal::none;
  bool changes_nothing = false; ///< It has been done.

  friend bool operator==(const exception_verdict&, const exception_verdict&) = default;
};

/// Money that is to be moved. Accounts are the ids of accounts, which have the currency.
struct exception_move {
  std::string name; ///< Unique for ever: the id of the transfer follows from it.
  std::string debit;
  std::string credit;
  std::string currency;
  std::int64_t amount = 0; ///< Positive.

  friend bool operator==(const exception_move&, const exception_move&) = default;
};

std::ostream& operator<<(std::ostream& out, const exception_move& what);

/// Owned by the payment machine, which moves the money.
class exception_book {
public:
  /// Says why the command is refused, or that it would change nothing.
  exception_verdict check(const v1::SettlementExceptionCommand& command) const;

  /// Has the effect of a command that check() let pass; returns what is to be moved, in order.
  std::vector<exception_move> apply(const position& at,
                                    const v1::SettlementExceptionCommand& command);

  /// Returns nullptr if there is none.
  const v1::SettlementException* find(const std::string& id) const;

  v1::ListSettlementExceptionsReply ask(const v1::ListSettlementExceptionsRequest& question) const;

  /// Returns how many exceptions of the window are open. It is final only if there are none.
  std::uint64_t open_of(const std::string& currency, std::uint64_t window) const;

  /// Returns how many there are in all windows.
  std::uint64_t open_count() const noexcept { return open_count_; }

  /// Returns what the open exceptions have in suspense, in minor units of the currency.
  std::int64_t suspense_of(const std::string& currency) const;

  /// Forgets the exceptions of a window that is final. None of them may be open.
  void forget(const std::string& currency, std::uint64_t window);

  /// Returns the rows that differ from those that were taken before.
  std::vector<ledger::kept_row> take_changed_rows();

  /// Returns everything, as rows.
  std::vector<ledger::kept_row> all_rows() const;

  /// Takes a row back. Returns false if it is damaged.
  bool restore(std::string_view key, std::string_view value);

private:
  using window_key = std::pair<std::string, std::uint64_t>;

  exception_verdict check(const v1::OpenSettlementExceptions& command) const;
  exception_verdict check(const v1::AssignSettlementException& command) const;
  exception_verdict check(const v1::DisposeOfSettlementException& command) const;
  exception_verdict check(const v1::RaiseSettlementAlarm& command) const;
  void open(const position& at, const v1::OpenSettlementExceptions& command,
            std::vector<exception_move>& moves);
  void dispose(log_time at, const v1::DisposeOfSettlementException& command,
               std::vector<exception_move>& moves);
  v1::SettlementException& changed(const std::string& id);
  void count(const v1::SettlementException& of, std::int64_t sign);

  std::map<std::string, v1::SettlementException> exceptions_; ///< By id.
  std::map<window_key, std::uint64_t> open_;                  ///< How many; never 0.
  std::uint64_t open_count_ = 0;                              ///< The sum of those.
  std::map<std::string, std::int64_t> suspense_;              ///< By currency.
  std::set<std::string> changed_;                             ///< Since rows were taken.
};

/// Returns the id of the exception of a difference in a window of that currency.
std::string exception_id_of(const std::string& currency, const v1::SettlementDifference& of);

/// Returns what of a difference is in suspense while it is open: of each currency at most one
/// amount, net of fees if both sources state them, or there is only one.
std::vector<v1::SettlementSuspense> suspense_in(const v1::SettlementDifference& of);

/// Returns the difference as commands say it; nothing if a currency is not known.
std::optional<v1::SettlementDifference> message_of(const difference& what);

} // namespace ducat::settlement
