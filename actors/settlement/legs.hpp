/// What is moved between participants to settle what they owe each other. Pure.
#pragma once

#include "settlement/records.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace ducat::settlement {

/// A negative amount is owed by the participant, a positive one is owed to it; by or to the other
/// one, or all others together.
struct leg {
  std::uint32_t participant;
  std::optional<std::uint32_t> against;
  std::int64_t amount;

  friend bool operator==(const leg&, const leg&) = default;
};

/// Returns what settles the obligations: under the bilateral model, and what is left under the
/// gross one, a leg for each pair with a difference, by the one that owes it; under the
/// multilateral one a leg for each participant against all, those that owe first. Places ascend.
std::vector<leg> legs_of(v1::SettlementModel model, const obligation_map& owed);

} // namespace ducat::settlement
