/// Payments, refunds and disputes of a month.

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

} // namespace ducat::settlement::test
