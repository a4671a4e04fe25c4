#include "fault/stage.hpp"

#include <ducat/check.hpp>
#include <ducat/fault.hpp>

#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <ostream>
#include <thread>
#include <utility>

namespace ducat {

namespace {

/// What a stray pointer does. The address is volatile: no compiler sees that it is none.
void write_to_nowhere() {
  static volatile std::uintptr_t nowhere = 16;
  *reinterpret_cast<volatile int*>(nowhere) = 1;
}

/// Null: faults are real.
thread_local fault_stage* stage_of_thread = nullptr;

} // namespace

/// Every fault point of the process. Points register themselves while static objects are made, in
/// whatever order, so everything here is created at first use and never destroyed.
struct fault_registry {
  std::mutex guard;
  std::condition_variable disarmed; ///< Wakes the hangs.
  fault_point* first = nullptr;

  static fault_registry& get() {
    static auto* const registry = new fault_registry;
    return *registry;
  }

  /// Returns the point called `name`, or nullptr. Needs the guard.
  fault_point* find(std::string_view name) const {
    fault_point* point = first;
    while (point != nullptr && point->name_ != name)
      point = point->next_;
    return point;
  }

  void add(fault_point& point) {
    const std::lock_guard lock{guard};
    DUCAT_CHECK(find(point.name_) == nullptr);
    point.next_ = std::exchange(first, &point);
  }

  std::vector<fault_point_status> list() {
    const std::lock_guard lock{guard};
    std::vector<fault_point_status> all;
    for (const fault_point* point = first; point != nullptr; point = point->next_)
      all.push_back({.name = point->name_,
                     .kind = point->kind_.load(),
                     .remaining = point->remaining_.load(),
                     .fired = point->fired_.load(),
                     .scope = point->scope_});
    std::ranges::sort(all, {}, &fault_point_status::name);
    return all;
  }

  result<void> arm(std::string_view name, const fault& what) {
    const std::lock_guard lock{guard};
    fault_point* const point = find(name);
    if (point == nullptr)
      return fail(errc::not_found, "there is no fault point " + std::string{name});
    if (what.kind == fault_kind::crash && point->scope_ == fault_scope::process)
      return fail(errc::invalid_argument, "the fault point " + std::string{name} +
                                              " does not throw: it can exit, hang or segv");
    point->kind_ = what.kind;
    point->lease_ms_ = what.lease.count();
    point->remaining_ = what.times;
    return {};
  }

  result<void> disarm(std::string_view name) {
    const std::lock_guard lock{guard};
    fault_point* const point = find(name);
    if (point == nullptr)
      return fail(errc::not_found, "there is no fault point " + std::string{name});
    point->remaining_ = 0;
    point->disarmed_ += 1;
    disarmed.notify_all();
    return {};
  }

  /// Waits until the lease ends, or the point has been disarmed since it counted `before`.
  void hang(const fault_point& point, std::uint64_t before, std::chrono::milliseconds lease) {
    std::unique_lock lock{guard};
    disarmed.wait_for(lock, lease, [&] { return point.disarmed_ != before; });
  }
};

std::string_view to_string(fault_kind kind) noexcept {
  switch (kind) {
  case fault_kind::crash:
    return "throw";
  case fault_kind::exit:
    return "exit";
  case fault_kind::hang:
    return "hang";
  case fault_kind::segv:
    return "segv";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, fault_kind kind) {
  return out << to_string(kind);
}

std::optional<fault_kind> fault_kind_of(std::string_view name) noexcept {
  for (const fault_kind kind :
       {fault_kind::crash, fault_kind::exit, fault_kind::hang, fault_kind::segv})
    if (to_string(kind) == name)
      return kind;
  return std::nullopt;
}

fault_point::fault_point(const char* name, fault_scope scope) noexcept
    : name_{name}, scope_{scope} {
  fault_registry::get().add(*this);
}

fault_stage* put_on_stage(fault_stage* stage) noexcept {
  return std::exchange(stage_of_thread, stage);
}

void hang_for(std::chrono::milliseconds lease) {
  if (stage_of_thread != nullptr)
    stage_of_thread->hang(lease);
  else
    std::this_thread::sleep_for(lease);
}

void fault_point::fire() {
  if (stage_of_thread != nullptr && !stage_of_thread->is_struck(name_))
    return;
  const std::uint64_t disarmed_before = disarmed_;
  std::uint32_t left = remaining_.load();
  while (left != 0 && !remaining_.compare_exchange_weak(left, left - 1)) {
  }
  if (left == 0)
    return; // Somebody else took the last one.
  fired_ += 1;
  const std::chrono::milliseconds lease{lease_ms_.load()};
  if (kind_ == fault_kind::hang)
    return stage_of_thread != nullptr ? stage_of_thread->hang(lease)
                                      : fault_registry::get().hang(*this, disarmed_before, lease);
  execute_fault(kind_, name_);
}

std::vector<fault_point_status> list_fault_points() {
  return fault_registry::get().list();
}

result<void> arm_fault(std::string_view name, const fault& what) {
  if (what.times == 0)
    return fail(errc::invalid_argument, "a fault fires at least once");
  if (what.lease.count() < 0 || what.lease > fault_lease_max)
    return fail(errc::invalid_argument, "the lease of a fault is between 0 and " +
                                            std::to_string(fault_lease_max.count()) + " ms");
  return fault_registry::get().arm(name, what);
}

result<void> disarm_fault(std::string_view name) {
  return fault_registry::get().disarm(name);
}

void execute_fault(fault_kind kind, const std::string& where) {
  DUCAT_CHECK(kind != fault_kind::hang);
  if (kind == fault_kind::crash)
    throw injected_fault("injected fault at " + where);
  if (stage_of_thread != nullptr)
    stage_of_thread->end_process(kind, where);
  if (kind == fault_kind::segv)
    write_to_nowhere();
  ::raise(SIGKILL);
}

} // namespace ducat
