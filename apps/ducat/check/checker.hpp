/// The checker: holds the client's record against the log.
#pragma once

#include "check/books.hpp"
#include "check/finding.hpp"
#include "record/call_record.hpp"

#include <ducat/error.hpp>
#include <ducat/log.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace ducat::cli {

enum class judgement : std::uint8_t {
  green, ///< Everything acknowledged is there once, and the books balance.
  red,   ///< Something was found.
  void_  ///< Nothing was acknowledged, so that nothing has been shown.
};

std::string_view to_string(judgement value) noexcept;
std::ostream& operator<<(std::ostream& out, judgement value);

struct check_options {
  /// The log also holds the work of clients whose record is not at hand: effects that are not on
  /// record, and other requests under keys that were refused, are no finding.
  bool allow_others = false;
  /// What nodes have said of settlement when the log was as it is: see check_outcomes().
  std::vector<std::string> said{};
};

struct verdict {
  judgement result = judgement::void_;
  std::uint64_t entries = 0;
  std::uint64_t commands = 0;
  std::uint64_t accounts = 0;
  std::uint64_t payments = 0;
  std::uint64_t said = 0;         ///< Of check_options::said: what was compared with the log.
  std::uint64_t invoked = 0;      ///< Operations on record.
  std::uint64_t acknowledged = 0; ///< Of these: answered ok or declined.
  std::uint64_t declined = 0;     ///< Of the acknowledged.
  std::uint64_t refused = 0;
  std::uint64_t in_doubt = 0;           ///< Invoked, without a final answer.
  std::uint64_t in_doubt_committed = 0; ///< Of these: found in the log, which is no fault.
  std::map<std::string, currency_sums> sums;
  std::vector<checked_account> balances; ///< What the log adds up to, in order of opening.
  std::string last_hash;                 ///< Of the newest entry.
  findings found;

  bool is_green() const noexcept { return result == judgement::green; }

  /// Adds what another check found: the verdict is red.
  void add_finding(finding more) {
    found.add(std::move(more));
    result = judgement::red;
  }
};

/// Calls its argument for each entry, in order.
using entry_source = std::function<result<void>(const std::function<void(const entry&)>&)>;

/// Returns the verdict over the log that `entries` yields. Pure, apart from reading it.
/// Errors: those of `entries`.
result<verdict> check(const entry_source& entries, const call_record& record,
                      const check_options& options);

/// Checks the log of a node's data directory, read-only, against a record file. Entries that are
/// appended meanwhile are not seen, so stop the node first.
/// Errors: those of open_embedded_log() and read_call_record(); not_found (no such record).
result<verdict> check_files(const std::filesystem::path& data, const std::filesystem::path& record,
                            const check_options& options);

/// The same, of a log that is open already. Errors: those of log::read() and read_call_record();
/// not_found.
result<verdict> check_log(const log& of, const std::filesystem::path& record,
                          const check_options& options);

/// Prints a verdict for people, or as one JSON document.
void print_table(std::ostream& out, const verdict& found);
void print_json(std::ostream& out, const verdict& found);

} // namespace ducat::cli
