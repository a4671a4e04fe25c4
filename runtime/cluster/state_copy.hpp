/// A copy of a node's state on its way to another node: what is said, and how it is verified. Pure.
#pragma once

#include <ducat/digest.hpp>
#include <ducat/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cluster {

inline constexpr std::string_view state_offer_type = "state/offer"; ///< No body.
inline constexpr std::string_view state_read_type = "state/read";
inline constexpr std::string_view state_return_type = "state/return";

/// Returns whether an ask of that type is about copies of states.
constexpr bool is_about_state(std::string_view type) {
  return type.starts_with("state/");
}

constexpr std::uint32_t state_part_bytes = std::uint32_t{1} << 20;

struct state_file {
  std::string name;
  std::uint64_t size = 0;
  digest hash{}; ///< h(0) = zeroes, h(n) = SHA-256(h(n-1) | part n), of all parts.

  friend bool operator==(const state_file&, const state_file&) = default;
};

struct state_offer {
  std::uint64_t copy = 0; ///< Names it to the node that made it.
  std::vector<state_file> files;
  std::uint32_t part_bytes = state_part_bytes;

  friend bool operator==(const state_offer&, const state_offer&) = default;
};

struct state_read {
  std::uint64_t copy = 0;
  std::uint32_t file = 0; ///< Its place in the offer.
  std::uint64_t part = 0;
};

/// Of which the other node needs nothing more.
struct state_return {
  std::uint64_t copy = 0;
};

/// Returns the hash of a file after one more part.
digest hash_after(const digest& before, std::string_view part);

/// Returns how many parts a file has.
std::uint64_t parts_of(const state_file& file, std::uint32_t part_bytes);

std::string encode(const state_offer& what);
std::string encode(const state_read& what);
std::string encode(const state_return& what);

/// Errors: invalid_argument (also: a name that is no plain file name, a part over
/// state_part_bytes).
result<state_offer> decode_state_offer(const std::string& body);
result<state_read> decode_state_read(const std::string& body);
result<state_return> decode_state_return(const std::string& body);

} // namespace ducat::cluster
