/// When windows are cut. Pure, but for the time zone database of the system, which is read once; so
/// it is for whoever proposes a cut, and never for a machine.
#pragma once

#include <ducat/time.hpp>

#include <cstdint>
#include <iosfwd>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::settlement {

struct calendar {
  std::string time_zone; ///< Of the IANA database, such as Europe/Berlin.
  /// Minutes of the local day, 1 to 1,440 (the midnight at its end), ascending. The last one ends
  /// the business day.
  std::vector<std::uint32_t> cut_offs;
  std::set<std::uint32_t> weekend;  ///< ISO weekdays, 1 Monday to 7 Sunday.
  std::set<std::uint32_t> holidays; ///< yyyymmdd.

  friend bool operator==(const calendar&, const calendar&) = default;
};

/// In order of the checks.
enum class calendar_problem : std::uint8_t {
  none = 0,
  time_zone_unknown = 1,
  no_cut_off = 2,
  cut_off_invalid = 3,
  cut_offs_not_ascending = 4,
  weekend_invalid = 5, ///< No weekday, or all of them.
  holiday_invalid = 6, ///< No date.
};

std::string_view to_string(calendar_problem value) noexcept;
std::ostream& operator<<(std::ostream& out, calendar_problem value);

/// Returns what is wrong with the calendar.
calendar_problem check(const calendar& of);

/// The same, but for its time zone. A machine may ask it.
calendar_problem check_times(const calendar& of);

/// Dates are yyyymmdd.
struct cut_time {
  log_time at{};
  std::uint32_t business_date = 0;      ///< Of the window that is cut then,
  std::uint32_t next_business_date = 0; ///< and of the one that opens.

  friend bool operator==(const cut_time&, const cut_time&) = default;
};

std::ostream& operator<<(std::ostream& out, const cut_time& value);

/// Returns the first cut after `after`. There are cuts on business days only: what is captured on
/// others is of the next one. A local time that the clocks skip is that at which they are changed;
/// of one that comes twice it is the first. If several cut-offs of a day come to be at the same
/// time, there is one cut, that of the last. Requires check(of) == none.
cut_time next_cut(const calendar& of, log_time after);

} // namespace ducat::settlement
