/// What names may look like.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ducat::payment {

constexpr std::size_t id_length_max = 64;

/// Of an account, and of an acquirer, a node or a link.
inline bool is_account_id(std::string_view id) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !id.empty() && id.size() <= id_length_max && std::ranges::all_of(id, is_allowed);
}

} // namespace ducat::payment
