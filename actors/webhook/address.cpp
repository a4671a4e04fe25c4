#include "webhook/address.hpp"

#include <algorithm>
#include <span>

namespace ducat::webhook {

namespace {

/// The first `bits` of `network` are what all of its addresses have.
struct block {
  std::uint32_t network;
  int bits;
};

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

/// IANA's registry of special-purpose addresses, multicast, and what is reserved.
constexpr block special[] = {
    {ip(0, 0, 0, 0), 8},      {ip(10, 0, 0, 0), 8},     {ip(100, 64, 0, 0), 10},
    {ip(127, 0, 0, 0), 8},    {ip(169, 254, 0, 0), 16}, {ip(172, 16, 0, 0), 12},
    {ip(192, 0, 0, 0), 24},   {ip(192, 0, 2, 0), 24},   {ip(192, 88, 99, 0), 24},
    {ip(192, 168, 0, 0), 16}, {ip(198, 18, 0, 0), 15},  {ip(198, 51, 100, 0), 24},
    {ip(203, 0, 113, 0), 24}, {ip(224, 0, 0, 0), 4},    {ip(240, 0, 0, 0), 4},
};

std::uint32_t ipv4_at(std::span<const unsigned char> bytes) {
  return ip(bytes[0], bytes[1], bytes[2], bytes[3]);
}

template <std::size_t N>
bool begins(const std::array<unsigned char, 16>& address,
            const std::array<unsigned char, N>& with) {
  return std::equal(with.begin(), with.end(), address.begin());
}

} // namespace

bool is_public(std::uint32_t address) noexcept {
  return std::ranges::none_of(special, [&](const block& each) {
    return (address ^ each.network) >> (32 - each.bits) == 0;
  });
}

bool is_public(const std::array<unsigned char, 16>& address) noexcept {
  using bytes12 = std::array<unsigned char, 12>;
  const std::span<const unsigned char> all{address};
  if (begins(address, bytes12{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}) ||
      begins(address, bytes12{0, 0x64, 0xFF, 0x9B})) // Mapped; translated (NAT64).
    return is_public(ipv4_at(all.subspan(12)));
  if (begins(address, std::array<unsigned char, 2>{0x20, 0x02})) // 6to4.
    return is_public(ipv4_at(all.subspan(2)));
  if (begins(address, std::array<unsigned char, 4>{0x20, 0x01, 0, 0}) || // Teredo.
      begins(address, std::array<unsigned char, 4>{0x20, 0x01, 0x0D, 0xB8}))
    return false;
  return (address[0] & 0xE0) == 0x20; // 2000::/3 is what is given out.
}

} // namespace ducat::webhook
