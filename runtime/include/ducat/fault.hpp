/// Fault points: named places in the code where a failure can be injected.
#pragma once

#include <ducat/error.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ducat {

/// What happens at an armed fault point.
enum class fault_kind : std::uint8_t {
  crash = 1, ///< An exception escapes the handler; the actor dies and its supervisor decides.
  exit = 2,  ///< The process ends at once, as after SIGKILL: no destructors, no flush.
  hang = 3,  ///< The handler does not return until its lease ends or the fault is disarmed.
  segv = 4,  ///< The process ends by a real SIGSEGV: a write to an address that is not mapped.
};

std::string_view to_string(fault_kind kind) noexcept;
std::ostream& operator<<(std::ostream& out, fault_kind kind);

/// Parses "throw", "exit", "hang" or "segv".
std::optional<fault_kind> fault_kind_of(std::string_view name) noexcept;

/// The longest a hang may last.
constexpr std::chrono::milliseconds fault_lease_max{600'000};

struct fault {
  fault_kind kind = fault_kind::crash;
  std::uint32_t times = 1;                ///< Fires this often, then disarms itself; >= 1.
  std::chrono::milliseconds lease{2'000}; ///< A hang heals itself after this; 0..fault_lease_max.
};

/// Thrown at a fault point armed with fault_kind::crash. Caught nowhere but at the actor's edge.
class injected_fault : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// What an exception at a fault point would meet.
enum class fault_scope : std::uint8_t {
  actor,   ///< The edge of an actor, which ends.
  process, ///< Nothing, or a part that only the next process can trust: the point does not throw.
};

/// A place that can break. Define each as a namespace-scope `inline` variable in the one header
/// that lists its layer's points; it registers itself and is never destroyed before main returns.
/// hit() costs one relaxed atomic load while disarmed. All members are safe from any thread.
class fault_point {
public:
  /// `name` must have static storage, such as a literal: "payment.after_authorize".
  explicit fault_point(const char* name, fault_scope scope = fault_scope::actor) noexcept;
  fault_point(const fault_point&) = delete;
  fault_point& operator=(const fault_point&) = delete;

  std::string_view name() const noexcept { return name_; }

  /// Returns at once if disarmed; otherwise does what the armed fault says.
  void hit() {
    if (remaining_.load(std::memory_order_relaxed) != 0) [[unlikely]]
      fire();
  }

private:
  friend struct fault_registry;
  void fire();

  const char* name_;
  const fault_scope scope_;
  std::atomic<std::uint32_t> remaining_{0};
  std::atomic<fault_kind> kind_{fault_kind::crash};
  std::atomic<std::int64_t> lease_ms_{0};
  std::atomic<std::uint64_t> fired_{0};
  std::atomic<std::uint64_t> disarmed_{0}; ///< How often; a hang ends when it changes.
  fault_point* next_ = nullptr;
};

/// One line of `ducat faults list`.
struct fault_point_status {
  std::string_view name;
  fault_kind kind;
  std::uint32_t remaining; ///< 0 = disarmed.
  std::uint64_t fired;     ///< Since the process started.
  fault_scope scope;
};

/// Returns every fault point of the process, by name.
std::vector<fault_point_status> list_fault_points();

/// Arms the point called `name`. Errors: not_found, invalid_argument (times, lease, or a crash at a
/// point that does not throw).
result<void> arm_fault(std::string_view name, const fault& what);

/// Disarms the point called `name`; a hang in progress ends. Errors: not_found.
result<void> disarm_fault(std::string_view name);

/// Executes `kind`, which is not hang, here and now: throws injected_fault or ends the process.
/// `where` says where, for the reason of the exit.
void execute_fault(fault_kind kind, const std::string& where);

} // namespace ducat
