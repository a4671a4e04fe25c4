/// What a checker can find wrong.
#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cli {

enum class finding_kind : std::uint8_t {
  lost,       ///< Acknowledged, and not in the log.
  doubled,    ///< An effect more than once, or two different answers to one operation.
  phantom,    ///< An effect that nobody asked for, or that was refused.
  altered,    ///< The log, the record and the acknowledgement do not say the same.
  receipt,    ///< A receipt that does not match the log.
  impossible, ///< An effect that its history does not allow.
  overdrawn,  ///< An account without overdraft spent what it did not have.
  unbalanced, ///< Debits and credits of a currency differ, or other sums that have to be equal.
  broken,     ///< An entry that is not chained to the one before, or cannot be read.
};

constexpr std::size_t finding_kinds = 9;

std::string_view to_string(finding_kind kind) noexcept;

struct finding {
  finding_kind kind = finding_kind::lost;
  std::uint64_t index = 0; ///< Of the log entry; 0 if there is none.
  std::string subject;     ///< Key, payment or account.
  std::string text;

  friend bool operator==(const finding&, const finding&) = default;
};

std::ostream& operator<<(std::ostream& out, const finding& value);

/// Returns a finding whose entry is not known yet.
finding make_finding(finding_kind kind, std::string subject, std::string text);

/// Counts every finding, and keeps the first `kept_max` of each kind.
class findings {
public:
  static constexpr std::size_t kept_max = 20;

  void add(finding found);

  /// Adds all of `more`, as if it had been found after what is here.
  void add(findings more);

  std::uint64_t count(finding_kind kind) const noexcept {
    return counts_[static_cast<std::size_t>(kind)];
  }

  std::uint64_t total() const noexcept {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
  }

  bool is_empty() const noexcept { return kept_.empty(); }

  const std::vector<finding>& kept() const noexcept { return kept_; }

private:
  std::array<std::uint64_t, finding_kinds> counts_{};
  std::vector<finding> kept_;
};

} // namespace ducat::cli
