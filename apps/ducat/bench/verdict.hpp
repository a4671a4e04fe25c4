/// What the numbers say about the goals.
#pragma once

#include "bench/ledger_case.hpp"
#include "bench/peer.hpp"
#include "bench/replicated_case.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ducat::bench {

/// A goal, and how near this run came to it.
struct verdict {
  std::string goal;
  std::optional<double> value; ///< Nothing if this run did not measure it.
  double target = 0;
  bool at_most = false; ///< The target is an upper bound.

  bool is_reached() const { return value && (at_most ? *value <= target : *value >= target); }
};

std::vector<verdict> judge(std::span<const case_result> cases, std::span<const peer_result> peers);

/// Of a replicated ledger, and of PostgreSQL with a synchronous standby.
std::vector<verdict> judge(std::span<const replicated_result> cases,
                           std::span<const peer_result> peers);

} // namespace ducat::bench
