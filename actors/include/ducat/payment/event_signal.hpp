/// Tells those who follow events that it is time to look.
#pragma once

#include <atomic>
#include <cstdint>

namespace ducat::payment {

/// Raised by the machine of this node when events have been committed. Any thread.
class event_signal {
public:
  /// Notes that there are events up to the log entry `index`.
  void raise(std::uint64_t index) noexcept { newest_.store(index, std::memory_order_release); }

  /// Returns the newest log entry with an event, as far as this node knows.
  std::uint64_t newest() const noexcept { return newest_.load(std::memory_order_acquire); }

private:
  std::atomic<std::uint64_t> newest_{0};
};

} // namespace ducat::payment
