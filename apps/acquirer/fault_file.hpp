/// Fault scripts as TOML files, see docs/acquirer.md.
#pragma once

#include "fault_rule.hpp"

#include <ducat/error.hpp>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ducat::acquirer {

struct fault_file {
  std::uint64_t seed = 1;
  std::vector<fault_rule> faults{};
};

/// Returns the script that the file at `path` is. Errors: not_found, io, and invalid_argument with
/// the line and column of what is wrong; a key that is not known is.
result<fault_file> load_faults(const std::filesystem::path& path);

} // namespace ducat::acquirer
