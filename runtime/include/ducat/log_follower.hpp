/// Follows the log of a data directory while another process appends to it: a change feed.
#pragma once

#include <ducat/log.hpp>

#include <filesystem>
#include <functional>
#include <memory>

namespace ducat {

/// Reads a log from an index on, and goes on as it grows. Writes nothing into the directory, takes
/// no lock, and does not hold the writer up. Not thread-safe.
class log_follower {
public:
  /// Opens the log in `directory`, whether it is being written or not. The first entry to be read
  /// is `from` (0 is taken for 1), which may still lie in the future. Errors: not_found (there is
  /// no log), newer_version, corrupt, io.
  static result<log_follower> open(const std::filesystem::path& directory, std::uint64_t from = 0);

  log_follower(log_follower&&) noexcept;
  log_follower& operator=(log_follower&&) noexcept;
  ~log_follower();

  /// Calls `visit`, in order, for each entry that has not been visited and is acknowledged by now.
  /// `visit` returns false to stop early; the next call goes on with the entry after. Each entry is
  /// verified: checksum, density, hash chain. Nothing to visit is not an error.
  /// Errors: not_found (the next entry was trimmed away, nothing was visited), corrupt (names the
  /// entry; neither it nor anything after it was visited), newer_version, io.
  result<void> read(const std::function<bool(const entry&)>& visit);

  /// Waits until there may be more to read, or for `deadline`. Returns whether there may be.
  bool wait(time_point deadline) const;

  /// Becomes readable when there may be more to read; for a caller's own poll(). -1 if this system
  /// has no more such descriptors: look again from time to time.
  int descriptor() const noexcept;

  /// Returns the newest entry that was known to be acknowledged when the log was opened or last
  /// read. Index 0 if there is none.
  receipt newest() const noexcept;

  /// Returns the index of the first entry that was kept when the log was opened.
  std::uint64_t first() const noexcept;

  /// Returns whether another process had the log open for writing when this one opened it.
  bool had_writer() const noexcept;

private:
  struct state;
  explicit log_follower(std::unique_ptr<state> s) noexcept;

  std::unique_ptr<state> state_;
};

} // namespace ducat
