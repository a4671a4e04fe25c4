/// The availability to be expected of something redundant: from how often one of its units fails,
/// how long that unit's repair takes, and the mode of redundancy. Pure.
#pragma once

#include <ducat/error.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::monitor {

enum class redundancy_mode : std::uint8_t {
  single = 1,         ///< One unit.
  primary_backup = 2, ///< One serves; when it fails another one takes over.
  exclusive = 3,      ///< The same: at most one serves.
  active_active = 4,  ///< All serve; it takes `needed` of them.
};

/// What a unit does that may take over.
enum class standby_policy : std::uint8_t {
  cold = 1, ///< It does not run, so that it does not fail; its start is part of the switch-over.
  hot = 2,  ///< It runs, and may fail.
};

/// Returns "single", "primary_backup", "exclusive" or "active_active".
std::string_view to_string(redundancy_mode value) noexcept;

/// Returns "cold" or "hot".
std::string_view to_string(standby_policy value) noexcept;

struct redundancy {
  redundancy_mode mode = redundancy_mode::single;
  std::uint32_t units = 1;  ///< 1 to 64, of active_active to 1,024; of `single`: 1.
  std::uint32_t needed = 1; ///< 1 to `units`; only for active_active.
  standby_policy standby = standby_policy::hot; ///< Not for active_active.
  duration switch_over{}; ///< From the failure until another one serves. Not for active_active.
};

/// Returns "active_active, 1 of 8", "primary_backup, 3, hot, switch-over 300 ms", ...
std::string to_string(const redundancy& value);

/// Of one unit.
struct unit_times {
  duration mtbf{}; ///< Time serving between two failures; > 0.
  duration mttr{}; ///< From a failure until it serves again, or may; > 0.
};

struct prediction {
  double availability = 0;
  double unavailability = 0; ///< 1 - availability, without the loss of digits.
  /// The share of the time with a fault in which it serves; nothing if there never is a fault.
  std::optional<double> fault_tolerance{};
};

/// Returns the steady state of a Markov model: units are alike, fail and are repaired independently
/// of each other, each has its own repair, and times are exponentially distributed. The rates of
/// one unit are l = 1 / mtbf and m = 1 / mttr, a = mtbf / (mtbf + mttr) is its availability.
///
/// - single: a. (Trivedi, Probability and Statistics with Reliability, Queuing, and Computer
///   Science Applications, chapter 6: the limiting availability of one repairable unit.)
/// - active_active, k of n: the probability that at least k of n units are up, which is binomial:
///   sum for i = k .. n of C(n, i) a^i (1 - a)^(n - i). (Kuo and Zuo, Optimal Reliability Modeling,
///   chapter 7.)
/// - primary_backup and exclusive: the chain of the states "j up, one of them serves" and "j up,
///   nobody serves yet". The serving one fails at the rate l, the j - 1 standbys at l each if they
///   are hot and at 0 if they are cold, each failed one is repaired at m, and a switch-over ends at
///   1 / switch_over. Who comes back first after all were down serves at once: that start is in its
///   mttr. (Birolini, Reliability Engineering, chapter 6: 1-out-of-2 active and standby redundancy,
///   here with a repair of its own for each unit and a time to switch.) Without a switch-over this
///   is 1 - (1 - a)^n for hot standbys, and 1 - B(n, mttr / mtbf) for cold ones, where B is
///   Erlang's loss formula.
///
/// What fails all units at once, a failure that is not detected and a switch-over that does not
/// succeed are not in it: it is a bound from above.
/// Errors: invalid_argument.
result<prediction> predict(const redundancy& what, const unit_times& times);

} // namespace ducat::monitor
