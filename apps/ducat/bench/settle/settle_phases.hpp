/// What the bench of settlement does, one after the other.
#pragma once

#include "bench/latencies.hpp"
#include "bench/settle/settle_commands.hpp"
#include "bench/settle/settle_node.hpp"

#include <cstdint>
#include <vector>

namespace ducat::bench {

/// Presents so many captures of `from`, in batches of `batch`, with two on their way. Returns the
/// seconds.
result<double> fill(const settle_node& node, capture_source& from, std::uint64_t captures,
                    std::uint32_t batch);

/// Times are from the cut on.
struct settled_window {
  double settled_s = 0; ///< Until the settlement is SETTLED.
  double filed_s = 0;   ///< Until its file is written and recorded.
  v1::Settlement settlement;
};

/// Cuts the window, which is open, and starts its settlement; the
/// node's actor does the rest.
result<settled_window> settle_window(const settle_node& node, std::uint64_t window);

/// Times are from the first step on.
struct paid_batch {
  double submitted_s = 0; ///< Until its files are written and recorded.
  double paid_s = 0;      ///< Until the bank has paid each.
  v1::PayoutBatch batch;
};

/// Begins a batch of what is available; the node's actor goes on until it is submitted. Then each
/// is resolved as paid, `at_once` in an entry.
result<paid_batch> pay_out(const settle_node& node, std::uint64_t batch, std::uint32_t at_once);

struct proof_figures {
  std::uint64_t members = 0;
  latencies pages;
  double seconds = 0;
  std::vector<capture_sum> captures; ///< Of each merchant in window 1, by its members.
};

/// Reads back every member of window 1, and compares those of each merchant with what the window
/// says of it. Errors: corrupt (they differ).
result<proof_figures> prove(const settle_node& node, std::uint32_t merchants, std::uint32_t page);

/// Returns the first `count` windows, the newest first. Errors: those of settle_node::ask().
result<v1::ListWindowsReply> windows_of(const settle_node& node, std::uint32_t count);

} // namespace ducat::bench
