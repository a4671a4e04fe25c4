/// What happens in a month: each thing is done to the machine and told to the model.

#include "settlement/month.hpp"

namespace ducat::settlement::test {

void month::propose_again() {
  const std::vector<std::string> log = world_.log();
  const auto at = pick(2) == 0 ? log.size() - 1
                               : static_cast<std::size_t>(pick(static_cast<money>(log.size())));
  v1::Command command;
  EXPECT_TRUE(command.ParseFromString(log[at]));
  const auto& settlement = command.settlement();
  if ((settlement.has_merchant() && settlement.merchant().version() == 0) ||
      settlement.has_participant() || settlement.has_configure())
    return; // Terms without a version are those that came last.
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
