/// Dialects of ISO 8583 as TOML files, see docs/iso8583.md.
#pragma once

#include <ducat/error.hpp>
#include <ducat/iso8583/dialect.hpp>

#include <filesystem>
#include <string>

namespace ducat::cli {

/// Returns the dialect that the file at `path` is. Errors: not_found, io, and invalid_argument with
/// the line and column of what is wrong; a key that is not known is.
result<iso8583::dialect> load_dialect(const std::filesystem::path& path);

/// Returns the shipped dialect of that name, or that of the file of that path. Errors: those of
/// load_dialect(), and not_found with the names that there are.
result<iso8583::dialect> find_dialect(const std::string& name_or_path);

/// Returns the file that load_dialect() reads as `shown`, without a base.
std::string toml_of(const iso8583::dialect& shown);

} // namespace ducat::cli
