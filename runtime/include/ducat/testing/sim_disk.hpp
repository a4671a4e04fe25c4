/// The disk of a node of a simulated cluster, as one life of the node has it.
#pragma once

#include <ducat/error.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace ducat::testing {

/// What a sector is written as: all of it or nothing, whenever the power fails.
constexpr std::size_t sector_bytes = 512;

/// Files by name. A write is durable when its file was synced after it; if the process ends before,
/// of each write any of its sectors may be there, or none. What another life has begun is its own:
/// a life that has ended throws. One thread.
class sim_disk {
public:
  sim_disk() = default;
  sim_disk(const sim_disk&) = delete;
  sim_disk& operator=(const sim_disk&) = delete;
  virtual ~sim_disk() = default;

  /// Returns the name of the node.
  virtual const std::string& node() const noexcept = 0;

  /// Returns the file, as far as it was written; empty if there is none.
  virtual std::string read(const std::string& file) const = 0;

  /// Writes `bytes` from there on, where the file ends or before. Errors: io (the disk is full,
  /// nothing was written).
  virtual result<void> write(const std::string& file, std::size_t from, std::string_view bytes) = 0;

  /// Waits until what was written to the file is durable. Errors: io (the disk is full, what was
  /// written since the last time may or may not be there).
  virtual result<void> sync(const std::string& file) = 0;

  /// Puts `bytes` in the place of the file, durably, whole or not at all. Waits.
  virtual result<void> replace(const std::string& file, std::string bytes) = 0;

  // What a thread of the process would be for
  // ------------------------------------------------------

  /// `task` runs when nobody of the node is in the middle of a message, and may wait.
  virtual void run_apart(std::function<void()> task) = 0;

  /// Waits until `done` returns true. In a handler of the node or a task only; throws if the life
  /// ends meanwhile.
  virtual void wait_until(const std::function<bool()>& done) = 0;
};

} // namespace ducat::testing
