/// Nodes that keep their state, on a log that is trimmed behind it: real etcd, links and RocksDB,
/// in one process.

#include "cluster/link_world.hpp"
#include "etcd/etcd_server.hpp"
#include "node_command.hpp"
#include "support/payment_commands.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/ask.hpp>
#include <ducat/cluster.hpp>
#include <ducat/durable.hpp>
#include <ducat/early_machine.hpp>
#include <ducat/etcd_log.hpp>
#include <ducat/ledger/store_directory.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/payment/records.hpp>
#include <ducat/v1/machine.pb.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;

constexpr std::uint64_t entries_kept = 20;

/// A node with the ledger of payments, which keeps its state after every tenth entry. As with
/// `ducat node` its first machine is made while it joins.
class state_node {
public:
  state_node(const std::string& id, const etcd_server& etcd, const link_authority& ca,
             const std::filesystem::path& data) {
    std::filesystem::create_directories(data);
    const auto store = ledger::store_directory::open(data / "state").value();
    const auto machines = begun_early(
        payment::machines_in(store, {.records = payment::machine::limits.records, .entries = 10}));
    member_ = cluster::member::join({.node = id,
                                     .cluster = "shop",
                                     .etcd = {.endpoints = {etcd.endpoint()}},
                                     .tls = ca.node(id),
                                     .trimming = {.entries_kept = entries_kept}})
                  .value();
    node_options start{.id = id, .cluster = "shop", .data = {}};
    member_->enter(start);
    node_ = node::start(std::move(start), [&](node& n) {
              describe_payment_node(n, {.size = 1}, {.store = store, .machines = machines});
            }).value();
  }

  ~state_node() {
    node_->stop();
    node_ = nullptr;
  }

  v1::Outcome commit(const v1::Command& command) {
    const auto done = ask_until_known<committed>(node_->system(), ledger(), patience,
                                                 ducat::commit{command.SerializeAsString()});
    return outcome(done.value().reply);
  }

  std::string balance_of(const std::string& account) {
    v1::Question question;
    question.mutable_account()->set_id(account);
    const auto told = ask_until_known<answer>(node_->system(), ledger(), patience,
                                              query{question.SerializeAsString()});
    return std::to_string(outcome(told.value().text).account().balance());
  }

  cluster::member& member() { return *member_; }

private:
  handle ledger() const { return node_->find("ledger"); }

  static v1::Outcome outcome(const std::string& bytes) {
    v1::Outcome read;
    EXPECT_TRUE(read.ParseFromString(bytes));
    return read;
  }

  std::unique_ptr<cluster::member> member_;
  std::unique_ptr<node> node_;
};

class ClusterState : public ::testing::Test {
protected:
  ClusterState() {
    for (const char* id : {"n1", "n2", "n3"})
      start(id);
    for (const char* id : {"world", "shop"})
      at("n1").commit(open_account(id, true));
  }

  void start(const std::string& id) {
    nodes_[id] = std::make_unique<state_node>(id, etcd_, ca_, data_of(id));
  }

  void stop(const std::string& id) { nodes_.erase(id); }

  void wipe(const std::string& id) const { std::filesystem::remove_all(data_of(id)); }

  state_node& at(const std::string& id) { return *nodes_.at(id); }

  std::filesystem::path data_of(const std::string& id) const { return place_.path() / id; }

  /// Moves one unit from world to shop, under the key `number`; returns the answer to its creation.
  v1::Outcome pay(int number) {
    const std::string key = "k" + std::to_string(number);
    const std::string id = payment::payment_id_of(key);
    state_node& node = *nodes_.begin()->second;
    const v1::Outcome created = node.commit(create_payment(key, "world", "shop", 1));
    node.commit(authorize_payment(id));
    node.commit(capture_payment(id, ""));
    return created;
  }

  void pay_many(int first, int last) {
    for (int number = first; number <= last; ++number)
      pay(number);
  }

  /// Waits until the log begins after the entry `index`.
  void wait_until_trimmed(std::uint64_t index) const {
    const auto log = open_etcd_log({{.endpoints = {etcd_.endpoint()}}, "ducat/shop/log/"}).value();
    while (log->trim(0) && log->first() <= index)
      std::this_thread::yield();
  }

  std::uint64_t newest_entry() {
    std::uint64_t newest = 0;
    for (const auto& each : nodes_.begin()->second->member().members())
      newest = std::max(newest, each.applied);
    return newest;
  }

  /// Has that node write the log, so that what is asked is answered from its own state.
  void hand_over_to(const std::string& id) {
    for (const auto& [other, node] : nodes_)
      if (other != id) {
        ASSERT_TRUE(node->member().drain());
      }
  }

  temporary_directory place_;
  etcd_server etcd_;
  link_authority ca_;
  std::map<std::string, std::unique_ptr<state_node>> nodes_;
};

TEST_F(ClusterState, IsThereAfterARestartOfAllThoughTheLogWasTrimmed) {
  pay_many(1, 40);
  wait_until_trimmed(50);
  for (const char* id : {"n1", "n2", "n3"})
    stop(id);
  for (const char* id : {"n1", "n2", "n3"})
    start(id);
  EXPECT_EQ(at("n2").balance_of("shop"), "40");
  EXPECT_TRUE(pay(1).replayed());
  EXPECT_EQ(at("n2").balance_of("shop"), "40");
}

TEST_F(ClusterState, OfAnotherNodeIsWhatAWipedNodeBeginsWith) {
  pay_many(1, 40);
  wait_until_trimmed(50);
  stop("n3");
  wipe("n3");
  start("n3");
  hand_over_to("n3");
  EXPECT_EQ(at("n3").balance_of("shop"), "40");
  EXPECT_TRUE(at("n3").commit(create_payment("k1", "world", "shop", 1)).replayed());
}

TEST_F(ClusterState, OfAnotherNodeIsWhatANodeGoesOnWithThatWasAwayForTooLong) {
  pay_many(1, 20);
  const std::uint64_t seen = newest_entry();
  stop("n3");
  pay_many(21, 60);
  wait_until_trimmed(seen);
  start("n3");
  hand_over_to("n3");
  EXPECT_EQ(at("n3").balance_of("shop"), "60");
}

// A node with a state of its own is not to need the others.
TEST_F(ClusterState, IsKeptByEachNodeForItself) {
  pay_many(1, 40);
  wait_until_trimmed(50);
  for (const char* id : {"n1", "n2", "n3"})
    stop(id);
  start("n2");
  EXPECT_EQ(at("n2").balance_of("shop"), "40");
}

// So that nothing is trimmed that only a few have, whoever writes the log then.
TEST_F(ClusterState, IsKnownToTheOthersWhileItsNodeIsGone) {
  pay_many(1, 40);
  wait_until_trimmed(50);
  stop("n3");
  stop("n2");
  start("n2"); // It has heard nothing of n3 but what stands in etcd.
  const auto all = at("n2").member().members();
  const auto gone = std::ranges::find(all, "n3", &cluster::member_status::id);
  ASSERT_NE(gone, all.end());
  EXPECT_EQ(gone->now, cluster::member_status::state::gone);
  EXPECT_GT(gone->kept, 50u);
}

} // namespace
} // namespace ducat::cli
