/// A file that is given to a command. It is read twice: once to see whether all of it is good, and
/// once to do what it says, so that its size does not matter.
#pragma once

#include <ducat/error.hpp>
#include <ducat/iso20022/import.hpp>

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>

namespace ducat::cli {

class given_file {
public:
  /// Errors: not_found, invalid_argument (no regular file), io.
  static result<given_file> open(const std::string& path);

  /// Returns the first bytes, at most 64 KiB.
  std::string beginning();

  /// Returns a source of all of it, from its beginning. Only the last one that was made is used. It
  /// ends early if the file cannot be read: see is_unchanged().
  iso20022::byte_source bytes();

  /// Returns whether all was read that bytes() was asked for, and the file is as it was.
  bool is_unchanged() const;

private:
  struct stamp {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type written{};

    friend bool operator==(const stamp&, const stamp&) = default;
  };

  static stamp stamp_of(const std::filesystem::path& path);

  std::filesystem::path path_;
  std::shared_ptr<std::istream> from_;
  stamp begun_;
};

/// Prints what was not understood of a file.
void print_notes(std::ostream& out, const iso20022::import_report& report);

} // namespace ducat::cli
