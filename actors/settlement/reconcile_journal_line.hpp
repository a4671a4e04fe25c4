/// A line of the acquirer simulator's journal, as far as a reconciliation needs it. Pure.
#pragma once

#include <ducat/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::settlement {

struct journal_line {
  std::uint64_t sequence = 0;
  std::string effect{}; ///< authorised, captured, declined, advice, reversed, reconciled
  bool is_financial = false;
  bool is_credit = false;
  std::string stan{};
  std::string terminal{};
  std::string rrn{};
  std::string currency{}; ///< Three digits; of a reconciliation empty: all.
  std::int64_t amount = 0;
  std::optional<std::int64_t> fee{};
  std::uint64_t original = 0; ///< Its sequence; 0: there is none, or it was not there.
  std::int64_t at_ms = 0;
};

/// Returns what the line says. Errors: corrupt (its checksum is another one, or it is no effect).
result<journal_line> parse_journal_line(std::string_view line);

} // namespace ducat::settlement
