/// Which of several links to one acquirer carries the payments. Pure.
#pragma once

#include <ducat/device/link_options.hpp>
#include <ducat/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ducat::acquiring {

/// A link as it was last seen.
struct link_view {
  std::string name;
  device::link_state state = device::link_state::down;
  time_point since{}; ///< In that state.
};

/// The newest grant in the log.
struct held_grant {
  std::string link{};      ///< Empty: there was none.
  std::uint64_t epoch = 0; ///< 0: there was none.
};

struct link_group_options {
  /// Whether a preferred link takes over when it is back. Without it, it stays a backup until the
  /// one that carries the payments fails.
  bool takeover = false;
  duration takeover_after = std::chrono::seconds{30}; ///< It has to be signed on for so long.
  /// How long a link that connects is waited for: when a node starts, all connect at the same time.
  duration connect_within = std::chrono::seconds{1};
};

/// Returns the link that is to be granted now; nothing if the grant stands. `links`: the preferred
/// one first. In this order:
/// - there is no grant: the first that is signed on; one that is not preferred only when it has
/// been
///   for connect_within;
/// - the holder is signed on: it stays, but for a takeover;
/// - the holder has no connection yet, or is not signed on yet, for less than connect_within: it
///   stays (it has just begun, or whoever looks has);
/// - else, whatever it is that the holder does not do (a link that is suspect answers echoes, and
/// no
///   payments): the first other one that is signed on.
/// So a link that is not signed on is never granted anything.
std::optional<std::string> link_to_grant(std::span<const link_view> links, const held_grant& now,
                                         const link_group_options& options, time_point at);

} // namespace ducat::acquiring
