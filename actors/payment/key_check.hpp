/// What an idempotency key looks like. Pure.
#pragma once

#include <ducat/payment/refusal.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ducat::payment {

constexpr std::size_t key_length_max = 255;

inline bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

inline refusal check_key(std::string_view key) {
  if (key.empty())
    return refusal::idempotency_key_missing;
  if (key.size() > key_length_max || !std::ranges::all_of(key, is_printable))
    return refusal::idempotency_key_invalid;
  return refusal::none;
}

} // namespace ducat::payment
