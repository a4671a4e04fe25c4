/// Who takes the place of a log's writer that has failed. Pure.
#pragma once

#include <ducat/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cluster {

/// A node that could be the writer, as this node sees it.
struct candidate {
  std::string node;
  std::uint32_t priority = 0; ///< The smallest takes over first; of equal ones the smaller id.
  bool is_able = true;        ///< It beats, is connected, and does not drain.
};

/// Returns the place of `me` in the order in which they would take over from `holder`, 0 for the
/// first; nothing if it must not.
std::optional<std::size_t> rank_of(const std::string& me, const std::string& holder,
                                   std::vector<candidate> candidates);

/// Decides when this node takes over. Each one waits a little longer than those before it, so that
/// as a rule one tries; the log grants the epoch to one only, whoever tries.
class succession {
public:
  static constexpr duration step = std::chrono::milliseconds{150};

  /// Called again and again with what is known now; `epoch` is the newest one that was granted.
  /// Returns whether to take it from its holder now. Says so again only after `step`.
  bool is_my_turn(std::uint64_t epoch, bool holder_failed, std::optional<std::size_t> rank,
                  time_point now);

private:
  std::uint64_t epoch_ = 0;
  std::optional<time_point> failed_since_; ///< The holder of `epoch_`.
  std::optional<time_point> tried_at_;
};

} // namespace ducat::cluster
