/// A whole cluster as people use it: `ducat up`, real nodes, real etcd, and the command line.

#include "command_line.hpp"
#include "demo/demo.hpp"
#include "exit_code.hpp"
#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"
#include "up/cluster_process.hpp"

#include <ducat/certificates.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

struct printed {
  exit_code code;
  std::string out;
  std::string err;

  json document() const { return json::parse(out); }
};

printed run_at(const std::string& endpoint, std::vector<std::string> arguments) {
  for (const char* word : {"json", "--output", endpoint.c_str(), "--endpoint", "60", "--timeout"})
    arguments.insert(arguments.begin(), word);
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const int code = cli::run(arguments, {.in = in, .out = out, .err = err});
  return {static_cast<exit_code>(code), out.str(), err.str()};
}

class ClusterProgram : public ::testing::Test {
protected:
  explicit ClusterProgram(std::string payments = "own") : payments_{std::move(payments)} {
    start();
  }

  void start() {
    auto started = cluster_process::start({.program = DUCAT_PROGRAM,
                                           .directory = directory_.path() / "cluster",
                                           .nodes = 3,
                                           .payments = payments_});
    if (!started)
      throw std::runtime_error(to_string(started.error()));
    cluster_ = std::move(*started);
  }

  /// Runs a command against any node.
  printed run(const std::vector<std::string>& arguments) const {
    return run_at(cluster_->endpoints(), arguments);
  }

  void open_accounts() const {
    for (const char* id : {"world", "shop"})
      ASSERT_EQ(run({"account", "create", id, "--currency", "EUR", "--overdraft"}).code,
                exit_code::done);
  }

  static printed pay_at(const std::string& endpoint, const std::string& key) {
    return run_at(endpoint, {"pay", "create", "--from", "world", "--to", "shop", "--amount", "1",
                             "--currency", "EUR", "--key", key});
  }

  printed pay(const std::string& key) const { return pay_at(cluster_->endpoints(), key); }

  json nodes() const { return run({"nodes"}).document()["nodes"]; }

  /// Waits until every node is alive and one of them, other than `not_this`, writes; returns which.
  std::string wait_for_writer(const std::string& not_this = "") const {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < end) {
      std::string writer;
      bool all_alive = true;
      for (const json& each : nodes()) {
        all_alive = all_alive && (each["state"] == "alive" || each["id"] == not_this);
        if (each["holds_log"].get<bool>())
          writer = each["id"];
      }
      if (all_alive && !writer.empty() && writer != not_this)
        return writer;
    }
    ADD_FAILURE() << "nobody writes the log";
    return {};
  }

  std::string balance() const { return run({"account", "show", "shop"}).document()["balance"]; }

  /// Returns where clients reach the nodes other than that one.
  std::string endpoints_without(const std::string& node) const {
    std::string others;
    for (const node_place& each : cluster_->layout().nodes)
      if (each.name != node)
        others += (others.empty() ? "" : ",") + cluster_->endpoint(each.name);
    return others;
  }

  std::string payments_;
  testing::temporary_directory directory_;
  std::unique_ptr<cluster_process> cluster_;
};

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
  cluster_->signal("node1", SIGCONT);
  wait_until("serving");
  EXPECT_NE(seen("node1")["failures"], "0");
  EXPECT_NE(seen("node1")["repairs"], "0");
  const json all = seen("");
  EXPECT_EQ(all["kind"], "cluster");
  EXPECT_GT(all["serving_with_fault_us"], "0") << "another node went on";
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

/// What a node says that is refused, run with the configuration of `node` after `change`.
class RefusedNode : public ClusterProgram {
protected:
  std::string home() const { return (directory_.path() / "cluster").string(); }

  std::string config_of(const std::string& node) const {
    std::ostringstream text;
    text << std::ifstream{home() + "/" + node + ".toml"}.rdbuf();
    return text.str();
  }

  static std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
  }

  /// Returns the exit code and the last words of a node with this configuration.
  std::pair<int, std::string> run_node(const std::string& config,
                                       std::vector<std::string> environment = {}) const {
    const auto file = directory_.path() / "refused.toml";
    const auto said = directory_.path() / "refused.log";
    std::ofstream{file} << config;
    testing::child_program node{
        {.words = {DUCAT_PROGRAM, "node", "--unguarded", "--config", file.string(), "--grpc",
                   "127.0.0.1:0", "--http", "127.0.0.1:0"},
         .environment = std::move(environment),
         .error_file = said}};
    const int code = node.wait();
    std::ostringstream text;
    text << std::ifstream{said}.rdbuf();
    return {code, text.str()};
  }
};

TEST_F(RefusedNode, HasTheIdOfANodeThatIsAlive) {
  const auto layout = cluster_->layout();
  const std::string config = replaced(
      config_of("node1"), "127.0.0.1:" + std::to_string(layout.nodes[0].link), "127.0.0.1:0");
  const auto [code, said] = run_node(config);
  EXPECT_EQ(code, static_cast<int>(exit_code::in_use)) << said;
  EXPECT_NE(said.find("a node with the id node1 is alive in this cluster"), std::string::npos)
      << said;
}

TEST_F(RefusedNode, HasACertificateOfAnotherNode) {
  const auto [code, said] =
      run_node(replaced(config_of("node1"), "node = \"node1\"", "node = \"node4\""));
  EXPECT_EQ(code, static_cast<int>(exit_code::refused)) << said;
  EXPECT_NE(said.find("is not for ducat://local/node/node4"), std::string::npos) << said;
}

TEST_F(RefusedNode, HasAKeyThatOthersMayRead) {
  std::filesystem::permissions(home() + "/certs/node1.key", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const auto [code, said] = run_node(config_of("node1"));
  EXPECT_EQ(code, static_cast<int>(exit_code::refused)) << said;
  EXPECT_NE(said.find("chmod 600"), std::string::npos) << said;
}

TEST_F(RefusedNode, IsOfAnotherCluster) {
  const auto certs = directory_.path() / "other";
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  ASSERT_TRUE(security::make_authority(certs, {.cluster = "other"}, now));
  ASSERT_TRUE(security::issue_node(certs, {.id = "node1"}, now));
  std::string config = config_of("node1");
  for (const char* file : {"ca.crt", "node1.crt", "node1.key"})
    config = replaced(config, home() + "/certs/" + file, (certs / file).string());
  const auto [code, said] = run_node(config);
  EXPECT_EQ(code, static_cast<int>(exit_code::refused)) << said;
}

// It sees what the others' clocks say, and they are minutes behind.
TEST_F(RefusedNode, HasAClockThatIsFarOff) {
  const char* const faketime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
  if (!std::filesystem::exists(faketime))
    GTEST_SKIP() << "libfaketime is not installed: see apps/packages.txt";
  const auto certs = std::filesystem::path{home()} / "certs";
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  ASSERT_TRUE(security::issue_node(certs, {.id = "node4"}, now));
  std::string config = config_of("node1");
  for (const char* each : {"node = \"node1\"", "certs/node1.crt", "certs/node1.key"}) {
    std::string own = each;
    own[own.find('1')] = '4';
    config = replaced(config, each, own);
  }
  config = replaced(config, "127.0.0.1:" + std::to_string(cluster_->layout().nodes[0].link),
                    "127.0.0.1:0");
  const auto [code, said] =
      run_node(config, {std::string{"LD_PRELOAD="} + faketime, "FAKETIME=+10m",
                        "FAKETIME_DONT_FAKE_MONOTONIC=1", // Or else nothing that waits wakes up.
                        "ASAN_OPTIONS=verify_asan_link_order=0"});
  EXPECT_EQ(code, static_cast<int>(exit_code::refused)) << said;
  EXPECT_NE(said.find("the clock of this node is off by 600 s against that of node node"),
            std::string::npos)
      << said;
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

/// Payments are one service of all nodes.
class GroupProgram : public ClusterProgram {
protected:
  explicit GroupProgram(std::string mode) : ClusterProgram{std::move(mode)} {}

  /// Returns the group of payments as the nodes other than `not_this` see it.
  json group(const std::string& not_this = "") const {
    return run_at(endpoints_without(not_this), {"groups"}).document()["groups"][0];
  }

  /// Waits until those nodes serve.
  json wait_for_serving(const json& nodes, const std::string& not_this = "") const {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < end)
      if (json now = group(not_this); now["serving"] == nodes)
        return now;
    ADD_FAILURE() << "not served by " << nodes;
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

TEST_F(BackedUpGroupProgram, IsServedByTheNextNodeWhenItsNodeIsKilled) {
  open_accounts();
  const json first = have_node1_serve();
  EXPECT_EQ(pay("before").code, exit_code::done);
  const auto ready = cluster_->readies("node1");
  cluster_->signal("node1", SIGKILL);
  EXPECT_EQ(pay_at(endpoints_without("node1"), "after").code, exit_code::done);
  const json second = wait_for_serving({"node2"}, "node1");
  EXPECT_GT(std::stoull(second["epoch"].get<std::string>()),
            std::stoull(first["epoch"].get<std::string>()));
  EXPECT_TRUE(cluster_->wait_until_ready("node1", ready + 1, 60s));
  EXPECT_EQ(pay_at(cluster_->endpoint("node1"), "back").code, exit_code::done);
  EXPECT_EQ(group()["serving"], json({"node2"})) << "it takes nothing back";
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

TEST_F(ExclusiveGroupProgram, IsServedByTheNextNodeWhileItsNodeSleeps) {
  open_accounts();
  have_node1_serve();
  EXPECT_EQ(pay("before").code, exit_code::done);
  cluster_->signal("node1", SIGSTOP);
  EXPECT_EQ(pay_at(endpoints_without("node1"), "asleep").code, exit_code::done);
  wait_for_serving({"node2"}, "node1");
  cluster_->signal("node1", SIGCONT);
  EXPECT_EQ(pay_at(cluster_->endpoint("node1"), "awake").code, exit_code::done);
  EXPECT_EQ(balance(), "3");
}

} // namespace
} // namespace ducat::cli
