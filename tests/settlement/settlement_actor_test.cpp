/// A machine, and one or two actors that settle.

#include "settlement/settling_node.hpp"

namespace ducat::settlement::test {
namespace {

/// Settles and pays out to the end.
result_of_all settle_all(int actors) {
  settling_node node{{.actors = actors}};
  node.cut();
  node.start();
  node.open();
  node.wait_until_settled();
  node.pay_out();
  node.wait_until_submitted();
  return node.all();
}

TEST(SettlementActor, SettlesPaysOutAndSubmits) {
  const result_of_all all = settle_all(1);
  EXPECT_EQ(all.settlements, 1);
  EXPECT_EQ(all.batches, 1);
  EXPECT_EQ(all.net, 9'945); // 10,045 less 1 % of each capture.
  EXPECT_EQ(all.paid, 9'945);
  const std::vector<std::string> names{"set_EUR_1.csv", "pob_EUR_1.csv", "pob_EUR_1.xml"};
  EXPECT_EQ(all.recorded, names);
}

TEST(SettlementActor, TwoAtOnceMakeOneSettlement) {
  EXPECT_EQ(settle_all(2), settle_all(1));
}

TEST(SettlementActor, CutsAndBeginsByItselfIfItIsAutomatic) {
  settling_node node{{.is_automatic = true}};
  node.open();
  node.wait_until_settled();
  EXPECT_EQ(node.settlements().data_size(), 1);
}

TEST(SettlementActor, DoesNotWriteOverAFileThatDiffers) {
  settling_node node;
  std::ofstream{node.directory() / "set_EUR_1.csv"} << "of somebody else";
  node.cut();
  node.start();
  node.open();
  while (node.settlements().data(0).state() != v1::Settlement::SETTLED)
    std::this_thread::yield();
  node.pay_out();
  node.wait_until_submitted(); // It goes on with the rest.
  EXPECT_EQ(node.files().at("set_EUR_1.csv"), "of somebody else");
  EXPECT_TRUE(node.settlements().data(0).files().empty());
}

// As after a disk that was full.
TEST(SettlementActor, WritesLaterWhatCouldNotBeWritten) {
  settling_node node;
  std::filesystem::create_directory(node.directory() / "set_EUR_1.csv");
  node.cut();
  node.start();
  node.open();
  while (node.settlements().data(0).state() != v1::Settlement::SETTLED)
    std::this_thread::yield();
  node.pay_out();
  node.wait_until_submitted();
  EXPECT_TRUE(node.settlements().data(0).files().empty());
  std::filesystem::remove(node.directory() / "set_EUR_1.csv");
  node.wait_until_settled();
}

} // namespace
} // namespace ducat::settlement::test
