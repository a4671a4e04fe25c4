/// The acquirer's memory on disk: a line for each effect, synced before anybody is told.
#pragma once

#include "effect.hpp"

#include <ducat/error.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace ducat::acquirer {

/// Owns the file, alone. For one thread.
class journal {
public:
  /// Opens or creates the file at `path` and appends what it holds to `read`. A last line that has
  /// no end was never told to anybody, and is dropped. Errors: in_use (another process has it), io,
  /// and corrupt with the number of the line that is damaged or has another sequence than expected.
  static result<journal> open(const std::filesystem::path& path, std::vector<effect>& read);

  journal(journal&& other) noexcept;
  journal& operator=(journal&&) = delete;
  ~journal();

  /// Takes an effect; it is not on disk before sync().
  void append(const effect& what);

  /// Returns when all that was appended is on disk; at once if there is nothing new. Errors: io:
  /// what is on disk is not known, and the process must end.
  result<void> sync();

private:
  explicit journal(int descriptor) : descriptor_{descriptor} {}

  int descriptor_; ///< -1: moved from.
  std::string pending_;
};

} // namespace ducat::acquirer
