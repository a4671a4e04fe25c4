/// Random months: what the machine says is what a model of few lines says, and nothing is created
/// or lost.

#include "settlement/month.hpp"

namespace ducat::settlement::test {

void month::expect_equal(std::uint64_t from) {
  expect_accounts();
  for (std::uint64_t number = from; number <= model_.windows.size(); ++number) {
    expect_window(number);
    expect_positions(number);
  }
  expect_payments();
  expect_payouts();
  expect_same_state();
}

void month::expect_accounts() {
  v1::Question question;
  question.mutable_accounts()->set_limit(100);
  money sum = 0;
  const v1::Outcome accounts = world_.ask(question);
  for (const v1::Account& each : accounts.accounts().data())
    sum += each.balance();
  EXPECT_EQ(sum, 0) << "debits are credits";
  for (const auto& [id, balance] : model_.balances)
    EXPECT_EQ(world_.balance(id), balance) << id;
  for (const auto& [bank, liquidity] : model_.liquidity)
    EXPECT_EQ(world_.balance(bank + ".settlement"), liquidity) << bank;
  EXPECT_EQ(world_.balance("settlement.suspense.EUR"), 0);
}

/// A window is the sum of its merchants, and a merchant's part that of its movements in the ledger.
void month::expect_window(std::uint64_t number) {
  const v1::Accrual total = world_.window(number).total();
  money net = 0;
  std::set<std::string> seen;
  for (const auto& [merchant, sums] : model_.windows[number - 1]) {
    const v1::Accrual told = world_.accrual_of(merchant, number);
    const std::string where = merchant + " in window " + std::to_string(number);
    EXPECT_EQ(told.captures().amount(), sums.captures) << where;
    EXPECT_EQ(told.refunds().amount(), sums.refunds) << where;
    EXPECT_EQ(told.fees(), sums.fees) << where;
    EXPECT_EQ(told.given_back(), sums.back) << where;
    EXPECT_EQ(told.interchange(), sums.interchange) << where;
    EXPECT_EQ(told.split_in(), sums.in) << where;
    EXPECT_EQ(told.net(), sums.net()) << where;
    EXPECT_EQ(told.reserved(), sums.reserved) << where;
    EXPECT_EQ(told.released(), sums.released) << where;
    net += sums.net();
    money moved = 0;
    const v1::ListMembersReply members = world_.members(merchant, number);
    for (const v1::Member& each : members.data()) {
      const bool is_in =
          each.kind() == v1::Member::CAPTURE || each.kind() == v1::Member::DISPUTE_WON;
      moved += is_in ? each.amount() : -each.amount();
      EXPECT_TRUE(seen.insert(each.transfer()).second) << "twice in " << where;
    }
    EXPECT_EQ(moved, sums.gross()) << where;
  }
  EXPECT_EQ(total.net(), net) << number;
}

void month::expect_positions(std::uint64_t number) {
  v1::SettlementQuestion question;
  question.mutable_positions()->set_currency("EUR");
  question.mutable_positions()->set_window(number);
  std::map<party, money> bilateral;
  std::map<party, money> multilateral;
  money all = 0;
  const v1::SettlementAnswer told = world_.ask_settlement(question);
  for (const v1::Position& each : told.positions().data()) {
    (each.against().empty() ? multilateral : bilateral)[each.participant()] += each.amount();
    all += each.against().empty() ? each.amount() : 0;
  }
  EXPECT_EQ(all, 0);
  EXPECT_EQ(bilateral, multilateral) << number;
  for (const auto& [pair, amount] : model_.owed[number - 1]) {
    multilateral[pair.first] += amount;
    multilateral[pair.second] -= amount;
  }
  for (const auto& [bank, left] : multilateral)
    EXPECT_EQ(left, 0) << bank << " in window " << number;
}

void month::expect_payments() {
  for (const made& each : payments_) {
    const std::uint64_t window = each.captured == 0 ? 0 : each.window;
    EXPECT_EQ(world_.payment(each.id).settlement().window(), window) << each.id;
  }
}

/// The windows of a merchant's payouts follow each other, and say how its amount came to be.
void month::expect_payouts() {
  std::map<party, std::uint64_t> next;
  for (std::uint64_t number = 1; number <= batches_; ++number) {
    v1::SettlementQuestion question;
    question.mutable_payouts()->set_batch("pob_EUR_" + std::to_string(number));
    const v1::SettlementAnswer told = world_.ask_settlement(question);
    for (const v1::Payout& each : told.payouts().data()) {
      std::uint64_t& from = next.try_emplace(each.merchant(), 1).first->second;
      money sum = each.carried();
      if (each.first_window() != 0) {
        EXPECT_EQ(each.first_window(), from) << each.id();
        EXPECT_GE(each.last_window(), from) << each.id();
        from = each.last_window() + 1;
      }
      for (std::uint64_t i = each.first_window(); i != 0 && i <= each.last_window(); ++i)
        if (const auto& in = model_.windows[i - 1]; in.contains(each.merchant())) {
          const model_sums& sums = in.at(each.merchant());
          sum += sums.net() - sums.reserved + sums.released;
        }
      EXPECT_EQ(sum, each.amount()) << each.id();
      EXPECT_LE(each.last_window(), model_.settled) << each.id();
    }
  }
}

/// The follower has had crashes, and has the state of the one that had none.
void month::expect_same_state() {
  follower_.follow(world_.log());
  EXPECT_EQ(follower_.state_digest(), world_.state_digest());
}

namespace {

class RandomMonth : public ::testing::TestWithParam<v1::SettlementModel> {};

TEST_P(RandomMonth, ComesToWhatTheModelSays) {
  const std::uint64_t seed = seed_of_this_run();
  for (std::uint64_t i = 0; i < 2 && !HasFailure(); ++i) {
    SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed + i));
    month one{seed + i, GetParam()};
    for (int step = 0; step < 500 && !HasFailure(); ++step)
      one.step();
    if (!HasFailure())
      one.end();
  }
}

INSTANTIATE_TEST_SUITE_P(Each, RandomMonth,
                         ::testing::Values(v1::GROSS_IMMEDIATE, v1::NET_BILATERAL_DEFERRED,
                                           v1::NET_MULTILATERAL_DEFERRED),
                         [](const auto& of) {
                           return of.param == v1::GROSS_IMMEDIATE          ? "Gross"
                                  : of.param == v1::NET_BILATERAL_DEFERRED ? "Bilateral"
                                                                           : "Multilateral";
                         });

} // namespace
} // namespace ducat::settlement::test
