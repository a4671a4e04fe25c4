/// Following what happens to keys of etcd.
#pragma once

#include "etcd/client.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace ducat::etcd {

/// Tells what happened to the keys of a range, from one look at them on. It ends with this object,
/// and no call is made after that.
class watch {
public:
  struct options {
    std::string begin;
    std::string end; ///< Exclusive.

    /// Looks at the keys, and returns after which revision to go on; 0 to end. Called at first, and
    /// again whenever what happened meanwhile cannot be told. Runs on the thread of the watch.
    std::function<std::int64_t()> look;

    /// Takes what happened in one revision or several, in order. Returns whether to go on; if not,
    /// `look` comes next.
    std::function<bool(const pb::WatchResponse&)> take;
  };

  watch(const client& through, options how);
  ~watch();

  /// Looks again, and goes on through the member that calls go to by now. Any thread.
  void restart();

  watch(const watch&) = delete;
  watch& operator=(const watch&) = delete;

private:
  void run();
  void stream_from(std::int64_t revision);

  const client& client_;
  const options how_;
  std::atomic<bool> ending_{false};
  std::mutex guard_;
  grpc::ClientContext* stream_ = nullptr; ///< Of the stream that is open now.
  std::thread thread_;
};

} // namespace ducat::etcd
