/// The reconciliation of one window with one acquirer and its bank: of what a node says and of the
/// files of others it makes what is to be opened as exceptions, and what has been seen. Nothing is
/// changed anywhere. For one thread.
#pragma once

#include <ducat/error.hpp>
#include <ducat/iso20022/import.hpp>
#include <ducat/settlement/acquirer_journal.hpp>
#include <ducat/settlement/fee.hpp>
#include <ducat/settlement/reconciliation.hpp>
#include <ducat/settlement/window_scope.hpp>
#include <ducat/v1/exception.pb.h>
#include <ducat/v1/settlement.pb.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ducat::settlement {

struct window_options {
  std::string currency{}; ///< ISO 4217, three letters.
  window_scope scope{};
  std::string acquirer{};               ///< The name of the link, and of its batches.
  std::optional<fee_rule> agreed_fee{}; ///< What the acquirer may keep of a capture.
  std::uint32_t acquirer_through = 0;   ///< See reconciliation_options.
  std::uint32_t bank_through = 0;
  bool has_bank = false;
  std::function<std::uint32_t(std::int64_t at_ms)> acquirer_date = utc_date;
  std::filesystem::path directory{}; ///< For files without a name.
  std::size_t items_in_memory = 200'000;
};

/// Movements of the window, by whether an acquirer can know them.
struct member_counts {
  std::uint64_t compared = 0;
  std::uint64_t carried = 0;        ///< Of windows before: an exception about them is open.
  std::uint64_t other_acquirer = 0; ///< Through another one.
  std::uint64_t no_card = 0;        ///< Nobody's but ours.
  std::uint64_t no_number = 0; ///< By card, but the acquirer has nothing that stands for it: see
                               ///< v1::Member.

  friend bool operator==(const member_counts&, const member_counts&) = default;
};

struct bank_contents {
  std::uint64_t items = 0;  ///< Booked entries of batches of this acquirer.
  std::uint64_t others = 0; ///< Entries of anything else.
  std::vector<iso20022::note> notes{};
};

/// Something to be opened.
struct new_exception {
  std::string id{}; ///< As it will have.
  v1::SettlementDifference difference{};
  bool is_seen = false; ///< It has come, only late.
};

struct window_report {
  reconciliation_sums sums{};
  member_counts members{};
  std::int64_t net = 0; ///< What all members of the window come to, compared or not.

  /// What differs and was not known, in the order of class reconciliation.
  std::vector<new_exception> to_open{};

  std::uint64_t known = 0; ///< Differences that are exceptions already, open or not.

  /// Captures for less than the acquirer had captured at once, which it has given back: two
  /// differences each, that are none.
  std::uint64_t given_back = 0;

  /// Open exceptions with the rule UNTIL_SEEN whose item was there now.
  std::vector<v1::SettlementException> seen{};

  std::uint64_t seen_by_nobody = 0; ///< The same, of another rule: they stay open.
};

/// First add_known(), then the others in any order, then finish().
class window_reconciliation {
public:
  explicit window_reconciliation(window_options options);
  window_reconciliation(const window_reconciliation&) = delete;
  window_reconciliation& operator=(const window_reconciliation&) = delete;
  ~window_reconciliation();

  /// Takes an exception of the window or of one before. Those that are open and have an item of
  /// ours are compared once more.
  result<void> add_known(const v1::SettlementException& known);

  /// Returns the windows before this one that have such exceptions: their members are needed.
  std::set<std::uint64_t> windows_to_read() const;

  /// Takes a movement of this window, of one of windows_to_read() or of scope.others. Errors: those
  /// of class reconciliation.
  result<void> add_member(const v1::Member& member);

  /// Errors: those of read_journal() and of class reconciliation.
  result<journal_contents> add_journal(std::istream& from);

  /// Takes a statement of the bank: XML if it begins so, else CSV. Errors: corrupt (it cannot be
  /// read to its end, something of it had to be left out, or it does not come to its own sums), and
  /// those of class reconciliation.
  result<bank_contents> add_bank(const iso20022::byte_source& bytes);

  /// Errors: those of class reconciliation; overloaded (more than differences_max are new), and
  /// invalid_argument (a difference that no exception can have: its currency is not known, or its
  /// amount too large).
  result<window_report> finish();

  static constexpr std::size_t differences_max = 100'000;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace ducat::settlement
