/// An index over a list whose elements know their own keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ducat::cli {

/// Finds the places of elements by the hashes of their keys. It keeps eight bytes of each, so that
/// the index of millions stays small. Open addressing: an element is at the first free slot from
/// the one that the upper bits of its hash name, which is why growing keeps the order.
class place_index {
public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  /// Returns the first place that was added with this hash and is the one, or none.
  template <class IsIt>
  std::size_t find(std::uint64_t hash, IsIt is_it) const {
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    for (std::size_t at = home_of(tag); slots_[at].place != free; at = next(at))
      if (slots_[at].tag == tag && is_it(std::size_t{slots_[at].place}))
        return slots_[at].place;
    return none;
  }

  /// Says that this hash is looked for soon.
  void expect(std::uint64_t hash) const noexcept {
    __builtin_prefetch(&slots_[home_of(static_cast<std::uint32_t>(hash >> 32))]);
  }

  /// Adds a place, which must be less than 2^32 - 1.
  void add(std::uint64_t hash, std::size_t place) {
    if (++size_ > slots_.size() / 4 * 3)
      grow();
    put({.tag = static_cast<std::uint32_t>(hash >> 32),
         .place = static_cast<std::uint32_t>(place)});
  }

private:
  static constexpr std::uint32_t free = static_cast<std::uint32_t>(-1);

  struct slot {
    std::uint32_t tag = 0;
    std::uint32_t place = free;
  };

  using slots = std::vector<slot>;

  std::size_t home_of(std::uint32_t tag) const noexcept { return tag >> (32 - bits_); }

  std::size_t next(std::size_t at) const noexcept { return (at + 1) & (slots_.size() - 1); }

  void put(slot what) {
    std::size_t at = home_of(what.tag);
    while (slots_[at].place != free)
      at = next(at);
    slots_[at] = what;
  }

  void grow() {
    const slots before = std::exchange(slots_, slots(slots_.size() * 2));
    ++bits_;
    for (const slot& each : before)
      if (each.place != free)
        put(each);
  }

  unsigned bits_ = 4; ///< Invariant: slots_.size() == 2^bits_, at most three quarters are used.
  std::size_t size_ = 0;
  slots slots_ = slots(std::size_t{1} << bits_);
};

} // namespace ducat::cli
