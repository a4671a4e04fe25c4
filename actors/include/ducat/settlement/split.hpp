/// An amount given to several, so that nothing is left over.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::settlement {

/// The fraction of an amount that goes to a recipient.
struct share {
  std::string to;              ///< An account.
  std::uint32_t numerator = 0; ///< 0 if it is the rest.
  std::uint32_t denominator = 1;
  bool rest = false; ///< What the fractions of the others leave of 1.

  friend bool operator==(const share&, const share&) = default;
};

/// In the order in which the recipients were declared.
using split_rule = std::vector<share>;

constexpr std::size_t shares_max = 32;

/// In the order in which they are checked.
enum class split_problem : std::uint8_t {
  no_shares,
  too_many_shares, ///< More than shares_max.
  no_recipient,    ///< A share without a name.
  same_recipient,  ///< Two shares of one account.
  zero_denominator,
  zero_share,    ///< A fraction of 0 that is not the rest, or a rest with a fraction.
  two_rests,     ///< More than one share is the rest.
  too_fine,      ///< The common denominator of the fractions is above 2^62.
  above_one,     ///< The fractions are more than the whole.
  below_one,     ///< There is no rest, and the fractions are less than the whole.
  nothing_rests, ///< There is a rest, and the fractions are the whole.
};

std::string_view to_string(split_problem what) noexcept;
std::ostream& operator<<(std::ostream& out, split_problem what);

/// Returns the first thing that is wrong with `rule`; nothing if it can be used.
std::optional<split_problem> check(const split_rule& rule);

/// Returns what each recipient gets, in declared order; together it is `amount`. Each gets its
/// share rounded down, and of what that leaves the first recipients get one minor unit each: nobody
/// is further than one unit from the exact share. An amount of 0 or less gives everybody 0.
/// Precondition: check(rule) finds nothing.
std::vector<std::int64_t> split(const split_rule& rule, std::int64_t amount);

} // namespace ducat::settlement
