/// The pages of a list. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

namespace ducat::settlement {

/// Fills `data` of a reply, up to a limit. The reply must outlive it.
template <class Reply>
class page {
public:
  static constexpr std::uint32_t limit_default = 100;
  static constexpr std::uint32_t limit_max = 4'096;

  /// `limit` is what was asked for; 0: the default.
  page(Reply& reply, std::uint32_t limit) : reply_{reply}, limit_{limit_of(limit)} {}

  static constexpr std::uint32_t limit_of(std::uint32_t asked) noexcept {
    return asked == 0 ? limit_default : std::min(asked, limit_max);
  }

  /// Appends what `made` returns. If the page is full it says that there is more, and returns
  /// false.
  template <class Make>
  bool add(Make made) {
    if (static_cast<std::uint32_t>(reply_.data_size()) == limit_) {
      reply_.set_has_more(true);
      return false;
    }
    *reply_.add_data() = made();
    return true;
  }

private:
  Reply& reply_;
  std::uint32_t limit_;
};

} // namespace ducat::settlement
