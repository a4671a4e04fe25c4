/// The alerts of a node. It outlives the actor that looks: its next life goes on with them.
#pragma once

#include "alerts/alert_core.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ducat::alerts {

/// alert_core, for any thread.
class alert_board {
public:
  explicit alert_board(std::vector<rule> rules, duration remind_every = std::chrono::hours{4})
      : core_{std::move(rules), remind_every} {}

  alert_board(const alert_board&) = delete;
  alert_board& operator=(const alert_board&) = delete;

  /// The clock may go back: it stands still here then.
  std::vector<notice> look(const observation& seen, log_time now) {
    const std::lock_guard lock{guard_};
    looked_at_ = std::max(looked_at_, now);
    return core_.look(seen, looked_at_);
  }

  result<alert> acknowledge(const std::string& rule, const std::string& subject, std::string by) {
    const std::lock_guard lock{guard_};
    return core_.acknowledge(rule, subject, std::move(by));
  }

  result<silence> add(silence what, log_time now) {
    const std::lock_guard lock{guard_};
    return core_.add(std::move(what), now);
  }

  result<void> lift(std::uint64_t silence_id) {
    const std::lock_guard lock{guard_};
    return core_.lift(silence_id);
  }

  /// What there is at one moment.
  struct contents {
    std::vector<alert> alerts{};
    std::vector<silence> silences{};
    log_time looked_at{}; ///< Zero: never.
  };

  contents read(log_time now) const {
    const std::lock_guard lock{guard_};
    return {.alerts = core_.list(), .silences = core_.silences(now), .looked_at = looked_at_};
  }

private:
  mutable std::mutex guard_;
  alert_core core_;
  log_time looked_at_{};
};

} // namespace ducat::alerts
