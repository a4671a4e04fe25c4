/// The way back to an io thread for answers that come on other threads, maybe after its end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <mutex>
#include <utility>

namespace ducat::api {

/// Runs work on an io_context for as long as that is there. Thread-safety: any thread.
class io_link {
public:
  /// `io` must not be destroyed before close().
  explicit io_link(boost::asio::io_context& io) : io_(&io) {}

  /// Runs `work` on the io thread soon, never within this call; drops it after close().
  template <class Work>
  void post(Work work) {
    const std::lock_guard lock(mutex_);
    if (io_ != nullptr)
      boost::asio::post(*io_, std::move(work));
  }

  /// How many streams the server has. Used on the io thread only.
  std::size_t streams = 0;

  void close() {
    const std::lock_guard lock(mutex_);
    io_ = nullptr;
  }

private:
  std::mutex mutex_;
  boost::asio::io_context* io_;
};

} // namespace ducat::api
