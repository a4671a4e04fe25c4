/// Notices on their way to whoever is told, one after the other. Pure.
#pragma once

#include <ducat/time.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace ducat::alerts {

/// A notice that could not be told is tried again, later and later, before those after it. If too
/// many wait the oldest is given up: what is newer matters more.
class outbox {
public:
  struct letter {
    std::uint64_t id = 0;
    std::string body;
  };

  /// Returns whether another had to be given up for it.
  bool put(std::string body);

  /// Returns the letter that is to be posted now, if one is. It is under way until it was heard of.
  std::optional<letter> next(log_time now);

  /// What has become of the one under way.
  void heard(bool is_told, log_time now);

  std::size_t waiting() const noexcept { return letters_.size(); }

private:
  std::deque<letter> letters_;
  std::uint64_t newest_ = 0;
  std::uint64_t under_way_ = 0; ///< Its id; 0: none.
  std::uint32_t failures_ = 0;  ///< In a row.
  log_time not_before_{};
};

} // namespace ducat::alerts
