/// What the host has done: one entry of its journal.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::acquirer {

/// Names are in journals, so they stay.
enum class effect_kind : std::uint8_t {
  authorised, ///< 0100, approved.
  captured,   ///< 0200, approved: the money moves.
  declined,   ///< 0100 or 0200.
  advice,     ///< 0120 or 0220: it has happened, and cannot be declined.
  reversed,   ///< 0400 or 0420. Its original has no effect any more, or will have none.
  reconciled, ///< 0500 or 0520, in balance: the totals start again from zero.
};

std::string_view to_string(effect_kind kind) noexcept;

/// What names a message: it and its repeats are the same one.
struct message_key {
  char kind = '0';              ///< The class, second digit of the MTI.
  std::string stan{};           ///< Field 11.
  std::string transmitted_at{}; ///< Field 7.
  std::string terminal{};       ///< Field 41; empty if there is none.

  friend auto operator<=>(const message_key&, const message_key&) = default;
};

struct effect {
  std::uint64_t sequence = 0; ///< From 1, without a gap.
  effect_kind kind = effect_kind::declined;
  std::string mti{}; ///< Of the request.
  message_key key{};
  std::string rrn{};             ///< Field 37.
  std::string processing_code{}; ///< Field 3.
  std::int64_t amount_minor = 0;
  std::string currency{};      ///< Field 49; of a reconciliation field 50, empty for all.
  std::string masked_pan{};    ///< Field 2.
  std::string response_code{}; ///< Field 39 of the answer.
  std::string approval_code{}; ///< Field 38 of the answer; empty if it has none.

  /// Of a reversal: the sequence of what it reverses; 0 if that has not arrived.
  std::uint64_t original = 0;
  message_key original_key{}; ///< As field 90 says; without a STAN if there was none.

  std::int64_t at_ms = 0;            ///< Milliseconds since the Unix epoch.
  std::vector<std::string> faults{}; ///< Kinds of the faults that it met.

  friend bool operator==(const effect&, const effect&) = default;
};

std::ostream& operator<<(std::ostream& out, const effect& what);

} // namespace ducat::acquirer
