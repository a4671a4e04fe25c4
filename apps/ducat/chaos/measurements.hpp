/// What a run of real processes under faults has shown, as a plain value: reports are written from
/// it.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace ducat::cli {

/// What clients got in one second.
struct load_second {
  std::uint64_t acknowledged = 0;
  double p50_ms = 0; ///< From the first attempt to the acknowledgement, retries included.
  double p99_ms = 0;
  double longest_ms = 0;
};

/// A fault that was planned. Times count from the first acknowledgement.
struct struck_fault {
  std::chrono::milliseconds at{}; ///< As planned.
  std::string action;             ///< "kill", see fault_action.
  std::string point{};            ///< As in a fault_event.
  std::string child{};
  std::string planned{};                ///< The node of the plan, such as "writer".
  std::vector<std::string> targets{};   ///< The parts that it hit; empty: it missed.
  std::uint32_t times = 1;              ///< As in a fault_event.
  std::chrono::milliseconds lease{};    ///< The same.
  std::chrono::milliseconds begun_at{}; ///< When it really struck,
  std::chrono::milliseconds ended_at{}; ///< and when it was healed.
};

/// One line of the verdict.
struct measure {
  std::string name;
  std::string value;
  std::string bound{}; ///< What it has to be; empty: it is only told.
  bool is_met = true;
};

struct chaos_measurements {
  std::string stage; ///< sim, node, cluster
  std::uint64_t seed = 0;
  std::chrono::milliseconds length{}; ///< Of the load.
  std::vector<load_second> seconds{};
  std::vector<struck_fault> faults{};
  std::vector<std::pair<std::string, std::uint64_t>>
      restarts{}; ///< By node: lives after the first.
  std::vector<measure> measures{};
  std::vector<std::string> findings{}; ///< Sentences.

  /// Returns whether every measure is met, and there is one.
  bool is_green() const noexcept;
};

/// Prints a line for each measure, the findings and the verdict.
void print_measures(std::ostream& out, const chaos_measurements& run);

/// Returns all of it as one JSON document.
std::string to_json(const chaos_measurements& run);

/// Reads a client's record, see record/call_record.hpp: what was acknowledged in each second from
/// `origin_ns` on, which is since the Unix epoch as the record's times are. What was acknowledged
/// before counts in the first second. Lines that are not of a record are skipped.
std::vector<load_second> load_by_second(std::istream& record, std::uint64_t origin_ns);

} // namespace ducat::cli
