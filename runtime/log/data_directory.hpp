/// What ducat itself keeps in a data directory, beside the database:
///   DUCAT         text, written once: the format of the directory, its random id, and the name of
///                 the cluster that it belongs to, if that has one;
///   ACKNOWLEDGED  how much of the log has been acknowledged, so that a log which lost its end is
///                 told from one whose last append was never finished.
#pragma once

#include <ducat/log.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ducat {

constexpr int directory_format_version = 1;

/// Returns whether a cluster may be called so: at most 64 of a-z A-Z 0-9 . _ -
bool is_cluster_name(std::string_view name) noexcept;

/// The least that the log of a directory must contain.
struct acknowledged {
  receipt newest;
  epoch granted;

  friend bool operator==(const acknowledged&, const acknowledged&) = default;
};

std::ostream& operator<<(std::ostream& out, const acknowledged& value);

/// Returns what is acknowledged in the data directory `path` now. A writer may be at work.
/// Errors: corrupt (damaged or missing), io.
result<acknowledged> read_acknowledged(const std::filesystem::path& path);

/// The file that is written at each acknowledgement.
std::filesystem::path acknowledged_file(const std::filesystem::path& path);

/// A file descriptor, closed at the end of its life. -1 is none.
class file_handle {
public:
  explicit file_handle(int descriptor = -1) noexcept : descriptor_{descriptor} {}

  file_handle(file_handle&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}

  file_handle& operator=(file_handle&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

  ~file_handle();

  bool is_open() const noexcept { return descriptor_ >= 0; }

  int get() const noexcept { return descriptor_; }

private:
  int descriptor_;
};

enum class directory_access : std::uint8_t { read, write };

/// An opened data directory. With write access it is locked until the object ends: no other
/// process, and nothing else in this one, can open it for writing. Not thread-safe.
class data_directory {
public:
  /// Opens `path`, which belongs to `cluster` or, if that is nothing, to any; with write access
  /// makes it a data directory if it is missing or empty. Errors: other_cluster, in_use (locked),
  /// newer_version, corrupt (not a data directory, or damaged), not_found (read access to a
  /// directory that is missing or empty), io. An error leaves the directory as it was.
  static result<data_directory> open(const std::filesystem::path& path, directory_access access,
                                     const std::optional<std::string>& cluster = std::nullopt);

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Returns the random id given at creation: 32 hex digits.
  const std::string& id() const noexcept { return id_; }

  /// Returns what had been acknowledged when the directory was opened.
  const acknowledged& at_open() const noexcept { return at_open_; }

  /// Returns whether a writer had the directory when it was opened with read access.
  bool had_writer() const noexcept { return had_writer_; }

  /// Records what is acknowledged. It survives the end of this process at once, and a power loss
  /// after the next sync (or when the kernel gets to it): what is recorded is never too much.
  /// Needs write access. Errors: io.
  result<void> acknowledge(const acknowledged& value);

  /// Makes what acknowledge() recorded durable. Needs write access. Errors: io.
  result<void> sync();

private:
  data_directory() = default;
  result<void> lock(directory_access access);
  result<void> load(directory_access access, const std::optional<std::string>& cluster);
  result<void> prepare_for_writing(const std::string& cluster);

  std::filesystem::path path_;
  std::string id_;
  acknowledged at_open_;
  bool had_writer_ = false;
  file_handle lock_;         ///< The directory itself; with write access holds its flock.
  file_handle acknowledged_; ///< Only open with write access.
};

} // namespace ducat
