/// A folder that is gone when its object is.
#pragma once

#include <ducat/error.hpp>

#include <filesystem>
#include <memory>

namespace ducat::bench {

class work_directory {
public:
  /// Makes a new folder in `parent`, which is made if it is missing; empty: in the temporary one.
  /// Errors: io.
  static result<std::unique_ptr<work_directory>> make(const std::filesystem::path& parent);

  work_directory(const work_directory&) = delete;
  work_directory& operator=(const work_directory&) = delete;

  /// Removes the folder and all that is in it.
  ~work_directory();

  const std::filesystem::path& path() const noexcept { return path_; }

private:
  explicit work_directory(std::filesystem::path path) : path_{std::move(path)} {}

  std::filesystem::path path_;
};

} // namespace ducat::bench
