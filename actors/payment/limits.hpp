/// Numbers that several questions and commands have in common.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ducat::payment {

constexpr std::size_t reason_length_max = 255; ///< Bytes.
constexpr std::uint32_t page_size_default = 10;
constexpr std::uint32_t page_size_max = 100;
constexpr std::uint64_t nanoseconds_per_millisecond = 1'000'000;

} // namespace ducat::payment
