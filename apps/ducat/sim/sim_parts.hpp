/// What there is in a simulation, and which fault points it has.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cli {

/// Beside payments and settlement, of which there always are some.
struct sim_parts {
  bool cards = false;     ///< An acquirer, links to it, and payments by card.
  bool holds = false;     ///< By authorisation and capture, not in one.
  bool terminals = false; ///< Gateways, and terminals that pay by card. Only with cards.
  bool webhooks = false;  ///< Somebody who receives events.
};

/// Returns what is drawn by the seed.
sim_parts parts_of(std::uint64_t seed);

/// Returns the fault points that a simulation with these parts comes to; those that should be
/// broken more often than others are in it more often.
std::vector<std::string> points_of(const sim_parts& parts);

/// Fault points that no simulation comes to.
struct unsimulated_points {
  std::string_view why; ///< And what breaks them.
  std::span<const std::string_view> names;
};

std::span<const unsimulated_points> all_unsimulated_points();

/// Returns whether that is one of them.
bool is_unsimulated(std::string_view point);

} // namespace ducat::cli
