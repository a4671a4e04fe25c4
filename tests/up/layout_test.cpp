/// What a cluster on one machine consists of.

#include "support/temporary_directory.hpp"
#include "up/layout.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace ducat::cli {
namespace {

std::set<std::uint16_t> ports_of(const cluster_layout& layout) {
  std::set<std::uint16_t> ports;
  for (const etcd_place& each : layout.members)
    ports.insert({each.client, each.peer});
  for (const node_place& each : layout.nodes)
    ports.insert({each.http, each.grpc, each.link});
  return ports;
}

class Layout : public ::testing::Test {
protected:
  result<cluster_layout> read(const std::string& text) {
    const auto file = directory_.path() / "cluster.toml";
    std::ofstream{file} << text;
    return read_layout(file);
  }

  testing::temporary_directory directory_;
};

TEST_F(Layout, HasOneMemberForFewNodesAndThreeForMore) {
  for (const std::uint32_t nodes : {1u, 2u, 3u, 5u}) {
    const auto made = make_layout({.nodes = nodes}).value();
    EXPECT_EQ(made.nodes.size(), nodes);
    EXPECT_EQ(made.members.size(), nodes < 3 ? 1u : 3u);
  }
}

TEST_F(Layout, NumbersThePortsOfEachNodeFromTheBaseOn) {
  const auto made = make_layout({.nodes = 3, .base_port = 7410}).value();
  EXPECT_EQ(made.nodes[0].http, 7410);
  EXPECT_EQ(made.nodes[0].grpc, 7411);
  EXPECT_EQ(made.nodes[2].link, 7432);
  EXPECT_EQ(made.members[1].client, 7423);
  EXPECT_EQ(made.members[1].peer, 7424);
}

TEST_F(Layout, TakesFreePortsOfWhichNoTwoAreTheSame) {
  const auto made = make_layout({.nodes = 3, .base_port = 0}).value();
  EXPECT_EQ(ports_of(made).size(), 15u);
  EXPECT_FALSE(ports_of(made).contains(0));
}

TEST_F(Layout, IsReadAsItWasWritten) {
  const auto made = make_layout({.nodes = 3, .base_port = 0}).value();
  const auto again = read(to_toml(made)).value();
  EXPECT_EQ(to_toml(again), to_toml(made));
}

TEST_F(Layout, SaysWhoseWorkersTakePayments) {
  const auto own = make_layout({.nodes = 2, .base_port = 7410}).value();
  EXPECT_EQ(node_config_of(own, own.nodes[0], "/home", {}).find("[payments]"), std::string::npos);
  const auto made = make_layout({.nodes = 2, .base_port = 7410, .payments = "exclusive"}).value();
  const auto again = read(to_toml(made)).value();
  EXPECT_NE(node_config_of(again, again.nodes[1], "/home", {})
                .find("[payments]\nnodes = [\"node1\", \"node2\"]\nmode = \"exclusive\"\n"
                      "standby = \"hot\"\n"),
            std::string::npos);
}

TEST_F(Layout, HasOneOfAllNodesSettle) {
  const auto made = make_layout({.nodes = 3, .base_port = 7410}).value();
  EXPECT_NE(node_config_of(made, made.nodes[1], "/home", {})
                .find("[settlement]\nnodes = [\"node1\", \"node2\", \"node3\"]\n"),
            std::string::npos);
}

TEST_F(Layout, HasEachNodeLookForAlerts) {
  const auto made = make_layout({.nodes = 1, .base_port = 7410}).value();
  const auto config = [&](const node_settings& settings) {
    return node_config_of(made, made.nodes[0], "/home", settings);
  };
  EXPECT_NE(config({}).find("[alerts]\n"), std::string::npos);
  EXPECT_EQ(config({}).find("url ="), std::string::npos);
  EXPECT_NE(config({.alerts_to = "http://127.0.0.1:1/"})
                .find("[alerts]\nurl = \"http://127.0.0.1:1/\"\nallow_private = true\n"),
            std::string::npos);
}

TEST_F(Layout, HasEachNodeTraceAllPaymentsIfItIsToldWhom) {
  const auto made = make_layout({.nodes = 1, .base_port = 7410}).value();
  const auto config = [&](const node_settings& settings) {
    return node_config_of(made, made.nodes[0], "/home", settings);
  };
  EXPECT_EQ(config({}).find("[traces]"), std::string::npos);
  EXPECT_NE(config({.traces_to = "http://127.0.0.1:1/"})
                .find("[traces]\nto = \"http://127.0.0.1:1/\"\nsampled = \"1\"\n"),
            std::string::npos);
}

TEST_F(Layout, IsRefusedWithThePlaceThatIsWrong) {
  const auto made = to_toml(make_layout({.nodes = 1, .base_port = 7410}).value());
  for (const char* what : {"cluster = \"local\"", "client = 7413", "link = 7412", "[[node]]"}) {
    std::string text = made;
    text.erase(text.find(what), std::string{what}.size());
    const auto refused = read(text);
    ASSERT_FALSE(refused) << what;
    EXPECT_EQ(refused.error().code, errc::invalid_argument);
    EXPECT_NE(refused.error().message.find("cluster.toml:"), std::string::npos) << refused.error();
  }
  EXPECT_FALSE(read(made + "\n[[node]]\nname = \"node2\"\nhttp = 0\ngrpc = 1\nlink = 2\n"));
}

TEST_F(Layout, TellsEachNodeAllMembersFromAnotherOneOnAndItsPlaceInLine) {
  const auto made = make_layout({.nodes = 3, .base_port = 7410}).value();
  const std::string config = node_config_of(made, made.nodes[1], "/somewhere", {.faults = true});
  EXPECT_NE(config.find("\"127.0.0.1:7423\", \"127.0.0.1:7433\", \"127.0.0.1:7413\""),
            std::string::npos);
  EXPECT_NE(config.find("priority = 2"), std::string::npos);
  EXPECT_NE(config.find("/somewhere/certs/node2.key"), std::string::npos);
}

} // namespace
} // namespace ducat::cli
