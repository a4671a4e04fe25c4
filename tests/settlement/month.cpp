/// What happens in a month: each thing is done to the machine and told to the model.

#include "settlement/month.hpp"

namespace ducat::settlement::test {

bool month::may_owe(const party& from, const party& to, money amount) {
  const auto both = model_.between(from, to);
  if (!both)
    return true;
  const party& bank = both->first;
  money held = 0;
  for (const made& each : payments_)
    if (each.is_held && model_.bank_of.contains(each.from) && model_.bank_of[each.from] == bank)
      held += each.amount;
  return model_.owed_on_balance(bank) + held + amount <= caps_[bank] &&
         caps_[bank] <= model_.liquidity[bank] - model_.reserved[bank];
}

void month::pay(bool manual) {
  const std::string key = "k" + std::to_string(++keys_);
  made one{.id = payment::payment_id_of(key),
           .from = payers[static_cast<std::size_t>(pick(4))],
           .to = shops[static_cast<std::size_t>(pick(4))],
           .amount = random_.whole(1, 3'000)};
  const bool may = may_owe(one.from, one.to, one.amount);
  world_.run(ducat::testing::create_payment(key, one.from, one.to, one.amount, manual));
  const v1::Outcome out = world_.authorize(one.id);
  ASSERT_EQ(out.payment().state() == v1::Payment::AUTHORIZED, may)
      << out.payment().decline_code() << " " << one.from << " to " << one.to;
  if (!may)
    return;
  one.is_held = true;
  payments_.push_back(one);
  if (!manual)
    capture_held();
}

month::made* month::any(bool (*fits)(const made&)) {
  std::vector<made*> found;
  for (made& each : payments_)
    if (fits(each))
      found.push_back(&each);
  return found.empty() ? nullptr
                       : found[static_cast<std::size_t>(pick(static_cast<money>(found.size())))];
}

void month::capture_held() {
  made* one = any([](const made& each) { return each.is_held; });
  if (one == nullptr)
    return;
  const money amount = pick(3) == 0 ? random_.whole(1, one->amount) : one->amount;
  EXPECT_FALSE(world_.capture(one->id, "c" + one->id, amount).has_error());
  one->is_held = false;
  one->captured = amount;
  one->window = model_.windows.size();
  one->fee = model_.capture(one->from, one->to, amount);
}

void month::void_held() {
  if (made* one = any([](const made& each) { return each.is_held; })) {
    EXPECT_FALSE(world_.cancel(one->id, "v" + one->id).has_error());
    one->is_held = false;
  }
}

void month::refund() {
  made* one = any([](const made& e) { return e.captured - e.refunded - e.disputed > 0; });
  if (one == nullptr)
    return;
  const money left = one->captured - one->refunded - one->disputed;
  const money amount = pick(2) == 0 ? left : random_.whole(1, left);
  const v1::Outcome out = world_.refund(one->id, "r" + std::to_string(++keys_), amount);
  ASSERT_FALSE(out.has_error()) << out.error().code();
  const auto share = [&](money refunded) { return nearest(one->fee * refunded, one->captured); };
  const money back = model_.merchants[one->to].fees.gives_back
                         ? share(one->refunded + amount) - share(one->refunded)
                         : 0;
  one->refunded += amount;
  model_.refund(one->from, one->to, amount, back);
}

void month::dispute() {
  made* one = any([](const made& e) { return !e.was_disputed && e.captured > e.refunded; });
  if (one == nullptr)
    return;
  const money left = one->captured - one->refunded;
  const money amount = pick(2) == 0 ? left : random_.whole(1, left);
  const v1::Outcome out = world_.dispute(one->id, v1::DisputePayment::OPENED, amount);
  ASSERT_FALSE(out.has_error()) << out.error().code();
  one->was_disputed = one->is_open = true;
  one->disputed = amount;
  model_.dispute(one->to, amount);
}

void month::end_dispute() {
  made* one = any([](const made& each) { return each.is_open; });
  if (one == nullptr)
    return;
  one->is_open = false;
  if (pick(2) == 0) {
    EXPECT_FALSE(world_.dispute(one->id, v1::DisputePayment::WON).has_error());
    model_.win(one->to, std::exchange(one->disputed, 0));
    return;
  }
  const money fee = pick(50);
  EXPECT_FALSE(world_.dispute(one->id, v1::DisputePayment::LOST, 0, fee).has_error());
  model_.lose(one->from, one->to, one->disputed, fee);
}

void month::present() {
  v1::SettlementCommand command;
  for (money left = random_.whole(1, 4); left > 0; --left) {
    v1::PresentedCapture& item = *command.mutable_present()->add_items();
    item.set_reference("p" + std::to_string(++keys_));
    item.set_from(payers[static_cast<std::size_t>(pick(4))]);
    item.set_to(shops[static_cast<std::size_t>(pick(4))]);
    item.set_amount(random_.whole(1, 800));
    item.set_business_date(pick(2) == 0 ? model_.dates.front() : 0);
    model_.capture(item.from(), item.to(), item.amount());
  }
  EXPECT_FALSE(world_.settle(command).has_error());
}

void month::cut() {
  const std::uint32_t next = model_.dates.back() + static_cast<std::uint32_t>(pick(2));
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

void month::propose_again() {
  const std::vector<std::string> log = world_.log();
  const auto at = pick(2) == 0 ? log.size() - 1
                               : static_cast<std::size_t>(pick(static_cast<money>(log.size())));
  v1::Command command;
  EXPECT_TRUE(command.ParseFromString(log[at]));
  const auto& settlement = command.settlement();
  if (settlement.has_merchant() || settlement.has_participant() || settlement.has_configure())
    return; // Terms are those that came last.
  world_.run(command);
  EXPECT_EQ(world_.log().size(), log.size()) << command.ShortDebugString();
}

void month::step() {
  switch (pick(24)) {
  case 0:
    present();
    break;
  case 1:
    cut();
    break;
  case 2:
    start();
    break;
  case 3:
    if (pick(4) == 0)
      abort();
    break;
  case 4:
    if (pick(3) == 0)
      batch();
    break;
  case 5:
  case 6:
    resolve();
    break;
  case 7:
    if (pick(4) == 0)
      put_terms(shops[static_cast<std::size_t>(pick(4))]);
    break;
  case 8:
  case 9:
  case 10:
    refund();
    break;
  case 11:
    dispute();
    break;
  case 12:
    end_dispute();
    break;
  case 13:
    pay(true);
    break;
  case 14:
    capture_held();
    break;
  case 15:
    void_held();
    break;
  case 16:
  case 17:
  case 18:
    advance();
    break;
  default:
    pay(false);
  }
  propose_again();
  follower_.follow(world_.log());
  if (pick(60) == 0)
    follower_.crash();
}

void month::end() {
  while (!settling_.empty())
    advance();
  cut();
  for (int i = 0; i < 100 && model_.settled + 1 < model_.windows.size(); ++i) {
    start();
    while (!settling_.empty())
      advance();
  }
  EXPECT_EQ(model_.settled + 1, model_.windows.size());
  batch();
  expect_equal(1);
}

} // namespace ducat::settlement::test
