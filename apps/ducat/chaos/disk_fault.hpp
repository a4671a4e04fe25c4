/// Faults of the disk of a node.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ducat::cli {

/// A fault of a node's disk, which no schedule has yet.
struct disk_fault {
  enum class kind : std::uint8_t {
    power_loss = 1, ///< What was not synced is lost, and everything on the host ends.
    full = 2,       ///< There is no space left, for the lease.
  };
  std::chrono::milliseconds at{};
  kind what = kind::power_loss;
  std::string node{};
  std::chrono::milliseconds lease{};

  friend bool operator==(const disk_fault&, const disk_fault&) = default;
};

} // namespace ducat::cli
