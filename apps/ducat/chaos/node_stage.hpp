/// One node, with its guardian.
#pragma once

#include "chaos/stage.hpp"

namespace ducat::cli {

/// Starts `program` as a node whose files are in `directory`, and returns when it is ready. Errors:
/// io, unavailable.
result<std::unique_ptr<stage>> start_node_stage(const std::filesystem::path& program,
                                                const std::filesystem::path& directory);

} // namespace ducat::cli
