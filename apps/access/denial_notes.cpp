#include "access/denial_notes.hpp"

#include <algorithm>
#include <utility>

namespace ducat::access {

std::optional<std::uint64_t> denial_notes::note(const principal& who, std::string_view request,
                                                time_point now) {
  if (notes_.size() >= forget_at_)
    forget_old(now);
  const auto [found, is_new] =
      notes_.try_emplace({who.role, who.name, std::string{request}}, one{now});
  one& its = found->second;
  if (is_new)
    return 0;
  if (now - its.written < quiet) {
    ++its.left_out;
    return std::nullopt;
  }
  its.written = now;
  return std::exchange(its.left_out, 0);
}

/// How many of them were left out is not told then: the log of the machine has them.
void denial_notes::forget_old(time_point now) {
  std::erase_if(notes_, [&](const auto& each) { return now - each.second.written >= quiet; });
  forget_at_ = std::max<std::size_t>(1'024, 2 * notes_.size());
}

} // namespace ducat::access
