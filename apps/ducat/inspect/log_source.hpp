/// Where the commands that look at a log get it from.
#pragma once

#include <ducat/log.hpp>

#include <filesystem>
#include <functional>

namespace ducat::cli {

/// Calls `visit` for each acknowledged entry of the log in `data`, in order and verified, until it
/// returns false. The log of a stopped node is first verified as a whole; of a running one, which
/// may go on, each entry is when it is reached. Nothing is written, and no lock is taken.
/// Errors: those of log_follower.
result<void> read_log(const std::filesystem::path& data,
                      const std::function<bool(const entry&)>& visit);

} // namespace ducat::cli
