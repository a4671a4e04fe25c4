/// How bench_overload tells what it measured.
#pragma once

#include "overload_beside.hpp"
#include "overload_tally.hpp"

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace ducat::bench {

/// One rate at which payments were offered.
struct overload_case {
  std::string name;           ///< "10x": of the best goodput.
  double best_per_second = 0; ///< By clients in turns, just before.
  double seconds = 0;
  payment_counts payments{};
  beside_counts beside{};
};

struct overload_report {
  unsigned cores = 0;         ///< Of the machine: one of several is the clients'.
  std::uint32_t best_clients = 0; ///< So many in turns made the most.
  std::vector<overload_case> cases{};
  std::optional<double> normal_after_s{}; ///< Since the last payment of "10x"; nothing: it was not.
  double looked_s = 0;                    ///< For how long it was looked for.
  bool is_all_answered = true;            ///< Every payment has ended, also by its deadline.
};

/// Returns after how many of `windows` payments are as `before`: from then on for two windows in a
/// row at most a hundredth fewer are accepted, and p99 is at most twice as long or 5 ms longer.
std::optional<std::size_t> back_to_normal(const payment_counts& before,
                                          const std::vector<payment_counts>& windows);

/// Writes a table.
void print(std::ostream& out, const overload_report& report);
void print_json(std::ostream& out, const overload_report& report);

} // namespace ducat::bench
