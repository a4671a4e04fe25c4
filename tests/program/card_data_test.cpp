/// Card data of payments, under crashes: none of it is in anything that the programs leave behind
/// (PCI DSS 4, requirements 3.3 and 3.5).

#include "acquirer/acquirer_process.hpp"
#include "command_line.hpp"
#include "exit_code.hpp"
#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace ducat::cli {
namespace {

namespace fs = std::filesystem;

/// Of nobody's: the number is a test card's.
constexpr const char* canary_number = "4929000000006";
constexpr const char* canary_code = "8731846";

class CardData : public ::testing::Test {
protected:
  CardData() {
    std::ofstream{config_} << "node = \"node1\"\n"
                           << "data = \"" << (place_.path() / "data").string() << "\"\n"
                           << "[listen]\ngrpc = \"127.0.0.1:0\"\nhttp = \"127.0.0.1:0\"\n"
                           << "[faults]\nallowed = true\n"
                           << "[log]\nlevel = \"trace\"\n"
                           << "[[acquirer]]\nname = \"acme\"\nplain = true\n"
                           << "address = \"127.0.0.1:" << host_.port() << "\"\n"
                           << "terminal = \"TERM0001\"\nmerchant = \"MERCHANT0000001\"\n"
                           << "answer_timeout_ms = 200\n";
    node_.emplace(testing::child_program_options{
        .words = {DUCAT_PROGRAM, "node", "--config", config_.string()},
        .error_file = place_.path() / "node.err"});
    const std::string ready = node_->read_line().value_or("");
    const auto at = ready.find("grpc=");
    if (at == std::string::npos)
      throw std::runtime_error("the node is not ready: " + ready);
    endpoint_ = ready.substr(at + 5, ready.find(' ', at) - at - 5);
    for (const char* account : {"world", "shop"})
      run({"account", "create", account, "--currency", "EUR", "--overdraft"});
  }

  exit_code run(std::vector<std::string> arguments, const std::string& input = "") {
    for (const std::string& word : {endpoint_, std::string{"--endpoint"}})
      arguments.insert(arguments.begin(), word);
    std::istringstream in{input};
    std::ostringstream said;
    const int code = cli::run(arguments, {.in = in, .out = said, .err = said});
    said_ += said.str();
    return static_cast<exit_code>(code);
  }

  exit_code pay(const std::string& key) {
    return run({"pay", "create", "--from", "world", "--to", "shop", "--amount", "100", "--currency",
                "EUR", "--key", key, "--card-file", "-"},
               std::string{canary_number} + "\n" + canary_code + "\n");
  }

  /// Returns what holds one of the canaries.
  std::vector<std::string> leaks() const {
    std::vector<std::string> found;
    const auto look = [&](const std::string& where, const std::string& text) {
      for (const char* canary : {canary_number, canary_code})
        if (text.find(canary) != std::string::npos)
          found.push_back(where);
    };
    look("what the commands have printed", said_);
    for (const auto& each : fs::recursive_directory_iterator{place_.path()})
      if (each.is_regular_file()) {
        std::ifstream file{each.path(), std::ios::binary};
        look(each.path().string(), {std::istreambuf_iterator<char>{file}, {}});
      }
    return found;
  }

  testing::temporary_directory place_;
  fs::path config_ = place_.path() / "node.toml";
  acquirer::testing::acquirer_process host_{place_.path() / "journal"};
  std::optional<testing::child_program> node_;
  std::string endpoint_;
  std::string said_;
};

TEST_F(CardData, IsInNothingThatIsLeftBehindWhateverCrashed) {
  EXPECT_EQ(pay("plain"), exit_code::done);
  for (const char* point :
       {"payment.before_first_step", "payment.after_create", "payment.after_send",
        "payment.after_answer", "payment.after_resolve", "payment.after_capture",
        "link.before_write", "link.after_write", "link.before_answer"}) {
    EXPECT_EQ(run({"faults", "arm", point}), exit_code::done) << point;
    (void)pay(point);
    (void)run({"faults", "disarm", point});
  }
  host_.arm("garble:times=1,mti=0200");
  (void)pay("garbled");
  for (const char* child : {"payments/w1", "acquirers/acme", "acquirers/acme-link"})
    EXPECT_EQ(run({"crash", child}), exit_code::done) << child;
  for (const std::vector<std::string>& shown : std::vector<std::vector<std::string>>{
           {"pay", "list"}, {"deadletters", "list"}, {"status"}, {"tree"}})
    (void)run(shown);
  node_->signal(SIGTERM);
  node_->wait();
  EXPECT_EQ(leaks(), std::vector<std::string>{});
  EXPECT_NE(said_.find("492900***0006"), std::string::npos) << "no payment by card was shown";
}

// The search finds what is there.
TEST_F(CardData, IsFoundWhereItIs) {
  std::ofstream{place_.path() / "leak"} << "PAN " << canary_number;
  EXPECT_EQ(leaks().size(), 1u);
}

} // namespace
} // namespace ducat::cli
