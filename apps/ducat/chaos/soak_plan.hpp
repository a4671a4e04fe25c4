/// What the soak breaks, and when: drawn beforehand, from a seed. Pure.
#pragma once

#include <ducat/fault_schedule.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ducat::cli {

struct soak_options {
  std::chrono::milliseconds length{600'000};
  std::uint64_t seed = 1;
  std::vector<std::string> nodes{};   ///< At least one.
  std::vector<std::string> members{}; ///< Of etcd.
  bool network = false;               ///< Whether it can be broken,
  bool disks = false;                 ///< and whether the disks can.
};

/// A process is killed every two seconds: each third time that of the node that writes the log, and
/// now and then all at once. Beside that parts are paused, networks broken, children crashed, fault
/// points armed, disks filled and switched off, each sort at its own pace. The same options give
/// the same schedule, which is good, and all of it at named times.
fault_schedule plan_soak(const soak_options& options);

} // namespace ducat::cli
