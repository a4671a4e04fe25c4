/// What a cluster does when its nodes and members of etcd are killed, stopped and drained.

#include "cluster_fixture.hpp"
#include "demo/demo.hpp"

#include <signal.h>

#include <atomic>
#include <thread>

namespace ducat::cli {
namespace {

TEST_F(ClusterProgram, PaysAtEveryNodeAndShowsTheSameAtEach) {
  open_accounts();
  for (const node_place& each : cluster_->layout().nodes)
    EXPECT_EQ(pay_at(cluster_->endpoint(each.name), "at-" + each.name).code, exit_code::done);
  for (const node_place& each : cluster_->layout().nodes) {
    const auto endpoint = cluster_->endpoint(each.name);
    EXPECT_EQ(run_at(endpoint, {"account", "show", "shop"}).document()["balance"], "3");
    EXPECT_TRUE(pay_at(endpoint, "at-node1").document()["replayed"].get<bool>());
  }
}

TEST_F(ClusterProgram, KeepsEveryAcknowledgedPaymentWhenTheWriterIsKilled) {
  open_accounts();
  for (int round = 0; round < 3; ++round) {
    const std::string writer = wait_for_writer();
    const auto ready = cluster_->readies(writer);
    cluster_->signal(writer, SIGKILL);
    EXPECT_EQ(pay("round-" + std::to_string(round)).code, exit_code::done);
    EXPECT_TRUE(cluster_->wait_until_ready(writer, ready + 1, 60s));
  }
  EXPECT_EQ(balance(), "3");
}

// It does not know that it was succeeded: what it has in hand when it wakes must not count, and it
// must not answer from what it remembers.
TEST_F(ClusterProgram, TakesNothingFromAWriterThatSleptThroughItsSuccession) {
  open_accounts();
  const std::string writer = wait_for_writer();
  cluster_->signal(writer, SIGSTOP);
  const std::string others = endpoints_without(writer);
  std::thread asked_in_its_sleep{
      [&] { EXPECT_EQ(pay_at(cluster_->endpoint(writer), "slept").code, exit_code::done); }};
  EXPECT_EQ(pay_at(others, "awake").code, exit_code::done);
  cluster_->signal(writer, SIGCONT);
  EXPECT_EQ(run_at(cluster_->endpoint(writer), {"pay", "list"}).document()["data"][0]["key"],
            run({"pay", "list"}).document()["data"][0]["key"]);
  asked_in_its_sleep.join();
  EXPECT_EQ(balance(), "2");
}

TEST_F(ClusterProgram, AcknowledgesNothingWithoutItsQuorumAndComesBackByItself) {
  open_accounts();
  ASSERT_EQ(pay("before").code, exit_code::done);
  for (const char* member : {"etcd1", "etcd2"})
    cluster_->signal(member, SIGSTOP);
  const printed refused = run_at(cluster_->endpoints(),
                                 {"--timeout", "3", "pay", "create", "--from", "world", "--to",
                                  "shop", "--amount", "1", "--currency", "EUR", "--key", "during"});
  EXPECT_EQ(refused.code, exit_code::unknown) << refused.out;
  for (const char* member : {"etcd1", "etcd2"})
    cluster_->signal(member, SIGCONT);
  EXPECT_EQ(pay("during").code, exit_code::done);
  EXPECT_EQ(pay("after").code, exit_code::done);
  EXPECT_EQ(balance(), "3");
}

TEST_F(ClusterProgram, HandsTheLogOverWhenItsWriterIsDrained) {
  open_accounts();
  const std::string writer = wait_for_writer();
  EXPECT_EQ(run({"node", "drain", writer}).code, exit_code::done);
  const std::string next = wait_for_writer(writer);
  for (const json& each : nodes()) {
    EXPECT_EQ(each["state"], each["id"] == writer ? "draining" : "alive");
  }
  EXPECT_EQ(pay("drained").code, exit_code::done);
  EXPECT_EQ(run({"node", "resume", writer}).code, exit_code::done);
  EXPECT_EQ(run({"node", "drain", next}).code, exit_code::done);
  EXPECT_EQ(pay("resumed").code, exit_code::done);
  EXPECT_EQ(balance(), "2");
}

TEST_F(ClusterProgram, CountsTheFailureOfANodeThatStandsStill) {
  wait_for_writer();
  const auto seen = [&](const std::string& subject) {
    return run_at(cluster_->endpoint("node2"), {"availability", subject}).document()["subjects"][0];
  };
  const auto wait_until = [&](const char* state) {
    while (seen("node1")["state"] != state) {
    }
  };
  wait_until("serving"); // It may be alive before node2 has its link to it.
  cluster_->signal("node1", SIGSTOP);
  wait_until("failed");
  while (seen("")["serving_with_fault_us"] == "0") { // Another node goes on.
  }
  cluster_->signal("node1", SIGCONT);
  wait_until("serving");
  EXPECT_NE(seen("node1")["failures"], "0");
  EXPECT_NE(seen("node1")["repairs"], "0");
  const json all = seen("");
  EXPECT_EQ(all["kind"], "cluster");
  EXPECT_EQ(all["predicted"]["mode"], "exclusive, 3, hot, switch-over 600 ms");
}

TEST_F(ClusterProgram, ChangesOnlyNodesThatThereAre) {
  EXPECT_EQ(run({"node", "drain", "node9"}).document()["error"]["type"], "NOT_FOUND");
  EXPECT_EQ(run({"node", "remove", "node9"}).document()["error"]["type"], "NOT_FOUND");
  EXPECT_EQ(run({"node", "remove", "node1"}).document()["error"]["type"], "PERMISSION");
}

// One after the other is stopped in order and started again, while a client pays.
TEST_F(ClusterProgram, IsRestartedNodeByNodeWithoutAFailedPayment) {
  open_accounts();
  std::atomic<bool> through{false};
  int paid = 0;
  std::thread client{[&] {
    while (!through)
      EXPECT_EQ(pay("rolling-" + std::to_string(paid++)).code, exit_code::done);
  }};
  for (const node_place& each : cluster_->layout().nodes) {
    const auto ready = cluster_->readies(each.name);
    cluster_->signal(each.name, SIGTERM);
    EXPECT_TRUE(cluster_->wait_until_ready(each.name, ready + 1, 60s));
    wait_for_writer();
  }
  through = true;
  client.join();
  EXPECT_GT(paid, 3);
  EXPECT_EQ(balance(), std::to_string(paid));
}

TEST_F(ClusterProgram, GoesOnWithTheSameDataWhenItIsUpAgain) {
  open_accounts();
  ASSERT_EQ(pay("first").code, exit_code::done);
  EXPECT_TRUE(cluster_->stop());
  cluster_.reset();
  start();
  EXPECT_TRUE(pay("first").document()["replayed"].get<bool>());
  EXPECT_EQ(balance(), "1");
}

TEST(ClusterDemo, LosesNothingAndDoublesNothing) {
  const testing::temporary_directory directory;
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_demo({.program = DUCAT_PROGRAM,
                      .nodes = 3,
                      .payments = 1'500,
                      .process_kills = 1,
                      .directory = directory.path()},
                     out, err),
            exit_code::done)
      << err.str() << out.str();
  EXPECT_NE(out.str().find("verdict             green"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("nodes killed        3 times"), std::string::npos) << out.str();
}

} // namespace
} // namespace ducat::cli
