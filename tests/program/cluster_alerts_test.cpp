/// Somebody is told that a node is gone, without Prometheus: from a real cluster, over real HTTP.

#include "cluster_fixture.hpp"
#include "webhook/receiver.hpp"

#include <signal.h>

#include <algorithm>

namespace ducat::cli {
namespace {

/// Before the cluster, which knows its address.
class WithPager {
protected:
  webhook::test::receiver pager_{""};
};

class ClusterAlerts : WithPager, public ClusterProgram {
protected:
  ClusterAlerts() : ClusterProgram{"own", pager_.url()} {}

  /// Waits until that was told of the node.
  bool wait_for(const std::string& type, const std::string& rule, const std::string& of) {
    return pager_.wait([&](const auto& all) {
      return std::ranges::any_of(all, [&](const auto& each) {
        const json body = json::parse(each.body);
        return body["type"] == type && body["rule"] == rule && body["subject"] == of;
      });
    });
  }

  json alerts_at(const std::string& endpoint) const {
    return run_at(endpoint, {"alerts", "list"}).document();
  }
};

TEST_F(ClusterAlerts, TellsThatTheWriterIsGoneAndThatItIsBack) {
  const std::string writer = wait_for_writer();
  const auto began = std::chrono::steady_clock::now();
  cluster_->signal(writer, SIGSTOP);
  ASSERT_TRUE(wait_for("alert.fired", "DucatNodeDown", writer));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << "from SIGSTOP to the page: " << took.count() << " s\n";
  cluster_->signal(writer, SIGCONT);
  ASSERT_TRUE(wait_for("alert.resolved", "DucatNodeDown", writer));
}

TEST_F(ClusterAlerts, AreTakenCareOfAndSilencedAtTheCommandLine) {
  const std::string writer = wait_for_writer();
  const std::string other = endpoints_without(writer);
  const std::string node = other.substr(0, other.find(',')); // Each keeps its own.
  const auto made = run_at(node, {"alerts", "silence", "--rule", "DucatNodeNotReady", "--for",
                                  "30min", "--by", "us", "--why", "a test"});
  ASSERT_EQ(made.code, exit_code::done) << made.err;
  cluster_->signal(writer, SIGSTOP);
  ASSERT_TRUE(wait_for("alert.fired", "DucatNodeDown", writer));
  const auto ack = [&] {
    return run_at(node, {"alerts", "ack", "DucatNodeDown", writer, "--by", "night shift"});
  };
  while (ack().code != exit_code::done) // The other one may have told first.
    std::this_thread::yield();
  const json list = alerts_at(node);
  const auto found = std::ranges::find_if(
      list["alerts"], [](const json& each) { return each["rule"] == "DucatNodeDown"; });
  ASSERT_NE(found, list["alerts"].end());
  EXPECT_EQ((*found)["acknowledged_by"], "night shift");
  ASSERT_EQ(list["silences"].size(), 1u);
  EXPECT_EQ(list["silences"][0]["reason"], "a test");
  const std::string id = list["silences"][0]["id"];
  EXPECT_EQ(run_at(node, {"alerts", "lift", id}).code, exit_code::done);
  EXPECT_EQ(run_at(node, {"alerts", "lift", id}).code, exit_code::failed);
  EXPECT_TRUE(alerts_at(node)["silences"].empty());
  cluster_->signal(writer, SIGCONT);
}

} // namespace
} // namespace ducat::cli
