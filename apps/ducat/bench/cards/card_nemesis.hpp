/// What is broken while clients pay.
#pragma once

#include "bench/cards/card_world.hpp"

#include <ducat/time.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ducat::cli {

struct card_nemesis_options {
  duration time{};        ///< Of the whole run.
  duration crash_every{}; ///< 0: never.
  duration kill_every{};  ///< The same.
};

struct blows_done {
  std::uint64_t crashes = 0; ///< Of actors, and fault points that were armed.
  std::uint64_t kills = 0;   ///< Of the node's process.
};

/// One part of the node: a fault point that is armed for once, or a child that is crashed.
struct card_blow {
  bool is_point = false;
  std::string target;
};

/// Returns the parts that are hit, in turn: the points between the steps of a card payment and
/// those of the link, a worker, the link, the acquirer's actor and store and forward.
const std::vector<card_blow>& card_blows();

/// Returns the mistakes of the acquirer that `mixed` stands for, as its --fault has them. They are
/// rare enough for the link not to give up on it.
std::vector<std::string> mixed_faults();

/// Breaks parts of `world` until the time is over. Errors: the node does not start again.
result<blows_done> break_cards(card_world& world, const card_nemesis_options& options);

} // namespace ducat::cli
