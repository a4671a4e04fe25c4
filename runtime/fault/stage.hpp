/// What fault points do where nodes share a process.
#pragma once

#include <ducat/fault.hpp>

#include <chrono>
#include <string>

namespace ducat {

/// A simulation, in which no fault may reach the process. Called on the thread that hits the point.
class fault_stage {
public:
  fault_stage() = default;
  fault_stage(const fault_stage&) = delete;
  fault_stage& operator=(const fault_stage&) = delete;
  virtual ~fault_stage() = default;

  /// Returns whether an armed point is to break here. If not, it stays armed.
  virtual bool is_struck(std::string_view point) = 0;

  /// In place of the end of the process; throws.
  [[noreturn]] virtual void end_process(fault_kind kind, const std::string& where) = 0;

  /// In place of a handler that does not return before `lease` is over.
  virtual void hang(std::chrono::milliseconds lease) = 0;
};

/// From now on faults of this thread are on that stage; null: they are real. Returns the one
/// before.
fault_stage* put_on_stage(fault_stage* stage) noexcept;

/// Does not return before `lease` is over: by the stage's clock, if this thread is on one.
void hang_for(std::chrono::milliseconds lease);

} // namespace ducat
