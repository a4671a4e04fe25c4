/// Whether all agree: what clients were told, our payments, our book and the acquirer's journal.
#pragma once

#include "bench/cards/card_clients.hpp"
#include "cards/card_join.hpp"
#include "client/connection.hpp"

#include <ducat/error.hpp>
#include <ducat/v1/node.pb.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ducat::cli {

/// What clients were told against what is so at the end.
struct told_report {
  std::uint64_t told = 0;   ///< Payments that somebody was told something of.
  std::uint64_t broken = 0; ///< Of these: lost, made twice, or told something that did not last.
  std::vector<std::string> complaints; ///< A line each, the first hundred.
};

/// Takes payments one by one, and then compares.
class told_check {
public:
  explicit told_check(const std::vector<told_states>& told);

  void add(const v1::Payment& now);

  told_report compare() const;

private:
  const std::vector<told_states>& told_;
  std::vector<std::vector<std::uint8_t>> seen_; ///< The state now; 0: not seen.
  told_report made_;
};

/// Returns whether a payment that a client was told is in state `then` may be in state `now`.
bool may_become(v1::Payment::State then, v1::Payment::State now);

struct card_verdict {
  cards::join_report join;
  told_report told;
  std::int64_t captured = 0; ///< The sum of all payments', minor units.
  std::int64_t credited = 0; ///< What the payee has, in our book.
  bool in_balance = false;   ///< Debits and credits of our book.

  bool is_good() const {
    return join.mismatched == 0 && told.broken == 0 && captured == credited && in_balance;
  }
};

/// Waits until no attempt is under way, and nothing is in doubt but exceptions; returns the last
/// status, also if the time is over before. Errors: unavailable.
result<v1::StatusReply> wait_until_settled(const connection& node,
                                           std::chrono::steady_clock::duration patience);

/// Returns whether that is so.
bool is_settled(const v1::StatusReply& status);

/// Asks the node for everything, and compares it. `join` has the journal. Errors: unavailable.
result<card_verdict> judge_cards(const connection& node, const std::vector<told_states>& told,
                                 cards::card_join join);

} // namespace ducat::cli
