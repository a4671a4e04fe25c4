/// Payments as one service of several nodes.

#include "cluster_fixture.hpp"

#include <signal.h>

#include <atomic>
#include <thread>

namespace ducat::cli {
namespace {

/// Payments are one service of all nodes.
class GroupProgram : public ClusterProgram {
protected:
  explicit GroupProgram(std::string mode) : ClusterProgram{std::move(mode)} {}

  /// Returns the group of payments as the nodes other than `not_this` see it.
  json group(const std::string& not_this = "") const {
    return run_at(endpoints_without(not_this), {"groups"}).document()["groups"][0];
  }

  /// Waits until those nodes serve.
  json wait_for_serving(const json& nodes) const {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < end)
      if (json now = group(); now["serving"] == nodes)
        return now;
    ADD_FAILURE() << "not served by " << nodes;
    return {};
  }

  /// Waits until one node other than that one serves. It is the next in the order of preference
  /// unless that one is thought to be away just then: the order itself is tested where it is
  /// decided.
  json wait_for_successor_of(const std::string& node) const {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < end) {
      json now = group(node);
      if (now["serving"].size() == 1 && now["serving"][0] != node)
        return now;
    }
    ADD_FAILURE() << "nobody succeeded " << node;
    return {};
  }

  /// Has node1 serve. Another node does if it was the first to be there.
  json have_node1_serve() const {
    const auto end = std::chrono::steady_clock::now() + 60s;
    json serving = json::array();
    while (serving.empty() && std::chrono::steady_clock::now() < end)
      serving = group()["serving"];
    const std::string first = serving.empty() ? "nobody" : serving[0].get<std::string>();
    if (first == "node1" || serving.empty())
      return wait_for_serving({"node1"});
    EXPECT_EQ(run({"node", "drain", first}).code, exit_code::done);
    json now = wait_for_serving({"node1"});
    EXPECT_EQ(run({"node", "resume", first}).code, exit_code::done);
    return now;
  }
};

class ActiveGroupProgram : public GroupProgram {
protected:
  ActiveGroupProgram() : GroupProgram{"active_active"} {}
};

TEST_F(ActiveGroupProgram, LosesNoPaymentWhenNodesAreKilledThatServe) {
  open_accounts();
  EXPECT_EQ(wait_for_serving({"node1", "node2", "node3"})["redundancy"]["mode"], "active_active");
  int paid = 0;
  for (const char* victim : {"node2", "node3", "node1"}) {
    const auto ready = cluster_->readies(victim);
    const std::string others = endpoints_without(victim);
    std::thread killer{[&] { cluster_->signal(victim, SIGKILL); }};
    for (int i = 0; i < 20; ++i)
      EXPECT_EQ(pay_at(others, "pay-" + std::to_string(++paid)).code, exit_code::done);
    killer.join();
    EXPECT_TRUE(cluster_->wait_until_ready(victim, ready + 1, 60s));
  }
  EXPECT_EQ(balance(), std::to_string(paid));
  wait_for_serving({"node1", "node2", "node3"});
}

class BackedUpGroupProgram : public GroupProgram {
protected:
  BackedUpGroupProgram() : GroupProgram{"primary_backup"} {}
};

TEST_F(BackedUpGroupProgram, IsServedByAnotherNodeWhenItsNodeIsKilled) {
  open_accounts();
  const json first = have_node1_serve();
  EXPECT_EQ(pay("before").code, exit_code::done);
  const auto ready = cluster_->readies("node1");
  cluster_->signal("node1", SIGKILL);
  EXPECT_EQ(pay_at(endpoints_without("node1"), "after").code, exit_code::done);
  const json second = wait_for_successor_of("node1");
  EXPECT_GT(std::stoull(second["epoch"].get<std::string>()),
            std::stoull(first["epoch"].get<std::string>()));
  EXPECT_TRUE(cluster_->wait_until_ready("node1", ready + 1, 60s));
  EXPECT_EQ(pay_at(cluster_->endpoint("node1"), "back").code, exit_code::done);
  EXPECT_EQ(group()["serving"], second["serving"]) << "it takes nothing back";
  EXPECT_EQ(balance(), "3");
}

class ExclusiveGroupProgram : public GroupProgram {
protected:
  ExclusiveGroupProgram() : GroupProgram{"exclusive"} {}
};

TEST_F(ExclusiveGroupProgram, FailsNoPaymentWhenItsNodesDrainInTurn) {
  open_accounts();
  have_node1_serve();
  std::atomic<bool> over{false};
  std::atomic<int> paid{0};
  std::vector<std::thread> payers;
  for (const node_place& each : cluster_->layout().nodes)
    payers.emplace_back([&, at = cluster_->endpoint(each.name), name = each.name] {
      for (int i = 0; !over; ++i, ++paid)
        EXPECT_EQ(pay_at(at, name + "-" + std::to_string(i)).code, exit_code::done);
    });
  for (const char* drained : {"node1", "node2", "node1"}) {
    EXPECT_EQ(run({"node", "drain", drained}).code, exit_code::done);
    const int before = paid;
    while (paid < before + 30)
      std::this_thread::yield();
    EXPECT_EQ(run({"node", "resume", drained}).code, exit_code::done);
  }
  over = true;
  for (std::thread& each : payers)
    each.join();
  EXPECT_EQ(balance(), std::to_string(paid));
}

TEST_F(ExclusiveGroupProgram, IsServedByAnotherNodeWhileItsNodeSleeps) {
  open_accounts();
  have_node1_serve();
  EXPECT_EQ(pay("before").code, exit_code::done);
  cluster_->signal("node1", SIGSTOP);
  EXPECT_EQ(pay_at(endpoints_without("node1"), "asleep").code, exit_code::done);
  wait_for_successor_of("node1");
  cluster_->signal("node1", SIGCONT);
  EXPECT_EQ(pay_at(cluster_->endpoint("node1"), "awake").code, exit_code::done);
  EXPECT_EQ(balance(), "3");
}

} // namespace
} // namespace ducat::cli
