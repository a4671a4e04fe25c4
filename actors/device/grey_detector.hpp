/// Whether a link answers requests as it should, whatever it does with echoes. Pure.
#pragma once

#include <ducat/device/link_options.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace ducat::device {

/// Looks at requests that were written. One that ended in another way than below is not counted.
class grey_detector {
public:
  explicit grey_detector(const grey_options& options) : options_{options} {}

  void written(time_point now);

  /// `are_others_waiting`: more requests are under way.
  void answered(bool are_others_waiting, time_point now);
  void timed_out();

  /// Returns why the link is to be suspected; nothing if it is not.
  std::optional<std::string> suspicion(time_point now) const;

  /// Returns when suspicion() may have come up by waiting.
  std::optional<time_point> look_again_at() const;

  /// Nothing has happened yet.
  void reset();

private:
  void count(bool timeout);

  grey_options options_;
  std::deque<bool> sample_;    // Of the last requests, whether it timed out.
  std::uint32_t timeouts_ = 0; // Invariant: as many as are true in sample_.
  std::uint32_t timeouts_in_silence_ = 0;
  std::optional<time_point> silent_since_; // While something that was written is not answered.
};

} // namespace ducat::device
