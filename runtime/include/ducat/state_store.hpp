/// Where machines keep their state durably, beside the log.
#pragma once

#include <ducat/error.hpp>

#include <filesystem>

namespace ducat {

/// A directory in which the lives of one machine, one after the other, keep their state. Members
/// may be called from any thread.
class state_store {
public:
  state_store() = default;
  state_store(const state_store&) = delete;
  state_store& operator=(const state_store&) = delete;
  virtual ~state_store() = default;

  virtual const std::filesystem::path& directory() const noexcept = 0;

  /// Writes what is durable now, as one state, into the new directory `to` of the same file system.
  /// Files that do not change are shared, not copied. Errors: io.
  virtual result<void> copy_to(const std::filesystem::path& to) const = 0;

  /// Puts the copy in the directory `from`, which is gone then, in the place of what is kept. No
  /// machine may have the state of before; the next one begins with the new. Durable when it
  /// returns; if the process ends before, the old state or the new one is kept. Errors: in_use (a
  /// machine still has it), corrupt (it is no state of this store) and newer_version: nothing was
  /// done, and another copy may be tried; io: there may be no state that a machine could begin
  /// with, so end the process.
  virtual result<void> replace_with(const std::filesystem::path& from) = 0;
};

} // namespace ducat
