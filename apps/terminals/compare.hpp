/// Compares what terminals know with what an acquirer did. Trusts neither.
#pragma once

#include <ducat/error.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ducat::terminals {

struct comparison {
  std::uint64_t payments = 0; ///< Of the record.
  std::uint64_t agreed = 0;   ///< Those that stand on both sides, with the same amount.
  std::uint64_t in_doubt = 0; ///< Of the record; the journal is right.

  /// What is on one side only, twice, or of another amount; a line each.
  std::vector<std::string> differences{};
};

/// Returns what differs between a record of ducat-terminals and a journal of ducat-acquirer, of the
/// terminals in the record. A payment stands if it is approved and not reversed. Errors: io,
/// corrupt (a line of the record is none, a journal that an acquirer would refuse).
result<comparison> compare(const std::filesystem::path& record,
                           const std::filesystem::path& journal);

} // namespace ducat::terminals
