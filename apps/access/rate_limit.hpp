/// How often whoever calls may call. Pure: the time is an argument.
#pragma once

#include "access/principal.hpp"

#include <ducat/time.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace ducat::access {

struct rate_limits {
  std::uint32_t per_second = 0; ///< 0: there is no limit.
  std::uint32_t burst = 100;    ///< So many at once, after a while without any.
};

/// A bucket of tokens for each principal: one who calls too often takes nothing from the others.
/// Thread-safety: none.
class rate_limit {
public:
  explicit rate_limit(rate_limits limits) : limits_{limits} {}

  /// Returns whether `who` may call once more, and counts it if so. `now` never goes back.
  bool take(const principal& who, time_point now);

  /// Of how many principals it knows something: of those that have called lately.
  std::size_t size() const noexcept { return buckets_.size(); }

private:
  struct bucket {
    duration filled{}; ///< How long it took to fill: one token each second / per_second.
    time_point since{};
  };

  void forget_full(time_point now);

  rate_limits limits_;
  std::map<std::pair<security::role, std::string>, bucket> buckets_;
  std::size_t forget_at_ = 1'024;
};

} // namespace ducat::access
