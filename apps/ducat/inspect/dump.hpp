/// `ducat log dump`: the log as JSON lines, for support.
#pragma once

#include "exit_code.hpp"

#include <filesystem>
#include <iosfwd>

namespace ducat::cli {

/// Prints one object for each entry of the log in `data`: index, epoch, at (nanoseconds since the
/// Unix epoch), hash and commands. Reads it without locking it.
exit_code dump_log(const std::filesystem::path& data, std::ostream& out, std::ostream& err);

} // namespace ducat::cli
