/// A terminal and an acquirer that others wrote: the npm package iso_8583 on both sides of a node.

#include "gateway/gateway_program.hpp"
#include "iso8583/foreign/installed_peer.hpp"

#include <gmock/gmock.h>

namespace ducat::gateway::test {
namespace {

using acquirer::testing::acquirer_process;
using ::testing::IsSupersetOf;

/// A request of a terminal, as the package takes it.
json request(const std::string& mti, const std::string& stan, const json& more = {}) {
  json made{{"0", mti}, {"7", "1129013000"}, {"11", stan}, {"41", "NPM00001"}};
  made.update(more);
  return made;
}

json payment(const std::string& mti, const std::string& stan, const std::string& amount) {
  return request(mti, stan,
                 {{"2", "4111111111111111"},
                  {"3", "000000"},
                  {"4", amount},
                  {"37", "000000" + stan},
                  {"49", "978"}});
}

json reversal(const std::string& mti, const std::string& stan, const std::string& original) {
  return request(
      mti, stan,
      {{"4", "000000000250"}, {"90", "0200" + original + "1129013000" + std::string(22, '0')}});
}

/// The package's processes; each test runs in a place of its own.
class Foreign : public ::testing::Test {
protected:
  void SetUp() override {
    const auto peer = ducat::test::installed_peer::get();
    if (!peer)
      GTEST_SKIP() << peer.error();
  }

  static std::string script(const char* name) {
    return std::string{DUCAT_PEER_DIRECTORY} + "/" + name;
  }

  /// Runs a terminal through `lines`; returns what it has heard.
  std::vector<json> run_terminal(std::uint16_t port, const std::vector<std::string>& lines) const {
    const auto file = place_.path() / "lines";
    std::ofstream out{file};
    for (const std::string& line : lines)
      out << line << '\n';
    out.close();
    testing::child_program terminal{
        {.words = {"node", script("terminal.js"), std::to_string(port), file.string()}}};
    std::vector<json> heard;
    while (const auto line = terminal.read_line())
      heard.push_back(json::parse(*line, nullptr, false));
    EXPECT_EQ(terminal.wait(), 0);
    return heard;
  }

  testing::temporary_directory place_;
};

std::string field(const json& of, const char* number) {
  return of.is_object() ? of.value(number, "") : of.dump();
}

TEST_F(Foreign, TerminalSignsOnPaysTimesOutReversesRepeatsAndReconciles) {
  const acquirer_process host{place_.path() / "journal", {"--dialect", "npm-iso8583"}};
  gateway_program node{
      place_.path(),
      {.acquirer = host.port(), .dialect = "npm-iso8583", .answer_timeout_ms = 5'000}};
  host.arm("drop_answer:amount_min=250,amount_max=250,mti=0200");
  json closing = request("0500", "000010", {{"76", "0000000001"}, {"88", "0000000000000100"}});
  auto heard =
      run_terminal(node.port(), {payment("0200", "000001", "000000000100").dump(), // Not signed on.
                                 request("0800", "000002", {{"70", "001"}}).dump(),
                                 request("0800", "000003", {{"70", "301"}}).dump(),
                                 payment("0200", "000004", "000000000100").dump(),
                                 payment("0201", "000004", "000000000100").dump(),
                                 "post " + payment("0200", "000005", "000000000250").dump(),
                                 "listen 300", reversal("0420", "000006", "000005").dump(),
                                 reversal("0421", "000006", "000005").dump(),
                                 reversal("0420", "000008", "000007").dump(), // Of what comes then.
                                 payment("0200", "000007", "000000000250").dump(), closing.dump(),
                                 request("0800", "000011", {{"70", "002"}}).dump()});
  std::erase_if(heard, [](const json& each) { // Its answer, a decline, may come very late.
    return field(each, "11") == "000005" && field(each, "39") == "68";
  });
  std::vector<std::string> told;
  for (const json& each : heard)
    told.push_back(each.is_string()
                       ? each.get<std::string>()
                       : field(each, "0") + ' ' + field(each, "11") + ' ' + field(each, "39"));
  EXPECT_EQ(told, (std::vector<std::string>{"0210 000001 91", "0810 000002 00", "0810 000003 00",
                                            "0210 000004 00", "0210 000004 00", "silence",
                                            "0430 000006 00", "0430 000006 00", "0430 000008 00",
                                            "0210 000007 21", "0510 000010 00", "0810 000011 00"}));
  ASSERT_EQ(heard.size(), 12u);
  EXPECT_EQ(heard[3], heard[4]) << "a repeat is answered as the first time";
  EXPECT_EQ(field(heard[3], "38").size(), 6u);
  EXPECT_EQ(field(heard[10], "66"), "1");
  host.control({"fault", "clear"});
  std::map<std::string, int> states;
  for (const json& each : node.settled_payments())
    ++states[each.at("state")];
  EXPECT_EQ(states, (std::map<std::string, int>{{"CAPTURED", 1}, {"REVERSED", 1}}));
  EXPECT_EQ(paid_by(host).size(), 1u);
}

TEST_F(Foreign, AcquirerReadsWhatTheLinkSends) {
  testing::child_program host{{.words = {"node", script("host.js")}}};
  const std::string ready = host.read_line().value_or("");
  const auto port = static_cast<std::uint16_t>(std::stoi(ready.substr(ready.find('=') + 1)));
  gateway_program node{place_.path(),
                       {.acquirer = port, .dialect = "npm-iso8583", .answer_timeout_ms = 500}};
  const auto heard = run_terminal(node.port(), {request("0800", "000001", {{"70", "001"}}).dump(),
                                                payment("0200", "000002", "000000000100").dump(),
                                                payment("0200", "000003", "000000000013").dump()});
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_EQ(field(heard[1], "39"), "00");
  EXPECT_EQ(field(heard[1], "38"), "NPM001") << "the acquirer's code, as the terminal sees it";
  EXPECT_EQ(field(heard[2], "39"), "68");
  node.settled_payments();
  node.process().signal(SIGTERM);
  node.process().wait();
  host.signal(SIGTERM);
  std::vector<std::string> types;
  while (const auto line = host.read_line()) {
    const json read = json::parse(*line, nullptr, false);
    types.push_back(field(read, "0"));
    if (types.back() == "0200") {
      EXPECT_EQ(field(read, "41"), "DUCAT001");
      EXPECT_EQ(field(read, "2"), "4111111111111111");
    }
    if (types.back() == "0420") {
      EXPECT_EQ(field(read, "90").substr(0, 4), "0200");
    }
  }
  EXPECT_THAT(types, IsSupersetOf({"0800", "0200", "0200", "0420"}));
}

} // namespace
} // namespace ducat::gateway::test
