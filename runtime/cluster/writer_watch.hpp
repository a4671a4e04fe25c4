/// What a node does about the writer of the log. Pure.
#pragma once

#include "cluster/member_view.hpp"
#include "cluster/succession.hpp"

#include <ducat/shared_log.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace ducat::cluster {

/// How often a node's own beat must have come back before it may take the log: by then it has seen
/// those of the others.
inline constexpr std::uint64_t beats_to_join = 3;

struct writer_news {
  /// Told each time: a life of the machine that begins does not know what the one before was told.
  shared_log::holder holder{};
  std::optional<epoch> turn{}; ///< This node is to take the log after that epoch.
};

/// Not thread-safe.
class writer_watch {
public:
  /// To be called often. A node that holds the log and does not write it takes it again.
  writer_news look(const member_view& view, const std::string& me, bool draining, time_point now) {
    const shared_log::holder holder = view.holder();
    const bool is_mine = holder.node == me && !draining;
    const bool is_my_turn =
        succession_.is_my_turn(holder.granted.value, view.has_holder_failed() || is_mine,
                               is_mine ? std::optional<std::size_t>{0} : view.rank(), now);
    writer_news news{.holder = holder};
    if (is_my_turn && view.own_beats() >= beats_to_join)
      news.turn = holder.granted;
    return news;
  }

private:
  succession succession_;
};

} // namespace ducat::cluster
