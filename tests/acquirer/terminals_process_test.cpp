// Terminals against the acquirer: real processes, sockets and files.
#include "acquirer_process.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/certificates.hpp>

namespace ducat::acquirer::testing {

namespace {

struct ended {
  int code;
  json summary; ///< Of the last line, if it is JSON.
  std::string last_line;
};

ended run_terminals(const std::vector<std::string>& words) {
  std::vector<std::string> all{DUCAT_TERMINALS};
  all.insert(all.end(), words.begin(), words.end());
  ducat::testing::child_program program{{.words = all}};
  ended made{};
  while (const auto line = program.read_line())
    made.last_line = *line;
  made.summary = json::parse(made.last_line, nullptr, false);
  made.code = program.wait();
  return made;
}

class TerminalsProcess : public ::testing::Test {
protected:
  std::vector<std::string> words(const acquirer_process& target,
                                 const std::vector<std::string>& more) const {
    std::vector<std::string> all{"--target", "127.0.0.1:" + std::to_string(target.port()),
                                 "--plain",  "--json",
                                 "--record", record_.string()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  ended compare() const { return run_terminals({"compare", record_.string(), journal_.string()}); }

  ducat::testing::temporary_directory directory_;
  std::filesystem::path journal_ = directory_.path() / "journal.jsonl";
  std::filesystem::path record_ = directory_.path() / "record.jsonl";
};

TEST_F(TerminalsProcess, AThousandTerminalsPayOverConnectionsOfTheirOwn) {
  const acquirer_process acquirer{journal_};
  // A busy machine needs its time for so many.
  const ended run = run_terminals(
      words(acquirer, {"--terminals", "1000", "--payments", "2000", "--per-second", "4000",
                       "--connect-s-max", "120", "--answer-ms-max", "60000"}));
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.summary.at("approved"), 2'000);
  EXPECT_EQ(compare().last_line, "payments=2000 agreed=2000 in_doubt=0 differences=0");
}

TEST_F(TerminalsProcess, WithEveryFaultNothingStaysInDoubtAndBothSidesAgree) {
  const acquirer_process acquirer{journal_,
                                  {"--fault", "drop_request:percent=5",
                                   "--fault", "drop_answer:percent=5",
                                   "--fault", "delay:after=300ms,percent=3",
                                   "--fault", "duplicate:percent=5",
                                   "--fault", "garble:percent=3",
                                   "--fault", "garble:how=stan,percent=3",
                                   "--fault", "decline:percent=5",
                                   "--fault", "late_approval:after=400ms,percent=3,mti=0200",
                                   "--fault", "wrong_amount:percent=3",
                                   "--fault", "disconnect:every=150",
                                   "--fault", "garble:how=length,every=300,mti=0200"}};
  const ended run = run_terminals(
      words(acquirer, {"--terminals", "100", "--connections", "8", "--payments", "1000",
                       "--per-second", "1000", "--answer-ms-max", "250", "--repeat-ms", "100"}));
  EXPECT_EQ(run.code, 0) << run.last_line;
  EXPECT_EQ(run.summary.at("in_doubt"), 0);
  EXPECT_GT(run.summary.at("reversed"), 0);
  EXPECT_GT(run.summary.at("declined"), 0);
  const ended both = compare();
  EXPECT_EQ(both.code, 0);
  EXPECT_NE(both.last_line.find("in_doubt=0 differences=0"), std::string::npos) << both.last_line;
}

TEST_F(TerminalsProcess, EveryDialectThatComesWithDucatCarriesPaymentsAndReversals) {
  for (const iso8583::dialect& each : iso8583::shipped_dialects()) {
    const acquirer_process acquirer{
        directory_.path() / each.name,
        {"--dialect", each.name, "--fault", "wrong_amount:mti=0200,times=1"}};
    const ended run = run_terminals(words(acquirer, {"--dialect", each.name, "--terminals", "3",
                                                     "--payments", "10", "--per-second", "1000"}));
    EXPECT_EQ(run.code, 0) << each.name;
    EXPECT_EQ(run.summary.at("approved"), 9) << each.name;
    EXPECT_EQ(run.summary.at("reversed"), 1) << each.name;
  }
}

TEST_F(TerminalsProcess, WhatTheHostNeverAnsweredIsInDoubtAtTheEnd) {
  const acquirer_process acquirer{journal_, {"--fault", "half_dead"}};
  const ended run = run_terminals(
      words(acquirer, {"--terminals", "5", "--payments", "5", "--per-second", "1000",
                       "--answer-ms-max", "20", "--repeat-ms", "20", "--drain-s-max", "0"}));
  EXPECT_EQ(run.code, 2);
  EXPECT_EQ(run.summary.at("in_doubt"), 5);
  EXPECT_EQ(compare().code, 2);
}

/// The files of a CA, a server and a client, valid now.
class TerminalsTls : public TerminalsProcess {
protected:
  TerminalsTls() {
    using namespace std::chrono;
    const auto now = floor<seconds>(system_clock::now());
    const auto& home = directory_.path();
    ca_ = security::make_authority(home, {.cluster = "test"}, now).value().certificate;
    server_ = security::issue_node(home, {.id = "acquirer"}, now).value();
    client_ = security::issue_client(home, {.name = "terminals"}, now).value();
  }

  std::vector<std::string> server_words(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"--certificate", server_.certificate, "--key", server_.key};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  ended run(const acquirer_process& target, const std::vector<std::string>& more) const {
    std::vector<std::string> all{"--target", "127.0.0.1:" + std::to_string(target.port()),
                                 "--json",   "--ca",
                                 ca_,        "--terminals",
                                 "3",        "--payments",
                                 "10",       "--per-second",
                                 "1000",     "--connect-s-max",
                                 "1"};
    all.insert(all.end(), more.begin(), more.end());
    return run_terminals(all);
  }

  std::filesystem::path ca_;
  security::issued_files server_;
  security::issued_files client_;
};

TEST_F(TerminalsTls, PayWithTls) {
  const acquirer_process acquirer{journal_, server_words()};
  const ended made = run(acquirer, {});
  EXPECT_EQ(made.code, 0);
  EXPECT_EQ(made.summary.at("approved"), 10);
}

TEST_F(TerminalsTls, AHostThatAsksForACertificateGetsOneOrNoPayments) {
  const acquirer_process acquirer{journal_, server_words({"--ca", ca_})};
  EXPECT_EQ(run(acquirer, {"--certificate", client_.certificate, "--key", client_.key}).code, 0);
  EXPECT_EQ(run(acquirer, {}).code, 69);
}

TEST_F(TerminalsTls, AHostOfAnotherNameGetsNoPayments) {
  const acquirer_process acquirer{journal_, server_words()};
  EXPECT_EQ(run(acquirer, {"--peer-name", "another.example"}).code, 69);
  EXPECT_EQ(acquirer.effects(), std::vector<std::string>{});
}

TEST_F(TerminalsProcess, RefusesACommandLineThatWasNotMeant) {
  EXPECT_EQ(run_terminals({"--target", "127.0.0.1:1"}).code, 64); // Neither plain nor TLS.
  EXPECT_EQ(run_terminals({"--plain"}).code, 64);
  EXPECT_EQ(run_terminals({"--plain", "--target", "127.0.0.1:1", "--terminals", "0"}).code, 64);
}

} // namespace

} // namespace ducat::acquirer::testing
