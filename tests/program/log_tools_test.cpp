/// The commands that look at a log, while a node writes it.

#include "program/program_fixture.hpp"
#include "support/child_program.hpp"

#include <gmock/gmock.h>

namespace ducat::cli {
namespace {

using testing::child_program;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class LogTools : public Program {
protected:
  /// Returns `ducat log tail --follow` from the first entry on.
  testing::child_program_options tail() const {
    return {
        .words = {DUCAT_PROGRAM, "log", "tail", "--follow", "--from", "1", "--data", options_.data},
        .environment = {"TMPDIR=" + scratch_.path().string()}};
  }

  testing::temporary_directory scratch_;
};

TEST_F(LogTools, TailFollowsANodeUntilItIsTold) {
  child_program tail{this->tail()};
  open_accounts();
  EXPECT_THAT(tail.read_line().value_or(""),
              MatchesRegex("index=1 epoch=1 at=[-0-9]+T[:.0-9]+Z bytes=[0-9]+ commands=1 "
                           "hash=[0-9a-f]+"));
  EXPECT_THAT(tail.read_line().value_or(""), StartsWith("index=2 "));
  const json paid = pay("k1", "250").document();
  std::string line;
  while (line.find("hash=" + paid["receipt"]["hash"].get<std::string>()) == std::string::npos)
    line = tail.read_line().value();
  EXPECT_THAT(line, StartsWith("index=" + paid["receipt"]["index"].get<std::string>() + " "));
  tail.signal(SIGTERM);
  EXPECT_EQ(tail.wait(), 0);
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path()));
}

TEST_F(LogTools, TailGoesOnWithTheNextLifeOfANode) {
  child_program tail{this->tail()};
  open_accounts();
  EXPECT_THAT(tail.read_line().value_or(""), StartsWith("index=1 epoch=1 "));
  EXPECT_THAT(tail.read_line().value_or(""), StartsWith("index=2 epoch=1 "));
  node_.kill();
  start();
  ASSERT_EQ(pay("k1", "250").code, exit_code::done);
  EXPECT_THAT(tail.read_line().value_or(""), StartsWith("index=3 epoch=2 "));
  tail.signal(SIGINT);
  EXPECT_EQ(tail.wait(), 0);
}

TEST_F(LogTools, TailEndsWhenNobodyReadsItsOutput) {
  open_accounts();
  child_program tail{this->tail()};
  ASSERT_TRUE(tail.read_line());
  ASSERT_TRUE(tail.read_line());
  tail.close_output();
  EXPECT_EQ(tail.wait(), 0);
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path()));
}

TEST_F(LogTools, ReceiptVerifyTakesWhatPayHasPrinted) {
  open_accounts();
  const json receipt = pay("k1", "250").document()["receipt"];
  std::ostringstream table;
  std::istringstream in;
  ASSERT_EQ(cli::run({"--endpoint", options_.grpc, "pay", "create", "--from", "world", "--to",
                      "alice", "--amount", "250", "--currency", "EUR", "--key", "k1"},
                     {.in = in, .out = table, .err = table}),
            0);
  const std::string line = table.str().substr(table.str().find("receipt"));
  const std::size_t begin = line.find_first_not_of(' ', 7);
  const std::string shown = line.substr(begin, line.find('\n') - begin);
  const std::string whole =
      receipt["index"].get<std::string>() + "/" + receipt["hash"].get<std::string>();
  for (const std::string& text : {shown, whole}) {
    const printed verified = run({"receipt", "verify", text, "--data", options_.data});
    EXPECT_EQ(verified.code, exit_code::done) << text << verified.err << verified.out;
  }
}

TEST_F(LogTools, VerifyTheLogOfARunningNode) {
  open_accounts();
  const printed verified = run({"log", "verify", "--data", options_.data});
  EXPECT_EQ(verified.code, exit_code::done) << verified.err;
  EXPECT_EQ(verified.document()["last"], 2);
  EXPECT_EQ(verified.document()["hash"], run({"status"}).document()["log_hash"]);
}

} // namespace
} // namespace ducat::cli
