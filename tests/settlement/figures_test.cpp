/// What settlement has to do, in figures.

#include "settlement/settlement_world.hpp"

#include <ducat/v1/node.pb.h>

namespace ducat::settlement::test {
namespace {

v1::SettlementFigures figures_of(const payment::test::world& w) {
  v1::Question question;
  question.mutable_summary();
  return w.ask(question).summary().settlement();
}

TEST(SettlementFigures, AreNoneWithoutSettlement) {
  const payment::test::world w;
  EXPECT_EQ(figures_of(w).windows_by_state_size(), 0);
  EXPECT_EQ(figures_of(w).oldest_open_window_at_ns(), 0u);
}

TEST(SettlementFigures, CountWindowsAndPayoutsInEachState) {
  settlement_world w;
  EXPECT_EQ(figures_of(w).windows_by_state().at("OPEN"), 1u);
  EXPECT_GT(figures_of(w).oldest_open_window_at_ns(), 0u);
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.pay_to_the_end("b", "world", "kiosk", 2'000);
  w.cut_and_settle(1);
  const auto before = figures_of(w).oldest_open_window_at_ns();
  (void)w.batch(1);
  v1::SettlementFigures now = figures_of(w);
  EXPECT_EQ(now.windows_by_state().at("SETTLED"), 1u);
  EXPECT_EQ(now.windows_by_state().at("OPEN"), 1u);
  EXPECT_EQ(now.windows_by_state().at("ABORTED"), 0u);
  EXPECT_EQ(now.payouts_by_state().at("BATCHED"), 2u);
  EXPECT_EQ(now.oldest_open_window_at_ns(), before);
}

} // namespace
} // namespace ducat::settlement::test
