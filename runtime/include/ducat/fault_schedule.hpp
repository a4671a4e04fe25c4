/// What breaks, where and when, as data: the same schedule in a simulation, on a node, on a
/// cluster. Pure.
#pragma once

#include <ducat/error.hpp>
#include <ducat/fault.hpp>
#include <ducat/time.hpp>

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ducat {

enum class fault_action : std::uint8_t {
  crash = 1,      ///< An exception in an actor, at a fault point or in a child.
  exit = 2,       ///< The node's process ends there at once.
  segv = 3,       ///< It ends there by a SIGSEGV.
  hang = 4,       ///< The handler does not return before the lease is over.
  kill = 5,       ///< The node's process ends, wherever it is; its guardian starts it again.
  pause = 6,      ///< The node's process stands still for the lease.
  partition = 7,  ///< The node is cut off from all others and from the log for the lease.
  deaf = 8,       ///< What it sends gets through, and it hears nothing from the log for the lease.
  slow = 9,       ///< The network is slow for the lease.
  almost = 10,    ///< A supervisor's children are crashed to one restart short of its budget.
  storm = 11,     ///< To one more than its budget: it gives up.
  lossy = 12,     ///< A part of what the node sends and gets is lost, or late, for the lease.
  disk_slow = 13, ///< What the node writes takes long for the lease.
  disk_full = 14, ///< It can write nothing for the lease.
  disk_flip = 15, ///< A bit of what its disk holds is another one, until the disk is replaced.
  power_loss = 16 ///< Its process and all beside it end, and what was not synced is lost.
};

std::string_view to_string(fault_action value) noexcept;
std::ostream& operator<<(std::ostream& out, fault_action value);

/// Returns what happens at a fault point: of crash, exit, segv and hang.
fault_kind kind_at_point(fault_action what) noexcept;

/// Returns every action, in order.
const std::vector<fault_action>& all_fault_actions() noexcept;

/// One row of a schedule. Times count from its start.
struct fault_rule {
  fault_action what = fault_action::kill;
  std::string point{}; ///< Of crash, exit, segv and hang: the fault point,
  std::string child{}; ///< or the path of a child. Of almost and storm: that of the supervisor.

  /// Which node. Empty: one that is drawn each time; "writer": the one that writes the log then.
  std::string node{};
  std::vector<std::chrono::milliseconds> at{}; ///< It happens at these times,
  std::chrono::milliseconds every{};           ///< or again and again, if this is not 0:
  std::chrono::milliseconds jitter{};          ///< up to so much later each time,
  std::chrono::milliseconds from{};            ///< from the first time
  std::chrono::milliseconds until{};           ///< to before this; 0: the end.
  std::uint32_t times = 1;                     ///< How often a fault point fires.
  std::chrono::milliseconds lease{2'000};      ///< Then it heals by itself.
};

struct fault_schedule {
  std::uint64_t seed = 1;
  std::chrono::milliseconds length{60'000};
  std::vector<fault_rule> rules{};
};

/// Most that a schedule may hold, and most events that come of one.
constexpr std::size_t fault_rules_max = 1'000;
constexpr std::size_t fault_events_max = 100'000;
constexpr std::chrono::milliseconds fault_schedule_max{24 * 3'600'000};

/// The node of a rule that means whichever writes the log then.
inline constexpr std::string_view log_writer = "writer";

/// Something is to break.
struct fault_event {
  std::chrono::milliseconds at{};
  fault_action what = fault_action::kill;
  std::string node{}; ///< As in the rule, but drawn.
  std::string point{};
  std::string child{};
  std::uint32_t times = 1;
  std::chrono::milliseconds lease{};
  std::uint64_t chance = 0; ///< From the seed, for what is left to chance when it strikes.

  friend bool operator==(const fault_event&, const fault_event&) = default;
};

std::ostream& operator<<(std::ostream& out, const fault_event& what);

/// Returns nothing if the schedule can be carried out. Errors: invalid_argument, which names the
/// rule, from 1: no or two targets, neither or both of `at` and `every`, a time beyond the length,
/// too many events, a lease of 0 or over 10 minutes.
result<void> check(const fault_schedule& what);

/// Returns what happens, in order of time and then of rules; the same for the same seed. `nodes`
/// are those that may be drawn, at least one. Requires check().
std::vector<fault_event> events_of(const fault_schedule& what,
                                   const std::vector<std::string>& nodes);

} // namespace ducat
