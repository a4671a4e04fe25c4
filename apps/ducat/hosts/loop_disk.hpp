/// A disk of its own for a host: an ext4 file system in a file. It can lose its power.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace ducat::cli {

/// Returns why there can be no such disk, for people; nothing if there can. Needs a folder to try
/// it in.
std::optional<std::string> why_no_loop_disk(const std::filesystem::path& folder);

/// Mounted at `at` until its end; `at` and the file beside it, "AT.disk", are made, and only `at`
/// stays. Throws what goes wrong. Not thread-safe.
class loop_disk {
public:
  /// The file takes no more space than is written to it.
  loop_disk(std::filesystem::path at, std::uint64_t bytes);
  ~loop_disk();

  loop_disk(const loop_disk&) = delete;
  loop_disk& operator=(const loop_disk&) = delete;

  /// From now on nothing is written any more, and everything fails: what was not synced is lost.
  void lose_power() const;

  /// Mounts it again, after what used it has ended.
  void power_up();

  /// Leaves no space on it; and gives it back.
  void fill() const;
  void empty() const;

private:
  void mount() const;

  std::filesystem::path at_;
  std::filesystem::path image_;
};

} // namespace ducat::cli
