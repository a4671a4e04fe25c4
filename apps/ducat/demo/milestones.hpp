/// Where an import and the blows that fall on it meet.
#pragma once

#include "load/import.hpp"

#include <condition_variable>
#include <cstdint>
#include <limits>
#include <mutex>

namespace ducat::cli {

/// The importer's thread tells how far it is, and waits for the blow that is due then; the main
/// thread waits until the next one is.
class milestones {
public:
  void reached(const import_summary& so_far) {
    std::unique_lock lock{mutex_};
    finished_ = so_far.finished();
    changed_.notify_one();
    changed_.wait(lock, [&] { return next_ > finished_; });
  }

  /// No more is to be waited for by the main thread.
  void end() {
    const std::lock_guard guard{mutex_};
    ended_ = true;
    changed_.notify_one();
  }

  /// Waits until `operations` are finished; returns false if the import ended before.
  bool wait_for(std::uint64_t operations) {
    std::unique_lock lock{mutex_};
    next_ = operations;
    changed_.notify_one();
    changed_.wait(lock, [&] { return ended_ || finished_ >= operations; });
    return finished_ >= operations;
  }

  /// No more is to be waited for by the importer.
  void no_more_blows() {
    const std::lock_guard guard{mutex_};
    next_ = std::numeric_limits<std::uint64_t>::max();
    changed_.notify_one();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t finished_ = 0;
  std::uint64_t next_ = 0; ///< After so many a blow is due.
  bool ended_ = false;
};

} // namespace ducat::cli
