#include "sim/links.hpp"

#include <algorithm>
#include <vector>

namespace ducat::sim {

using namespace std::chrono_literals;
using cluster::link_state;

namespace {

constexpr duration connect_time = 20ms;
constexpr duration connect_pause = 50ms; ///< After a stream has broken.
constexpr duration notice_time = 700ms;  ///< Until a stream over a cut way is given up.

} // namespace

std::uint64_t links::life_of(const std::string& node) const {
  const auto found = ends_.find(node);
  return found == ends_.end() ? 0 : found->second.first;
}

void links::enter(const std::string& node, end what) {
  ends_[node] = {++numbers_, std::move(what)};
  for (const auto& [other, its] : ends_)
    if (other != node)
      for (const way& along : {way{node, other}, way{other, node}}) {
        states_.erase(along);
        whole_[along] = is_whole(along);
        connect(along);
      }
}

void links::leave(const std::string& node) {
  const std::uint64_t life = life_of(node);
  ends_.erase(node);
  std::erase_if(asks_, [&](const auto& each) { return each.second.along.first == node; });
  for (const auto& [other, its] : ends_)
    ways_.send(node, other, [this, life, along = way{other, node}] {
      if (!ends_.contains(along.second))
        set(along, link_state::refused);
      lose(along, life);
    });
}

void links::connect(const way& along) {
  time_.after(connect_time, [this, along] {
    if (ends_.contains(along.first) && ends_.contains(along.second) && is_whole(along))
      set(along, link_state::up);
  });
}

void links::look() {
  for (auto& [along, was_whole] : whole_) {
    const bool now = is_whole(along);
    if (std::exchange(was_whole, now) == now)
      continue;
    const std::uint64_t count = ++changes_[along];
    if (now)
      connect(along);
    else
      time_.after(notice_time, [this, along, count] { notice_cut(along, count); });
  }
}

void links::notice_cut(const way& along, std::uint64_t since) {
  if (changes_[along] == since)
    set(along, link_state::broken);
}

void links::set(const way& along, link_state now) {
  const auto found = ends_.find(along.first);
  if (found == ends_.end() || std::exchange(states_[along], now) == now)
    return;
  found->second.second.on_change(along.second, now);
  if (now != link_state::up)
    lose(along, life_of(along.second));
}

/// What became of the asks of that life is not known.
void links::lose(const way& along, std::uint64_t life) {
  std::vector<std::uint64_t> lost;
  for (const auto& [number, each] : asks_)
    if (each.along == along && each.life == life)
      lost.push_back(number);
  for (const std::uint64_t number : lost)
    settle(number, fail(errc::outcome_unknown, "the link to node " + along.second + " was lost"));
}

/// Something was lost on the way. If the way is cut, that takes longer to be noticed.
void links::break_stream(const way& along) {
  if (!is_whole(along) || states_[along] != link_state::up)
    return;
  set(along, link_state::broken);
  time_.after(connect_pause, [this, along] { connect(along); });
}

void links::settle(std::uint64_t number, result<std::string> answer) {
  if (auto found = asks_.extract(number); !found.empty())
    found.mapped().done(std::move(answer));
}

void links::ask(const std::string& from, const std::string& to, cluster::outgoing_ask what,
                time_point deadline, cluster::ask_callback done) {
  const auto state = states_.find({from, to});
  if (state == states_.end() || state->second != link_state::up)
    return done(fail(errc::unavailable, "node " + to + " cannot be reached now"));
  const std::uint64_t number = ++numbers_;
  const std::uint64_t life = life_of(to);
  asks_.emplace(number, pending{{from, to}, life, std::move(done)});
  time_.after(std::max(deadline - time_.now(), duration{}), [this, number, to] {
    settle(number, fail(errc::outcome_unknown, "node " + to + " did not answer in time"));
  });
  const auto respond = [this, from, to, number, life](result<std::string> answer) {
    if (life_of(to) == life)
      ways_.send(
          to, from, [this, number, answer = std::move(answer)] { settle(number, answer); },
          [this, along = way{from, to}] { break_stream(along); });
  };
  ways_.send(
      from, to,
      [this, from, to, life, deadline, respond, what = std::move(what)] {
        if (life != 0 && life_of(to) == life)
          ends_.at(to).second.serve({.from = from,
                                     .to = what.to,
                                     .type = what.type,
                                     .body = what.body,
                                     .deadline = deadline},
                                    respond);
      },
      [this, along = way{from, to}] { break_stream(along); });
}

} // namespace ducat::sim
