/// All that the host has done, and what follows from it. Pure; for one thread.
#pragma once

#include "effect.hpp"
#include "totals.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ducat::acquirer {

/// A reference number (field 37) of a terminal (field 41).
struct reference {
  std::string terminal;
  std::string rrn;

  friend auto operator<=>(const reference&, const reference&) = default;
};

class book {
public:
  /// Takes the effect that follows the last one: its sequence is next_sequence().
  void apply(effect what);

  std::uint64_t next_sequence() const noexcept { return effects_.size() + 1; }

  /// In order. Invariant: effects()[i].sequence == i + 1
  const std::vector<effect>& effects() const noexcept { return effects_; }

  /// Returns the effect of the message with that key; null if it had none. It lives until the next
  /// apply().
  const effect* find(const message_key& key) const;

  /// Returns the newest payment of that reference that is not reversed, or else the newest; null if
  /// there is none.
  const effect* find(const reference& of) const;

  bool is_reversed(const effect& original) const { return reversed_.contains(original.sequence); }

  /// Returns whether a reversal of it came before it.
  bool is_reversed_ahead(const message_key& key, const reference& of) const;

  /// Returns the sums of that terminal and currency; empty ones stand for all.
  totals totals_of(const std::string& terminal, const std::string& currency) const;

private:
  void apply_payment(const effect& what);
  void apply_reversal(const effect& what);
  bool moves_money(const effect& what) const;
  void restart_totals(const effect& what);

  std::vector<effect> effects_;
  std::map<message_key, std::uint64_t> by_key_;
  std::map<reference, std::vector<std::uint64_t>> by_reference_; ///< Of payments.
  std::set<std::uint64_t> reversed_;
  std::set<message_key> keys_reversed_ahead_;
  std::set<reference> references_reversed_ahead_;
  std::map<std::pair<std::string, std::string>, totals> totals_; ///< By terminal and currency.
};

} // namespace ducat::acquirer
