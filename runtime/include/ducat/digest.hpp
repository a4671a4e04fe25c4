/// SHA-256 digests and XXH3 checksums.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ducat {

/// A SHA-256 digest. All zeroes stands for "nothing yet" (the hash before the first entry).
using digest = std::array<std::uint8_t, 32>;

/// Returns SHA-256 (FIPS 180-4) over the concatenation of `parts`.
digest sha256(std::initializer_list<std::string_view> parts);

/// Returns the 64 lower-case hex digits of `value`.
std::string to_hex(const digest& value);

/// Returns XXH3-64 over `bytes`: finds accidental damage, proves nothing against malice.
std::uint64_t checksum(std::string_view bytes) noexcept;

/// Returns the bytes of `value` for hashing and storing.
std::string_view bytes_of(const digest& value) noexcept;

} // namespace ducat
