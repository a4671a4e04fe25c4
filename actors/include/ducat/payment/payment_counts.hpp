/// How many payments there are in each state, without looking at each. Pure.
#pragma once

#include <ducat/payment/decline_class.hpp>
#include <ducat/payment/records.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace ducat::payment {

constexpr std::size_t states_end = static_cast<std::size_t>(state::exception) + 1;

class payment_counts {
public:
  /// Counts the payment as it is now, and no more as it was. Payments come in order of their
  /// sequence; any that was here may come again.
  void see(const payment_record& payment);

  /// By static_cast<std::size_t>() of state and decline_class.
  const std::array<std::uint64_t, states_end>& states() const noexcept { return states_; }

  const std::array<std::uint64_t, decline_classes>& declines() const noexcept { return declines_; }

private:
  struct kind {
    state now = state::created;
    decline_class why = decline_class::other; ///< Of one that was declined.
  };

  std::vector<kind> seen_; ///< By sequence.
  std::array<std::uint64_t, states_end> states_{};
  std::array<std::uint64_t, decline_classes> declines_{};
};

} // namespace ducat::payment
