/// `ducat log verify`.
#pragma once

#include "client/console.hpp"
#include "exit_code.hpp"

#include <filesystem>

namespace ducat::cli {

/// Verifies the log in `data` (checksums, density, chain of hashes, epochs, times, and that it has
/// what was acknowledged) and prints what it holds. Reads it without locking it, and writes
/// nothing. Damage is `failed`; what is damaged and what to do about it goes to the console's
/// `err`.
exit_code verify_log(const std::filesystem::path& data, const console& io);

} // namespace ducat::cli
