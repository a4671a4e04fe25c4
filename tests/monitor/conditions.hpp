/// Conditions, times and what is counted, for the tests of the monitor.
#pragma once

#include <ducat/availability.hpp>

#include <ostream>

namespace ducat::monitor {

namespace is {
inline constexpr condition serving{.serving = true};
inline constexpr condition serving_with_fault{.serving = true, .fault_present = true};
inline constexpr condition failed{.serving = false, .fault_present = true};
inline constexpr condition stopped{.serving = false, .fault_present = false, .in_order = true};
} // namespace is

inline std::ostream& operator<<(std::ostream& out, const condition& it) {
  return out << (it.serving    ? "serving"
                 : it.in_order ? "stopped"
                               : "failed")
             << (it.fault_present ? " with a fault" : "");
}

inline std::ostream& operator<<(std::ostream& out, const measured& it) {
  return out << "observed=" << it.observed.count() << " serving=" << it.serving.count()
             << " failed=" << it.failed.count() << " with_fault=" << it.with_fault.count()
             << " serving_with_fault=" << it.serving_with_fault.count()
             << " failures=" << it.failures << " repairs=" << it.repairs
             << " repair_time=" << it.repair_time.count();
}

/// A moment that is not at the begin of any part of a window.
inline constexpr time_point begin{std::chrono::hours{1000} + std::chrono::milliseconds{250}};

} // namespace ducat::monitor
