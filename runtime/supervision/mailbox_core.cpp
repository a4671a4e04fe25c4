#include "supervision/mailbox_core.hpp"

#include <algorithm>
#include <utility>

namespace ducat::supervision {

std::optional<mailbox_core::number> mailbox_core::add() {
  if (waiting_.size() >= spec_.capacity)
    return std::nullopt;
  waiting_.push_back(++last_);
  return last_;
}

std::optional<mailbox_core::number> mailbox_core::next() {
  if (waiting_.empty() || in_hand_.size() >= spec_.in_hand_max)
    return std::nullopt;
  const number message = waiting_.front();
  waiting_.pop_front();
  const auto before = returned_.extract(message);
  in_hand_[message] = before ? before.mapped() : 0;
  return message;
}

void mailbox_core::answered(number message) {
  in_hand_.erase(message);
}

std::vector<mailbox_core::given_up> mailbox_core::life_over(bool crashed) {
  std::vector<given_up> lost;
  const auto held = std::exchange(in_hand_, {});
  for (auto message = held.rbegin(); message != held.rend(); ++message) {
    const std::uint32_t crashes = message->second + (crashed ? 1 : 0);
    if (const auto fate = fate_of(message->first, crashes)) {
      lost.push_back(*fate);
      continue;
    }
    waiting_.push_front(message->first);
    returned_[message->first] = crashes;
  }
  std::ranges::reverse(lost);
  return lost;
}

std::optional<mailbox_core::given_up> mailbox_core::fate_of(number message,
                                                            std::uint32_t crashes) const {
  const bool is_poison = spec_.fate == mailbox_fate::keep && crashes >= spec_.poison_after;
  if (spec_.fate == mailbox_fate::keep && !is_poison)
    return std::nullopt;
  return given_up{message, crashes, true, is_poison};
}

std::vector<mailbox_core::given_up> mailbox_core::close() {
  std::vector<given_up> all;
  for (const auto& [message, crashes] : std::exchange(in_hand_, {}))
    all.push_back({message, crashes, true, false});
  for (const number message : std::exchange(waiting_, {})) {
    const auto before = returned_.extract(message);
    const bool was_in_hand = !before.empty();
    all.push_back({message, was_in_hand ? before.mapped() : 0, was_in_hand, false});
  }
  return all;
}

} // namespace ducat::supervision
