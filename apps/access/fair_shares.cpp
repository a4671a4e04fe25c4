#include "access/fair_shares.hpp"

#include <ducat/check.hpp>

#include <algorithm>

namespace ducat::access {

namespace {

constexpr std::chrono::seconds between_forgetting{1};

} // namespace

bool fair_shares::take(const principal& who, time_point now) {
  holding& its = note(who, now);
  if (!may_have_more_than(its.places))
    return false;
  ++its.places;
  ++taken_;
  return true;
}

bool fair_shares::has_room_for(const principal& who, time_point now) {
  return may_have_more_than(note(who, now).places);
}

void fair_shares::give_back(const principal& who) {
  const auto found = known_.find({who.role, who.name});
  DUCAT_CHECK(found != known_.end());
  DUCAT_CHECK(found->second.places != 0);
  --found->second.places;
  --taken_;
}

/// Returns what `who` has, which stays until the next one is noted.
fair_shares::holding& fair_shares::note(const principal& who, time_point now) {
  if (now >= forget_at_)
    forget_inactive(now);
  holding& its = known_[{who.role, who.name}];
  its.came = now;
  return its;
}

/// Whoever asks is among those that are known.
bool fair_shares::may_have_more_than(std::size_t places) const {
  const std::size_t left = most_ - taken_;
  if (left == 0)
    return false;
  const std::size_t share = std::max<std::size_t>(1, most_ / known_.size());
  return places < share || places < greed * (left - 1);
}

void fair_shares::forget_inactive(time_point now) {
  forget_at_ = now + between_forgetting;
  std::erase_if(known_, [&](const auto& each) {
    return each.second.places == 0 && now - each.second.came >= lately;
  });
}

} // namespace ducat::access
