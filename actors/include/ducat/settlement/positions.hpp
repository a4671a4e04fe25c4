/// What participants owe each other, and what settles it. One currency, minor units.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ducat::settlement {

/// `from` owes it to `to`.
struct obligation {
  std::string from;
  std::string to;
  std::int64_t amount = 0;

  friend bool operator==(const obligation&, const obligation&) = default;
};

/// In the order in which they are checked.
enum class obligation_problem : std::uint8_t {
  no_participant,   ///< A name is empty.
  same_participant, ///< Nobody owes to itself.
  not_positive,     ///< The amount is 0 or less.
  total_too_large,  ///< All obligations together would be no int64.
};

std::string_view to_string(obligation_problem what) noexcept;
std::ostream& operator<<(std::ostream& out, obligation_problem what);

/// Obligations of a settlement, summed for each pair of participants and direction.
/// Invariant: every sum is above 0, and all together are an int64, so every net is one too.
class obligations {
public:
  /// Ordered by who owes, then by whom it is owed to.
  using sums = std::map<std::pair<std::string, std::string>, std::int64_t>;

  /// Adds `what`. Returns the first thing that is wrong with it, and then nothing has changed.
  std::optional<obligation_problem> add(const obligation& what);

  /// Returns what `from` owes to `to`, at least 0; what `to` owes to `from` is not taken off.
  std::int64_t owed(std::string_view from, std::string_view to) const;

  const sums& all() const noexcept { return sums_; }

  std::int64_t total() const noexcept { return total_; }

private:
  sums sums_;
  std::int64_t total_ = 0;
};

/// Returns what `who` gets from `other` on balance; below 0: what it pays.
/// Invariant: bilateral(i, j) == -bilateral(j, i).
std::int64_t bilateral(const obligations& all, std::string_view who, std::string_view other);

/// Net positions by participant, in the order of their names. Above 0: a creditor, that gets it.
using net_positions = std::map<std::string, std::int64_t, std::less<>>;

/// Returns the position of everybody who owes or is owed something, including those at 0.
/// Invariants: the positions add up to 0, and each is the sum of the participant's bilateral nets.
net_positions multilateral(const obligations& all);

/// How obligations are settled. Values are in the log: never renumber, never reuse.
enum class settlement_model : std::uint8_t {
  gross_immediate = 1,           ///< Each direction in full.
  net_bilateral_deferred = 2,    ///< The net of each pair.
  net_multilateral_deferred = 3, ///< The position of each participant, with the hub.
};

/// Returns the name, such as "gross_immediate".
std::string_view to_string(settlement_model model) noexcept;
std::ostream& operator<<(std::ostream& out, settlement_model model);

/// The other side of a leg that is settled with the hub; no participant has this name.
inline constexpr std::string_view the_hub{};

/// A transfer that settles obligations. Invariant: amount > 0.
using leg = obligation;

/// Returns the transfers that settle `all`, always in the same order:
/// gross: one for each direction, by who pays, then by who gets it;
/// bilateral: one for each pair whose net is not 0, by the pair's first name, then by its second;
/// multilateral: one for each participant whose position is not 0, debtors to the hub first, then
/// from the hub to creditors, each by name. The hub never pays what it has not got, and ends at 0.
std::vector<leg> legs_of(settlement_model model, const obligations& all);

} // namespace ducat::settlement
