/// What a dashboard shows now.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace ducat::api {

/// The newest of each topic, as JSON. However many look at it and however slow they are, nothing
/// else is kept. Thread-safety: any thread.
class dashboard_board {
public:
  /// Says what is so of `topic` now. What is said again is no news.
  void put(const std::string& topic, std::string json);

  /// Returns, as server-sent events, each topic that was put since `seen`, the one that changed
  /// first at first, and raises `seen`. Empty if there is none. Begin with 0.
  std::string news(std::uint64_t& seen) const;

private:
  struct entry {
    std::uint64_t version = 0; ///< Of the board when it was put.
    std::string json;
  };

  mutable std::mutex guard_;
  std::map<std::string, entry> topics_;
  std::uint64_t version_ = 0; ///< Invariant: that of the entry that was put last.
};

} // namespace ducat::api
