/// What settlement is compared with: PostgreSQL, in a program of its own.
#pragma once

#include "bench/settle/drawn_capture.hpp"

#include <ducat/error.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace ducat::bench {

/// One way to settle the window in SQL.
struct settle_peer_result {
  std::string server;
  std::string marks;                   ///< window, or captures: each of them.
  std::uint32_t merchants_at_once = 0; ///< Of a transaction.
  double load_s = 0;                   ///< Until all captures are in their table and its indexes.
  double seconds = 0;
  std::uint64_t captures = 0;
  std::int64_t amount = 0;
};

struct settle_peer_options {
  std::filesystem::path program;
  std::filesystem::path directory; ///< Where it makes its own, and removes it.
  settle_shape shape;
  std::uint64_t captures = 1;
};

/// Lets it settle the same captures. Errors: those of run_peer().
result<void> run_settle_peer(const settle_peer_options& options,
                             const std::function<void(const settle_peer_result&)>& on_result);

} // namespace ducat::bench
