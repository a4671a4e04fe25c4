#include "sim/network.hpp"

#include <algorithm>

namespace ducat::sim {

namespace {

/// Of a call that is late: its caller has given up this attempt.
constexpr transit late{.least = std::chrono::milliseconds{300},
                       .most = std::chrono::milliseconds{3'000}};

} // namespace

// What is sent -----------------------------------------------------------------------------------

duration network::draw_transit() {
  const transit how = slow_.empty() ? transit_ : slow_.rbegin()->second;
  return chance_.between(how.least, how.most);
}

bool network::draw_loss(const std::string& from, const std::string& to) {
  return std::ranges::any_of(losses_, [&](const auto& each) {
    const auto& [place, of_thousand] = each.second;
    return (place == from || place == to) && chance_.happens(of_thousand);
  });
}

void network::arrive_at(const std::string& from, const std::string& to, duration when, bool is_lost,
                        std::function<void()> arrive, std::function<void()> lost) {
  time_.after(when, [this, from, to, is_lost, arrive = std::move(arrive), lost = std::move(lost)] {
    if (is_lost || is_cut(from, to)) {
      if (lost)
        lost();
    } else if (time_.is_stopped(to)) {
      held_[to].push_back(arrive);
    } else {
      arrive();
    }
  });
}

void network::send(const std::string& from, const std::string& to, std::function<void()> arrive,
                   std::function<void()> lost) {
  time_point& newest = newest_[{from, to}];
  newest = std::max(newest, time_.now() + draw_transit());
  arrive_at(from, to, newest - time_.now(), draw_loss(from, to), std::move(arrive),
            std::move(lost));
}

void network::call(const std::string& from, const std::string& to, std::function<void()> arrive) {
  duration when = draw_transit();
  const bool is_lost = draw_loss(from, to);
  if (!is_lost && draw_loss(from, to))
    when += chance_.between(late.least, late.most);
  arrive_at(from, to, when, is_lost, std::move(arrive), {});
}

void network::release(const std::string& place) {
  if (time_.is_stopped(place))
    return;
  if (const auto found = held_.extract(place); !found.empty())
    for (const auto& arrive : found.mapped())
      arrive();
}

// What is wrong ----------------------------------------------------------------------------------

bool network::is_cut(const std::string& from, const std::string& to) const {
  return std::ranges::any_of(cuts_, [&](const auto& each) {
    return each.second.first == from && each.second.second == to;
  });
}

disturbance network::cut(const std::string& from, const std::string& to) {
  cuts_.emplace(++newest_disturbance_, way{from, to});
  return newest_disturbance_;
}

disturbance network::lose(const std::string& place, unsigned of_thousand) {
  losses_.emplace(++newest_disturbance_, std::pair{place, of_thousand});
  return newest_disturbance_;
}

disturbance network::slow_down(transit how) {
  slow_.emplace(++newest_disturbance_, how);
  return newest_disturbance_;
}

void network::mend(disturbance which) {
  cuts_.erase(which);
  losses_.erase(which);
  slow_.erase(which);
}

void network::join(const std::string& from, const std::string& to) {
  std::erase_if(cuts_, [&](const auto& each) { return each.second == way{from, to}; });
}

void network::mend_all() {
  cuts_.clear();
  losses_.clear();
  slow_.clear();
}

} // namespace ducat::sim
