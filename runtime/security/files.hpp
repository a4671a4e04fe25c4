/// Small files, read and written as a whole.
#pragma once

#include <ducat/error.hpp>

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace ducat::security {

/// Returns what `file` holds. Errors: not_found, invalid_argument (no regular file, or a larger one
/// than certificates and keys are), io.
result<std::string> read_file(const std::filesystem::path& file);

struct new_file {
  std::filesystem::path path;
  std::string text;
  mode_t mode; ///< What it gets, whatever the umask.
};

/// What happens to a file of that name.
enum class if_there : std::uint8_t { refuse, replace };

/// Writes `files`, all in `directory`, in their order. After a crash each is whole or as it was,
/// and if one is new, so are those before it. Errors: not_permitted (refused: one of them is there,
/// nothing was written), io.
result<void> write_files(const std::filesystem::path& directory, std::span<const new_file> files,
                         if_there rule);

/// Makes `directory` and what is missing above it; the directory itself gets mode 0700. Existing is
/// fine, and keeps its mode. Errors: io.
result<void> make_directory(const std::filesystem::path& directory);

/// Returns "cannot WHAT PATH: why", with the code io.
tl::unexpected<error> io_failure(std::string_view what, const std::filesystem::path& path,
                                 int code);

} // namespace ducat::security
