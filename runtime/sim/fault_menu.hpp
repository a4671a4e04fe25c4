/// All that can break in a run of a flow. Pure.
#pragma once

#include <ducat/testing/prove.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ducat::sim {

/// A fault, and after how many messages it strikes.
struct placed_fault {
  testing::flow_fault what;
  std::uint64_t after = 0;
};

/// What the menu is made of.
struct menu_options {
  std::vector<fault_action> between; ///< See prove_options.
  std::vector<std::string> nodes;
  std::vector<testing::child_place> children;
  std::vector<std::string> points_that_throw; ///< At the others a crash is none.
  std::uint64_t from = 0;                     ///< After fewer messages nothing breaks.
};

/// The faults of a run, numbered: at each boundary, then at each hit of a fault point.
class fault_menu {
public:
  fault_menu(const testing::trial_result& run, const menu_options& options);

  std::uint64_t size() const noexcept { return boundaries_ * between_.size() + at_points_.size(); }

  /// Requires number < size().
  placed_fault at(std::uint64_t number) const;

private:
  std::vector<testing::flow_fault> between_; ///< At each boundary.
  std::uint64_t from_;
  std::uint64_t boundaries_;
  std::vector<placed_fault> at_points_;
};

/// Returns `count` different numbers below `end`, in order, drawn by the seed; all of them if there
/// are no more.
std::vector<std::uint64_t> draw_numbers(std::uint64_t seed, std::uint64_t count, std::uint64_t end);

} // namespace ducat::sim
