/// Which addresses a webhook may go to: not what only this machine or its network can reach. Pure.
#pragma once

#include <array>
#include <cstdint>

namespace ducat::webhook {

/// Returns whether the IPv4 address is one of the public Internet.
bool is_public(std::uint32_t address) noexcept;

/// The same of IPv6. An address that stands for one of IPv4 is public if that is.
bool is_public(const std::array<unsigned char, 16>& address) noexcept;

} // namespace ducat::webhook
