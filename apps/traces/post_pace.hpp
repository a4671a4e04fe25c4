/// When spans are posted, and what becomes of those that were, as OTLP/HTTP has it. Pure.
#pragma once

#include <ducat/time.hpp>

#include <cstdint>

namespace ducat::traces {

enum class fate : std::uint8_t {
  sent = 1,
  again = 2,   ///< It may be taken later.
  dropped = 3, ///< It will never be.
};

/// Returns the fate of what was answered with that HTTP status; 0: there was no answer.
fate fate_of(std::uint32_t status) noexcept;

/// One batch is under way at a time. One that has to be posted again waits for as long as it was
/// told, or longer and longer.
class post_pace {
public:
  /// Returns whether something may be posted now.
  bool may_post(log_time now) const noexcept { return !is_under_way_ && now >= not_before_; }

  void posted() noexcept { is_under_way_ = true; }

  /// What has become of it. `retry_after_s` is what the answer has asked for; 0: nothing.
  void heard(fate what, std::uint64_t retry_after_s, log_time now) noexcept;

  /// How often it went wrong, in a row.
  std::uint32_t failures() const noexcept { return failures_; }

private:
  bool is_under_way_ = false;
  std::uint32_t failures_ = 0;
  log_time not_before_{};
};

} // namespace ducat::traces
