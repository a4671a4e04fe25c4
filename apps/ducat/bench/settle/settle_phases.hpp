/// What the bench of settlement does, one after the other.
#pragma once

#include "bench/latencies.hpp"
#include "bench/settle/settle_commands.hpp"
#include "bench/settle/settle_node.hpp"

#include <cstdint>
#include <vector>

namespace ducat::bench {

struct memory_figures {
  std::uint64_t resident = 0; ///< Bytes.
  std::uint64_t peak = 0;     ///< The most so far.
};

/// Returns what this process takes; 0 where the kernel does not tell.
memory_figures memory_now();

/// Steps that are proposed one after the other, each when the one before is done.
struct step_figures {
  latencies steps;
  double seconds = 0;
};

/// Presents so many captures of `from`, in batches of `batch`, with two on their way.
result<double> fill(const settle_node& node, capture_source& from, std::uint64_t captures,
                    std::uint32_t batch);

struct settled_window {
  step_figures took; ///< From the cut until the settlement is SETTLED.
  v1::Settlement settlement;
};

/// Cuts window 1 and settles it.
result<settled_window> settle_window(const settle_node& node);

struct paid_batch {
  step_figures batching;
  step_figures resolving; ///< From its file until every payout is paid.
  v1::PayoutBatch batch;
};

/// Batches what is available, submits it, and resolves each as paid, `at_once` in an entry.
result<paid_batch> pay_out(const settle_node& node, std::uint32_t at_once);

struct proof_figures {
  std::uint64_t members = 0;
  step_figures pages;
  std::vector<capture_sum> captures; ///< Of each merchant in window 1, by its members.
};

/// Reads back every member of window 1, and compares those of each merchant with what the window
/// says of it. Errors: corrupt (they differ).
result<proof_figures> prove(const settle_node& node, std::uint32_t merchants, std::uint32_t page);

/// Returns the window. Errors: those of settle_node::ask().
result<v1::Window> window_of(const settle_node& node, std::uint64_t number);

} // namespace ducat::bench
