/// How a terminal is, as the gateway sees it.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>

namespace ducat::gateway {

/// Values are not stored.
enum class terminal_state : std::uint8_t {
  offline = 1,    ///< It has not spoken in this life, has signed off, or its connection is gone.
  signing_on = 2, ///< It is connected and has not signed on: it pays nothing.
  ready = 3,
  in_txn = 4,      ///< A payment or a reversal is under way.
  saf_mode = 5,    ///< It delivers what it has stored: its last request was an advice.
  reconciling = 6, ///< Its totals are being compared.
  locked = 7,      ///< By the configuration.
};

std::string_view to_string(terminal_state value) noexcept;
std::ostream& operator<<(std::ostream& out, terminal_state value);

/// Since this life began.
struct terminal_figures {
  terminal_state state = terminal_state::offline;
  std::uint64_t requests = 0;
  std::uint64_t repeats = 0;  ///< Came while the first one was under way.
  std::uint64_t approved = 0; ///< Answered 00 or 10.
  std::uint64_t refused = 0;  ///< Answered otherwise.
  std::uint64_t unanswered = 0;
};

} // namespace ducat::gateway
