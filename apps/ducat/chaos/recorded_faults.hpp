/// What was done to nodes by hand, as their logs tell it, as a schedule. Pure.
#pragma once

#include <ducat/error.hpp>
#include <ducat/fault_schedule.hpp>

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

/// A fault, and when somebody ordered it.
struct recorded_fault {
  std::chrono::sys_time<std::chrono::milliseconds> at{}; ///< By the clock of the log.
  fault_rule what{};                                     ///< But for its times.
};

/// Reads what a node and its guardian logged: `fault_ordered` lines, which the node writes for
/// every crash and every fault point that somebody asked for, and runtimes that were killed or that
/// found that they had stood still. Other lines are skipped. `node` is whose log it is.
std::vector<recorded_fault> faults_in_log(std::istream& log, const std::string& node);

/// Reads what `ducat chaos --json` wrote: what struck, pauses, broken networks and disks too.
/// Errors: invalid_argument (it is no such document).
result<std::vector<recorded_fault>> faults_in_report(std::istream& report);

/// Returns a schedule with all of them, the first after a second; rules that differ in nothing but
/// their times are one. It is as long as it takes, and a lease more.
fault_schedule schedule_of(std::vector<recorded_fault> faults);

} // namespace ducat::cli
