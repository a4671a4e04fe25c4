#include <ducat/payment/payment_counts.hpp>

#include <gtest/gtest.h>

namespace ducat::payment {
namespace {

payment_record payment(std::uint64_t sequence, state now, std::string why = {}) {
  payment_record made;
  made.sequence = sequence;
  made.now = now;
  made.decline_code = std::move(why);
  return made;
}

std::uint64_t count(const payment_counts& of, state what) {
  return of.states()[static_cast<std::size_t>(what)];
}

std::uint64_t count(const payment_counts& of, decline_class what) {
  return of.declines()[static_cast<std::size_t>(what)];
}

TEST(PaymentCounts, CountEachAsItIsNow) {
  payment_counts counts;
  counts.see(payment(0, state::created));
  counts.see(payment(1, state::created));
  counts.see(payment(0, state::authorized));
  EXPECT_EQ(count(counts, state::created), 1u);
  EXPECT_EQ(count(counts, state::authorized), 1u);
  counts.see(payment(0, state::authorized));
  EXPECT_EQ(count(counts, state::authorized), 1u) << "it was seen again";
}

TEST(PaymentCounts, CountWhyPaymentsWereDeclined) {
  payment_counts counts;
  counts.see(payment(0, state::declined, "51"));
  EXPECT_EQ(count(counts, decline_class::funds), 1u);
  counts.see(payment(0, state::declined, "54"));
  EXPECT_EQ(count(counts, decline_class::funds), 0u);
  EXPECT_EQ(count(counts, decline_class::card), 1u);
  counts.see(payment(0, state::created));
  EXPECT_EQ(count(counts, decline_class::card), 0u);
  EXPECT_EQ(count(counts, state::declined), 0u);
}

} // namespace
} // namespace ducat::payment
