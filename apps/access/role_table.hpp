/// Which role may ask for what. Data; any thread.
#pragma once

#include <ducat/identity.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace ducat::access {

/// Who may ask for one thing. Of a merchant the machine sees to it that it is theirs, too.
struct role_row {
  std::string_view request; ///< The name of the message that asks for it, in ducat.v1.
  std::uint8_t roles;       ///< A bit for each, 1 << role.

  bool has(security::role who) const noexcept {
    return (roles >> static_cast<unsigned>(who) & 1U) != 0;
  }
};

/// Returns all rows, by request.
std::span<const role_row> role_table() noexcept;

/// Returns whether `who` may ask for `request`; nobody may for what is not in the table.
bool may_ask(security::role who, std::string_view request) noexcept;

} // namespace ducat::access
