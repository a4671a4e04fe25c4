/// `ducat links` and `ducat link`, and card payments, against a node that has two links to an
/// acquirer, each in a process of its own.

#include "acquirer/acquirer_process.hpp"
#include "command_line.hpp"
#include "exit_code.hpp"
#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ducat::cli {
namespace {

using nlohmann::json;

class LinksProgram : public ::testing::Test {
protected:
  LinksProgram() {
    const std::string address = "\"127.0.0.1:" + std::to_string(host_.port()) + "\"";
    std::ofstream{config_} << "node = \"node1\"\n"
                           << "data = \"" << (place_.path() / "data").string() << "\"\n"
                           << "[listen]\ngrpc = \"127.0.0.1:0\"\nhttp = \"127.0.0.1:0\"\n"
                           << "[[acquirer]]\nname = \"acme\"\nplain = true\n"
                           << "addresses = [" << address << ", " << address << "]\n"
                           << "terminal = \"TERM0001\"\nmerchant = \"MERCHANT0000001\"\n";
    node_.emplace(testing::child_program_options{
        .words = {DUCAT_PROGRAM, "node", "--config", config_.string()},
        .error_file = place_.path() / "node.err"});
    const std::string ready = node_->read_line().value_or("");
    const auto at = ready.find("grpc=");
    if (at == std::string::npos)
      throw std::runtime_error("the node is not ready: " + ready);
    endpoint_ = ready.substr(at + 5, ready.find(' ', at) - at - 5);
    for (const char* account : {"world", "shop"})
      (void)run({"account", "create", account, "--currency", "EUR", "--overdraft"});
  }

  exit_code run(std::vector<std::string> arguments, const std::string& input = "") {
    for (const std::string& word : {endpoint_, std::string{"--endpoint"}})
      arguments.insert(arguments.begin(), word);
    std::istringstream in{input};
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::run(arguments, {.in = in, .out = out, .err = err});
    printed_ = out.str();
    return static_cast<exit_code>(code);
  }

  json acquirer() {
    EXPECT_EQ(run({"links", "--json"}), exit_code::done);
    return json::parse(printed_).at("acquirers").at(0);
  }

  void wait_until_held_by(const std::string& link) {
    while (acquirer().at("holder") != link) {
    }
  }

  /// Pays by card, and returns the link that carried it.
  std::string pay(const std::string& key) {
    EXPECT_EQ(run({"--output", "json", "pay", "create", "--from", "world", "--to", "shop",
                   "--amount", "100", "--currency", "EUR", "--key", key, "--card-file", "-"},
                  "4111111111111111\n123\n"),
              exit_code::done);
    return json::parse(printed_).at("payment").at("attempts").at(0).at("carrier");
  }

  ducat::testing::temporary_directory place_;
  std::filesystem::path config_ = place_.path() / "node.toml";
  acquirer::testing::acquirer_process host_{place_.path() / "journal"};
  std::optional<ducat::testing::child_program> node_;
  std::string endpoint_;
  std::string printed_;
};

TEST_F(LinksProgram, ShowsWhichLinkCarriesPaymentsAndHandsThemOver) {
  wait_until_held_by("acme-link");
  EXPECT_EQ(pay("first"), "acme-link");
  EXPECT_EQ(run({"link", "drain", "acme-link"}), exit_code::done);
  wait_until_held_by("acme-link2");
  EXPECT_EQ(pay("second"), "acme-link2");
  EXPECT_EQ(run({"link", "resume", "acme-link"}), exit_code::done);
  while (acquirer().at("links").at(0).at("state") != "signed_on") {
  }
  EXPECT_EQ(pay("third"), "acme-link2") << "the one that is back is a backup";
  const json now = acquirer();
  EXPECT_EQ(now.at("epoch"), "2");
  EXPECT_EQ(now.at("breaker"), "closed");
  EXPECT_EQ(now.at("node"), "node1");
  EXPECT_EQ(now.at("links").at(1).at("holder"), true);
}

TEST_F(LinksProgram, PrintsALineForEachLink) {
  wait_until_held_by("acme-link");
  EXPECT_EQ(run({"links"}), exit_code::done);
  EXPECT_NE(printed_.find("holder, epoch 1"), std::string::npos) << printed_;
  EXPECT_NE(printed_.find("acme-link2"), std::string::npos) << printed_;
  EXPECT_NE(printed_.find("backup"), std::string::npos) << printed_;
}

// A new life of the node reads who carries payments from its log.
TEST_F(LinksProgram, KeepsTheGrantOverARestart) {
  wait_until_held_by("acme-link");
  EXPECT_EQ(run({"link", "drain", "acme-link"}), exit_code::done);
  wait_until_held_by("acme-link2");
  node_->signal(SIGTERM);
  node_->wait();
  node_.emplace(
      testing::child_program_options{.words = {DUCAT_PROGRAM, "node", "--config", config_.string()},
                                     .error_file = place_.path() / "node.err"});
  const std::string ready = node_->read_line().value_or("");
  const auto at = ready.find("grpc=");
  ASSERT_NE(at, std::string::npos) << ready;
  endpoint_ = ready.substr(at + 5, ready.find(' ', at) - at - 5);
  wait_until_held_by("acme-link2");
  EXPECT_EQ(acquirer().at("epoch"), "2");
}

TEST_F(LinksProgram, SaysThatThereIsNoSuchLink) {
  EXPECT_NE(run({"link", "drain", "acme"}), exit_code::done);
  EXPECT_NE(run({"link", "drain", "none"}), exit_code::done);
  EXPECT_EQ(run({"link"}), exit_code::usage);
}

} // namespace
} // namespace ducat::cli
