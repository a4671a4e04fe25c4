/// Reading a TOML file, and saying where in it something is wrong.
#pragma once

#include <ducat/error.hpp>

#include <toml++/toml.h>

#include <filesystem>
#include <string>

namespace ducat {

/// Returns the table that the file at `path` is. Errors: not_found, io, and invalid_argument with
/// the line and column at which it is no TOML.
result<toml::table> read_toml(const std::filesystem::path& path);

/// Returns the error that `why` is wrong at that place of `file`.
tl::unexpected<error> wrong_at(const std::filesystem::path& file, const toml::source_region& at,
                               const std::string& why);

} // namespace ducat
