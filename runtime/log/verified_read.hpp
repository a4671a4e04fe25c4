/// Reading the stored log, every entry verified against the one before it.
#pragma once

#include "log/anchor.hpp"
#include "log/data_directory.hpp"
#include "log/database.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ducat {

/// The key of the newest granted epoch, stored as number_bytes.
constexpr const char* epoch_key = "epoch";

/// Returns 8 big-endian bytes, so that the order of keys is the order of numbers.
std::string number_bytes(std::uint64_t number);

/// Visits the entries after `before`, in order, until `visit` returns false. The log must reach
/// `newest`. Checks codec, density, chain, epochs and times. Safe from any thread, also while the
/// log is trimmed.
/// Errors: not_found (what comes after `before` was trimmed away), corrupt and newer_version (name
/// the index), io.
result<void> scan_after(const database& db, const chain_link& before, std::uint64_t newest,
                        const std::function<bool(const entry&)>& visit);

/// Visits the entries from `from` on, in order, as scan_after() does.
result<void> scan(const database& db, std::uint64_t from, std::uint64_t newest,
                  const std::function<bool(const entry&)>& visit);

/// What the writer continues from.
struct log_end {
  receipt newest;
  log_time at;
  epoch granted; ///< Invariant: not older than the writer of the newest entry.
  std::uint64_t first = 1;
  std::uint64_t checkpoint = 0; ///< The index of the newest checkpoint; 0: none.
};

enum class verified_part : std::uint8_t { all, after_checkpoint };

/// Reads that part of the log once and returns the log's end. It must contain what was
/// acknowledged, `least`, as far as that is known. Errors: corrupt, newer_version, io.
result<log_end> verify(const database& db, const std::optional<acknowledged>& least,
                       verified_part part);

} // namespace ducat
