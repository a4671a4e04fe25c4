#include <ducat/acquiring/link_group.hpp>

#include <algorithm>

namespace ducat::acquiring {

namespace {

bool is_good(const link_view& link) {
  return link.state == device::link_state::signed_on;
}

bool is_connecting(const link_view& link) {
  return link.state == device::link_state::down || link.state == device::link_state::connected;
}

} // namespace

std::optional<std::string> link_to_grant(std::span<const link_view> links, const held_grant& now,
                                         const link_group_options& options, time_point at) {
  const auto holder = std::ranges::find(links, now.link, &link_view::name);
  const bool holder_is_good = holder != links.end() && is_good(*holder);
  if (holder_is_good && !options.takeover)
    return std::nullopt;
  if (holder != links.end() && is_connecting(*holder) &&
      at - holder->since < options.connect_within)
    return std::nullopt;
  const auto has_been_for = [&](const link_view& link, duration time) {
    return is_good(link) && at - link.since >= time;
  };
  const auto may_take = [&](const link_view& link) {
    if (holder_is_good)
      return has_been_for(link, options.takeover_after);
    const bool is_hasty = now.epoch == 0 && &link != &links.front();
    return has_been_for(link, is_hasty ? options.connect_within : duration::zero());
  };
  // A takeover is by one before the holder; anyone may follow a holder that is not good.
  const auto end = holder_is_good ? holder : links.end();
  const auto next = std::find_if(links.begin(), end, may_take);
  return next == end ? std::nullopt : std::optional{next->name};
}

} // namespace ducat::acquiring
