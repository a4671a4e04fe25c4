/// Carries out on real processes what a schedule says.
#pragma once

#include "chaos/measurements.hpp"
#include "chaos/stage.hpp"

#include <ducat/fault_schedule.hpp>
#include <ducat/time.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace ducat::cli {

/// Each fault has a thread of its own until it is healed: a call to a node that does not answer
/// holds up nobody else. For one thread.
class striker {
public:
  /// `on` must outlive it. Times of faults count from `origin`.
  striker(const stage& on, time_point origin) : on_{on}, origin_{origin} {}

  striker(const striker&) = delete;
  striker& operator=(const striker&) = delete;

  /// heal()
  ~striker();

  /// Begins a fault. It heals itself when its lease is over.
  void strike(const fault_event& what);

  /// Ends all that is broken, and returns when it is.
  void heal();

  /// Returns all faults so far, in the order in which they began. After heal().
  std::vector<struck_fault> struck() const;

private:
  void carry_out(const fault_event& what, std::size_t number);
  std::vector<std::string> targets_of(const std::string& node) const;
  bool hit(const fault_event& what, const std::string& part) const;
  void mend(const fault_event& what, const std::string& part) const;

  /// Waits for a node that is being started again; returns whether it answers.
  bool is_reached(const std::string& node) const;

  /// Waits for that time at most; returns whether everything is over.
  bool is_over_within(duration time) const;

  std::chrono::milliseconds now() const;

  const stage& on_;
  time_point origin_;
  mutable std::mutex guard_;
  mutable std::condition_variable changed_;
  bool is_over_ = false;
  std::vector<struck_fault> struck_;
  std::vector<std::thread> hands_;
};

} // namespace ducat::cli
