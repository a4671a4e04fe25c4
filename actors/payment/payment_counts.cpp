#include <ducat/check.hpp>
#include <ducat/payment/payment_counts.hpp>

#include <utility>

namespace ducat::payment {

void payment_counts::see(const payment_record& payment) {
  DUCAT_CHECK(payment.sequence <= seen_.size());
  kind now{.now = payment.now};
  if (payment.now == state::declined)
    now.why = class_of_decline(payment.decline_code);
  if (payment.sequence == seen_.size()) {
    seen_.push_back(now);
  } else {
    const kind before = std::exchange(seen_[payment.sequence], now);
    --states_[static_cast<std::size_t>(before.now)];
    if (before.now == state::declined)
      --declines_[static_cast<std::size_t>(before.why)];
  }
  ++states_[static_cast<std::size_t>(now.now)];
  if (now.now == state::declined)
    ++declines_[static_cast<std::size_t>(now.why)];
}

} // namespace ducat::payment
