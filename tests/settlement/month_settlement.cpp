/// Windows, settlements and payouts of a month.

#include "settlement/month.hpp"

namespace ducat::settlement::test {

void month::cut() {
  constexpr std::uint32_t last_day = 20'261'130;
  const std::uint32_t next =
      std::min(model_.dates.back() + static_cast<std::uint32_t>(pick(2)), last_day);
  EXPECT_FALSE(world_.cut(model_.windows.size(), next).has_error());
  model_.cut(next);
  expect_equal(std::max<std::uint64_t>(model_.windows.size(), 3) - 2);
}

void month::start() {
  const std::size_t closed = model_.windows.size() - 1;
  if (!settling_.empty() || closed == model_.settled)
    return;
  last_ = static_cast<std::size_t>(
      random_.whole(static_cast<money>(model_.settled + 1), static_cast<money>(closed)));
  const v1::Outcome out = world_.start(model_.settled + 1, last_);
  ASSERT_FALSE(out.has_error()) << out.error().code();
  settling_ = out.settlement().settlements().data(0).id();
  next_step_ = 0;
}

/// The steps: recorded, reserved, committed, and one in which all merchants are settled.
void month::advance() {
  if (settling_.empty())
    return;
  const v1::Outcome out = world_.advance(settling_, next_step_++);
  ASSERT_FALSE(out.has_error()) << out.error().code();
  const auto now = out.settlement().settlements().data(0).state();
  if (next_step_ == 2 && !model_.reserve(last_)) {
    EXPECT_EQ(now, v1::Settlement::ABORTED) << "one has not the liquidity";
    settling_.clear();
    bring(10'000);
    return;
  }
  EXPECT_EQ(static_cast<std::uint32_t>(now), next_step_ == 4 ? 6 : next_step_ + 1);
  if (next_step_ == 3)
    model_.commit(last_);
  if (next_step_ < 4)
    return;
  model_.settle(last_);
  settling_.clear();
  EXPECT_EQ(world_.balance("settlement.hub.EUR"), 0);
}

void month::abort() {
  if (settling_.empty())
    return;
  v1::SettlementCommand command;
  command.mutable_abort()->set_id(settling_);
  command.mutable_abort()->set_reason("by hand");
  EXPECT_EQ(world_.settle(command).has_error(), next_step_ > 2) << "after the commitment";
  if (next_step_ > 2)
    return;
  model_.reserved.clear();
  settling_.clear();
}

void month::batch() {
  const v1::PayoutBatch made_now = world_.batch(++batches_);
  v1::SettlementQuestion question;
  question.mutable_payouts()->set_batch(made_now.id());
  const v1::ListPayoutsReply told = world_.ask_settlement(question).payouts();
  int next = 0;
  for (const party& each : shops) {
    const model_terms& terms = model_.merchants[each];
    money amount = model_.balances[each + ".available"];
    for (const auto& [id, payout] : payouts_)
      if (payout.merchant == each && payout.now < v1::Payout::PAID)
        amount -= payout.amount;
    if (amount <= 0 || amount < terms.minimum || !terms.has_bank)
      continue;
    ASSERT_LT(next, told.data_size());
    const v1::Payout& payout = told.data(next++);
    EXPECT_EQ(payout.merchant(), each);
    EXPECT_EQ(payout.amount(), amount);
    payouts_[payout.id()] = {each, amount, v1::Payout::BATCHED};
  }
  EXPECT_EQ(next, told.data_size());
}

void month::resolve() {
  if (payouts_.empty())
    return;
  auto& [id, payout] =
      *std::next(payouts_.begin(), static_cast<long>(pick(static_cast<money>(payouts_.size()))));
  const bool is_paid = pick(3) != 0;
  const v1::Outcome out =
      world_.resolve(id, is_paid ? v1::PayoutResult::PAID : v1::PayoutResult::RETURNED);
  EXPECT_FALSE(out.has_error());
  const auto then = is_paid ? v1::Payout::PAID : v1::Payout::RETURNED;
  const bool is_news = payout.now != v1::Payout::RETURNED && payout.now != then;
  EXPECT_EQ(out.replayed(), !is_news);
  if (!is_news)
    return;
  const money moved = is_paid ? payout.amount : payout.now == v1::Payout::PAID ? -payout.amount : 0;
  model_.balances[payout.merchant + ".available"] -= moved;
  model_.balances["settlement.bank.EUR"] += moved;
  payout.now = then;
}

} // namespace ducat::settlement::test
