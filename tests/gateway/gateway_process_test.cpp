/// Terminals that time out and reverse, a node whose workers and terminals' actors are crashed, and
/// an acquirer that makes mistakes, each a process: afterwards their three books agree.

#include "gateway/gateway_program.hpp"

#include <ducat/certificates.hpp>

#include <chrono>
#include <iterator>
#include <set>

namespace ducat::gateway::test {
namespace {

using acquirer::testing::acquirer_process;
using acquirer::testing::iso_client;

/// Terminal, STAN and time: what names a payment on both sides.
std::string name_of(const std::string& terminal, const std::string& stan, const std::string& at) {
  return terminal + ' ' + stan + ' ' + at;
}

std::int64_t number_in(const json& of, const char* field) {
  return std::stoll(of.value(field, std::string{"0"}));
}

class GatewayProcess : public ::testing::Test {
protected:
  std::vector<std::string> terminal_words(const std::vector<std::string>& more) const {
    std::vector<std::string> all{DUCAT_TERMINALS, "--plain", "--json", "--record",
                                 record_.string()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  /// Returns the outcome of each payment that the terminals have recorded.
  std::map<std::string, json> recorded() const {
    std::map<std::string, json> all;
    std::ifstream in{record_};
    for (std::string line; std::getline(in, line);) {
      json each = json::parse(line);
      const auto name = name_of(each.at("terminal"), each.at("stan"), each.at("transmitted_at"));
      all.emplace(name, std::move(each));
    }
    return all;
  }

  testing::temporary_directory place_;
  std::filesystem::path record_ = place_.path() / "record.jsonl";
};

/// The join of the terminals' record, our log and the acquirer's journal.
void expect_agreement(const std::map<std::string, json>& recorded, const std::vector<json>& ours,
                      const std::map<std::string, std::int64_t>& theirs) {
  std::size_t standing = 0;
  std::set<std::string> known;
  for (const json& payment : ours) {
    const json& names = payment.at("metadata");
    const auto name = name_of(payment.at("terminal"), names.at("stan"), names.at("transmitted_at"));
    const bool stands = payment.at("state") == "CAPTURED";
    standing += stands ? 1 : 0;
    known.insert(name);
    const auto record = recorded.find(name);
    ASSERT_NE(record, recorded.end()) << "no terminal knows of " << payment;
    EXPECT_EQ(stands, record->second.at("outcome") == "approved") << payment << record->second;
    const json attempts = payment.value("attempts", json::array());
    const auto owed =
        attempts.empty() ? theirs.end() : theirs.find(attempts.back().value("rrn", ""));
    EXPECT_EQ(stands, owed != theirs.end()) << payment;
    if (stands && owed != theirs.end()) {
      EXPECT_EQ(owed->second, number_in(payment, "amount")) << payment;
    }
  }
  EXPECT_EQ(theirs.size(), standing) << "they have what we do not know";
  for (const auto& [name, payment] : recorded)
    if (payment.at("outcome") == "approved") {
      EXPECT_TRUE(known.contains(name)) << payment;
    }
}

/// Returns the files below `place` that hold a card number of ducat-terminals.
std::vector<std::string> leaks_in(const std::filesystem::path& place) {
  std::vector<std::string> found;
  for (const auto& each : std::filesystem::recursive_directory_iterator{place}) {
    if (!each.is_regular_file())
      continue;
    std::ifstream file{each.path(), std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    for (const char* card : {"4111111111111111", "4012888888881881", "5555555555554444",
                             "378282246310005", "6011111111111117"})
      if (text.find(card) != text.npos)
        found.push_back(each.path().string());
  }
  return found;
}

TEST_F(GatewayProcess, ThreeBooksAgreeAfterEverybodysMistakesAndCrashes) {
  const acquirer_process host{place_.path() / "journal"};
  gateway_program node{place_.path(), {.acquirer = host.port(), .answer_timeout_ms = 400}};
  for (const char* fault :
       {"drop_request:percent=5", "drop_answer:percent=5", "duplicate:percent=5",
        "decline:code=05,percent=10", "wrong_amount:percent=3", "delay:after=600ms,percent=3"})
    host.arm(fault);
  testing::child_program terminals{
      {.words =
           terminal_words({"--target", "127.0.0.1:" + std::to_string(node.port()), "--terminals",
                           "20", "--connections", "4", "--payments", "300", "--per-second", "60",
                           "--answer-ms-max", "500", "--repeat-ms", "200"})}};
  const std::vector<std::string> points{
      "gateway.before_payment", "gateway.before_answer", "gateway.after_answer",
      "payment.after_create",   "payment.after_send",    "payment.after_answer",
      "payment.after_resolve",  "payment.after_capture", "link.after_write"};
  for (std::size_t i = 0; terminals.is_running() && i < 200; ++i) {
    (void)node.run({"faults", "arm", points[i % points.size()]});
    if (i % 10 == 5)
      (void)node.run({"crash", "payments/w1"});
    if (i % 10 == 9)
      (void)node.run({"crash", "iso8583/desk"});
    const auto before = host.effects().size(); // Something goes on in between.
    while (terminals.is_running() && host.effects().size() < before + 10)
      std::this_thread::yield();
  }
  for (const std::string& point : points)
    (void)node.run({"faults", "disarm", point});
  host.control({"fault", "clear"});
  std::string last_line;
  while (const auto line = terminals.read_line())
    last_line = *line;
  EXPECT_EQ(terminals.wait(), 0) << last_line;
  const json summary = json::parse(last_line);
  EXPECT_GT(summary.at("approved"), 0);
  EXPECT_GT(summary.at("reversed"), 0) << "no mistake was made";
  const auto ours = node.settled_payments();
  expect_agreement(recorded(), ours, paid_by(host));
  std::int64_t captured = 0;
  for (const json& payment : ours)
    captured += number_in(payment, "captured");
  EXPECT_EQ(number_in(node.run({"account", "show", "shop"}), "balance"), captured);
  node.process().signal(SIGTERM); // Then all is on disk.
  node.process().wait();
  EXPECT_EQ(leaks_in(place_.path()), std::vector<std::string>{});
}

TEST_F(GatewayProcess, SaysItsPortAndKeepsWhatItKnewOverAnEnd) {
  const acquirer_process host{place_.path() / "journal"};
  gateway_program node{place_.path(), {.acquirer = host.port()}};
  EXPECT_NE(node.ready_line().find(" iso8583=127.0.0.1:"), std::string::npos);
  const auto sign_on = acquirer::testing::network("001");
  auto first = acquirer::testing::payment({.amount_minor = 100, .terminal = "T0000001"});
  {
    iso_client terminal{node.port()};
    EXPECT_EQ(terminal.ask(sign_on).find(39), "00");
    EXPECT_EQ(terminal.ask(first).find(39), "00");
  }
  node.process().signal(SIGTERM);
  node.process().wait();
  node.start();
  iso_client terminal{node.port()};
  terminal.ask(sign_on);
  first.set_mti("0201");
  EXPECT_EQ(terminal.ask(first).find(39), "00");
  EXPECT_EQ(paid_by(host).size(), 1u);
  iso8583::message closing{"0500"};
  closing.set(7, "1128120000");
  closing.set(11, "000009");
  closing.set(41, "T0000001");
  closing.set(76, "0000000001");
  closing.set(88, "0000000000000100");
  EXPECT_EQ(terminal.ask(closing).find(66), "1");
}

// The bound of the configuration is that of terminals, too; a reversal is always heard.
TEST_F(GatewayProcess, DeclinesMorePaymentsThanANodeMakesAtATime) {
  const acquirer_process host{place_.path() / "journal"};
  gateway_program node{
      place_.path(),
      {.acquirer = host.port(), .gateway = "plain = true\n[payments]\ncards_at_a_time = 1\n"}};
  host.arm("drop_request");
  iso_client terminal{node.port()};
  terminal.ask(acquirer::testing::network("001"));
  const auto code = [&](const iso8583::message& request) {
    terminal.send(request);
    auto answer = terminal.read();
    while (answer.find(11) != request.find(11)) // It is of the first payment.
      answer = terminal.read();
    return acquirer::testing::text_of(answer, 39);
  };
  auto echo = acquirer::testing::network("301");
  echo.set(41, "T0000001");
  terminal.ask(echo); // While its child is started the second may overtake the first.
  const auto first = acquirer::testing::payment({.terminal = "T0000001"});
  terminal.send(first); // It waits for the acquirer.
  EXPECT_EQ(code(acquirer::testing::payment({.stan = "000002", .terminal = "T0000001"})), "91");
  EXPECT_EQ(code(acquirer::testing::reversal(first, "000003")), "00");
}

TEST_F(GatewayProcess, WhatIsNoMessageIsNotAnsweredAndTheNextOneIs) {
  const acquirer_process host{place_.path() / "journal"};
  gateway_program node{place_.path(), {.acquirer = host.port()}};
  iso_client terminal{node.port()};
  const std::string nonsense(20, 'x');
  terminal.send_bytes(std::string{"\x00\x14", 2} + nonsense);
  EXPECT_EQ(terminal.ask(acquirer::testing::network("001")).find(39), "00");
}

TEST_F(GatewayProcess, SpeaksTlsToTerminalsOfItsAuthority) {
  using namespace std::chrono;
  const auto now = floor<seconds>(system_clock::now());
  const auto& home = place_.path();
  const auto ca = security::make_authority(home, {.cluster = "test"}, now).value().certificate;
  const auto server = security::issue_node(home, {.id = "gateway"}, now).value();
  const auto client = security::issue_client(home, {.name = "terminals"}, now).value();
  const acquirer_process host{home / "journal"};
  gateway_program node{home,
                       {.acquirer = host.port(),
                        .gateway = "certificate = \"" + server.certificate.string() +
                                   "\"\nkey = \"" + server.key.string() + "\"\nca = \"" +
                                   ca.string() + "\"\n"}};
  const auto exit_code_of = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{DUCAT_TERMINALS,
                                   "--target",
                                   "127.0.0.1:" + std::to_string(node.port()),
                                   "--ca",
                                   ca.string(),
                                   "--terminals",
                                   "2",
                                   "--payments",
                                   "4"};
    words.insert(words.end(), more.begin(), more.end());
    testing::child_program program{{.words = words}};
    while (program.read_line()) {
    }
    return program.wait();
  };
  EXPECT_EQ(
      exit_code_of({"--certificate", client.certificate.string(), "--key", client.key.string()}),
      0);
  EXPECT_EQ(paid_by(host).size(), 4u);
  EXPECT_EQ(exit_code_of({"--connect-s-max", "1"}), 69) << "it shows no certificate";
}

} // namespace
} // namespace ducat::gateway::test
