/// Settlement as one service of three nodes, which are killed as they settle.

#include "cluster_fixture.hpp"
#include "settlement_terms.hpp"

#include <ducat/digest.hpp>

#include <signal.h>

#include <map>
#include <set>
#include <thread>

namespace ducat::cli {
namespace {

class SettlingCluster : public ClusterProgram {
protected:
  SettlingCluster() {
    for (const char* id : {"world", "books", "kiosk"})
      EXPECT_EQ(run({"account", "create", id, "--currency", "EUR", "--overdraft"}).code,
                exit_code::done);
    EXPECT_EQ(run({"settle", "configure", "--file", write_terms(directory_.path())}).code,
              exit_code::done);
  }

  void cut_captures(const std::string& window) const {
    EXPECT_EQ(run({"pay", "create", "--from", "world", "--to", "books", "--amount", "1000",
                   "--currency", "EUR", "--key", window})
                  .code,
              exit_code::done);
    EXPECT_EQ(run({"settle", "cut", "--currency", "EUR", "--window", window}).code,
              exit_code::done);
  }

  /// Settles the window from the client's side, whatever happens to nodes.
  std::thread begin_to_settle(const std::string& window) const {
    return std::thread{[this, window] {
      const printed settled = run({"settle", "run", "--currency", "EUR", "--number", window,
                                   "--first-window", window, "--last-window", window});
      EXPECT_EQ(settled.code, exit_code::done) << settled.out << settled.err;
    }};
  }

  /// Waits until one node settles; returns which.
  std::string wait_for_settler() const {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < end) {
      const json groups = run({"groups"}).document()["groups"];
      for (const json& each : groups)
        if (each["pool"] == "settlement" && each["serving"].size() == 1)
          return each["serving"][0];
    }
    ADD_FAILURE() << "nobody settles";
    return {};
  }

  void kill(const std::set<std::string>& nodes) {
    std::map<std::string, std::uint64_t> readies;
    for (const std::string& each : nodes) {
      readies[each] = cluster_->readies(each);
      cluster_->signal(each, SIGKILL);
    }
    for (const auto& [node, count] : readies)
      EXPECT_TRUE(cluster_->wait_until_ready(node, count + 1, 60s)) << node;
  }

  /// Whichever node comes by `point` ends there, once.
  void arm_everywhere(const std::string& point) const {
    wait_for_writer(); // All are alive then.
    for (const node_place& each : cluster_->layout().nodes)
      EXPECT_EQ(
          run_at(cluster_->endpoint(each.name), {"faults", "arm", point, "--fault", "exit"}).code,
          exit_code::done);
  }

  /// Returns how often nodes have become ready.
  std::uint64_t lives() const {
    std::uint64_t all = 0;
    for (const node_place& each : cluster_->layout().nodes)
      all += cluster_->readies(each.name);
    return all;
  }

  json list(std::vector<std::string> what) const {
    what.insert(what.begin(), "settle");
    return run(what).document()["data"];
  }

  /// Asks until the node answers: the last fault may just have ended it.
  json settlements_at(const std::string& node) const {
    printed told = run_at(cluster_->endpoint(node), {"settle", "show"});
    while (told.code == exit_code::unreachable)
      told = run_at(cluster_->endpoint(node), {"settle", "show"});
    return told.document()["data"];
  }

  /// Waits until so many files of the settlement or batch are in the log.
  void wait_for_files(const std::string& of, std::size_t count) {
    json files;
    while (files.size() < count)
      files = of.starts_with("pob_") ? list({"batches", "--id", of})[0]["files"]
                                     : list({"show", of})[0]["files"];
    for (const json& each : files)
      digests_[each["name"]] = each["sha256"];
  }

  /// Expects that the files of all nodes are those of the log, and each is somewhere.
  void expect_files_of_the_log() const {
    std::set<std::string> found;
    for (const node_place& node : cluster_->layout().nodes) {
      const auto place = directory_.path() / "cluster" / node.name / "settlement";
      if (!std::filesystem::exists(place))
        continue;
      for (const auto& each : std::filesystem::directory_iterator{place}) {
        const std::string name = each.path().filename();
        if (each.path().extension() != ".csv" && each.path().extension() != ".xml")
          continue; // A node was killed as it wrote it, before it was put in its place.
        std::ostringstream text;
        text << std::ifstream{each.path(), std::ios::binary}.rdbuf();
        ASSERT_TRUE(digests_.contains(name)) << name;
        EXPECT_EQ(to_hex(sha256({text.str()})), digests_.at(name)) << node.name << ' ' << name;
        found.insert(name);
      }
    }
    EXPECT_EQ(found.size(), digests_.size());
  }

  std::map<std::string, std::string> digests_; ///< What the log says, by name.
};

TEST_F(SettlingCluster, SettlesEachWindowOnceWhicheverNodeIsKilled) {
  cut_captures("1"); // Each that takes it up ends after its first step.
  wait_for_settler();
  arm_everywhere("settlement.after_advance");
  begin_to_settle("1").join();
  wait_for_files("set_EUR_1", 1);

  cut_captures("2"); // Killed as it comes, and the one that writes the log with it.
  const std::set<std::string> victims{wait_for_settler(), wait_for_writer()};
  std::thread user = begin_to_settle("2");
  kill(victims);
  user.join();
  wait_for_files("set_EUR_2", 1);

  arm_everywhere("settlement.before_record"); // There are files then that the log does not know.
  EXPECT_EQ(
      run({"settle", "pay", "--currency", "EUR", "--execution-date", "20261104", "--batch", "1"})
          .code,
      exit_code::done);
  wait_for_files("pob_EUR_1", 2);

  EXPECT_EQ(list({"show"}).size(), 2U);
  EXPECT_EQ(list({"batches"}).size(), 1U);
  EXPECT_EQ(list({"batches"})[0]["payouts"]["amount"], "1950");
  EXPECT_EQ(list({"merchants", "--id", "books"})[0]["held"], "1950");
  for (const node_place& each : cluster_->layout().nodes)
    EXPECT_EQ(settlements_at(each.name), list({"show"})) << each.name;
  expect_files_of_the_log();
  wait_for_writer();
  EXPECT_GE(lives(), 3 + 1 + victims.size() + 1) << "a fault has not killed anybody";
  EXPECT_EQ(run({"status"}).code, exit_code::done) << "the books balance";
}

} // namespace
} // namespace ducat::cli
