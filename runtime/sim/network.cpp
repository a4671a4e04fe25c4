#include "sim/network.hpp"

#include <algorithm>

namespace ducat::sim {

void network::send(const std::string& from, const std::string& to, std::function<void()> arrive,
                   std::function<void()> lost) {
  time_point& newest = newest_[{from, to}];
  newest = std::max(newest, time_.now() + chance_.between(transit_.least, transit_.most));
  time_.after(newest - time_.now(),
              [this, from, to, arrive = std::move(arrive), lost = std::move(lost)] {
                if (is_cut(from, to)) {
                  if (lost)
                    lost();
                } else if (time_.is_stopped(to)) {
                  held_[to].push_back(arrive);
                } else {
                  arrive();
                }
              });
}

void network::release(const std::string& place) {
  for (const auto& arrive : held_[place])
    arrive();
  held_.erase(place);
}

} // namespace ducat::sim
