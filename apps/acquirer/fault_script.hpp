/// The faults that are armed, and which of them a request meets.
#pragma once

#include "fault_rule.hpp"
#include "load/random.hpp"

#include <ducat/iso8583/message.hpp>

#include <cstdint>
#include <vector>

namespace ducat::acquirer {

struct armed_fault {
  std::uint64_t id; ///< From 1, in the order they were added.
  fault_rule rule;
  cli::random_numbers random; ///< Of its own, so that another fault changes nothing here.
  std::uint64_t seen = 0;     ///< Requests that it is for.
  std::uint64_t applied = 0;  ///< Invariant: applied <= seen
};

/// The same requests in the same order meet the same faults if the seed is the same. For one
/// thread.
class fault_script {
public:
  explicit fault_script(std::uint64_t seed) : seed_{seed} {}

  /// Returns the id of the fault.
  std::uint64_t add(fault_rule rule);

  /// Ids go on, they do not start again.
  void clear() { armed_.clear(); }

  const std::vector<armed_fault>& armed() const noexcept { return armed_; }

  /// Returns what `request` meets, in the order they were added, and counts it.
  std::vector<fault_rule> choose(const iso8583::message& request);

private:
  std::uint64_t seed_;
  std::uint64_t added_ = 0;
  std::vector<armed_fault> armed_;
};

} // namespace ducat::acquirer
