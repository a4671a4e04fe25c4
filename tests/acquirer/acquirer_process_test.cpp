// The program as its peers see it: real processes, sockets and files.
#include "acquirer_process.hpp"
#include "support/temporary_directory.hpp"

#include <fstream>

namespace ducat::acquirer::testing {

namespace {

using texts = std::vector<std::string>;

class AcquirerProcess : public ::testing::Test {
protected:
  ducat::testing::temporary_directory directory_;
  std::filesystem::path journal_ = directory_.path() / "journal.jsonl";
};

TEST_F(AcquirerProcess, SignsOnAndTakesAPayment) {
  const acquirer_process acquirer{journal_, {"--require-sign-on"}};
  iso_client client{acquirer.port()};
  EXPECT_EQ(text_of(client.ask(payment()), 39), "91");
  EXPECT_EQ(text_of(client.ask(network("001")), 39), "00");
  EXPECT_EQ(text_of(client.ask(payment()), 39), "00");
  EXPECT_EQ(acquirer.effects(), texts{"captured 000001"});
}

TEST_F(AcquirerProcess, APaymentWithoutAnAnswerIsReversed) {
  const acquirer_process acquirer{journal_, {"--fault", "drop_answer:mti=0200"}};
  iso_client client{acquirer.port()};
  client.send(payment());
  EXPECT_EQ(client.ask(network("301")).mti(), "0810"); // Behind the payment, and nothing before it.
  EXPECT_EQ(client.ask(reversal(payment())).mti(), "0430");
  EXPECT_EQ(acquirer.effects(), (texts{"captured 000001", "reversed 000002"}));
}

TEST_F(AcquirerProcess, FaultsComeAndGoWhileItRuns) {
  const acquirer_process acquirer{journal_};
  iso_client client{acquirer.port()};
  acquirer.arm("half_dead");
  client.send(payment());
  EXPECT_EQ(client.ask(network("301")).mti(), "0810");
  EXPECT_EQ(acquirer.control({"fault", "list"}).at(0).at("applied"), 2);
  EXPECT_EQ(acquirer.control({"fault", "clear"}).at(0).at("cleared"), 1);
  EXPECT_EQ(text_of(client.ask(payment()), 39), "00");
  EXPECT_EQ(acquirer.effects(), texts{"captured 000001"});
}

TEST_F(AcquirerProcess, ADuplicatedAnswerComesTwice) {
  const acquirer_process acquirer{journal_, {"--fault", "duplicate"}};
  iso_client client{acquirer.port()};
  const message answer = client.ask(payment());
  EXPECT_EQ(client.read(), answer);
}

TEST_F(AcquirerProcess, AGarbledAnswerIsAFrameAndNoMessage) {
  const acquirer_process acquirer{journal_, {"--fault", "garble:times=1"}};
  iso_client client{acquirer.port()};
  client.send(payment());
  EXPECT_FALSE(iso8583::decode(ascii87(), client.read_payload().value()));
  EXPECT_EQ(text_of(client.ask(payment()), 39), "00"); // The connection is still good.
}

TEST_F(AcquirerProcess, ALateApprovalComesAfterTheReversal) {
  const acquirer_process acquirer{journal_, {"--fault", "late_approval:after=500ms,mti=0200"}};
  iso_client client{acquirer.port()};
  client.send(payment());
  EXPECT_EQ(client.ask(reversal(payment())).mti(), "0430");
  const message late = client.read();
  EXPECT_EQ(late.mti(), "0210");
  EXPECT_EQ(text_of(late, 39), "00");
}

TEST_F(AcquirerProcess, ClosesInsteadOfAnswering) {
  const acquirer_process acquirer{journal_, {"--fault", "disconnect:mti=0200"}};
  iso_client client{acquirer.port()};
  client.send(payment());
  EXPECT_FALSE(client.read_payload());
  EXPECT_EQ(acquirer.effects(), texts{"captured 000001"});
}

TEST_F(AcquirerProcess, ClosesWhenItDoesNotKnowWhereAFrameBegins) {
  const acquirer_process acquirer{journal_, {"--dialect", "ascii87-hex"}};
  iso_client client{acquirer.port()};
  client.send_bytes("no digits");
  EXPECT_FALSE(client.read_payload());
}

TEST_F(AcquirerProcess, KnowsADuplicateAfterItWasKilled) {
  message first;
  {
    acquirer_process acquirer{journal_};
    first = iso_client{acquirer.port()}.ask(payment());
    acquirer.program().signal(SIGKILL);
    EXPECT_EQ(acquirer.program().wait(), -1);
  }
  std::ofstream{journal_, std::ios::app} << R"({"sequence":2,"eff)"; // It was killed in a write.
  const acquirer_process acquirer{journal_};
  EXPECT_EQ(iso_client{acquirer.port()}.ask(payment()), first);
  EXPECT_EQ(acquirer.effects(), texts{"captured 000001"});
}

TEST_F(AcquirerProcess, WhatCannotBeJournalledIsNotAnsweredAndEndsIt) {
  acquirer_process acquirer{
      journal_, {}, {"sh", "-c", R"(trap '' XFSZ; ulimit -f 0; exec "$0" "$@")"}};
  iso_client client{acquirer.port()};
  EXPECT_EQ(text_of(client.ask(network("301")), 39), "00");
  client.send(payment());
  EXPECT_FALSE(client.read_payload());
  EXPECT_EQ(acquirer.program().wait(), 1);
}

TEST_F(AcquirerProcess, EndsInOrderAndKeepsNoCardNumber) {
  acquirer_process acquirer{journal_};
  iso_client{acquirer.port()}.ask(payment());
  acquirer.program().signal(SIGTERM);
  EXPECT_EQ(acquirer.program().wait(), 0);
  std::ifstream file{journal_};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_NE(text.find("411111******1111"), std::string::npos);
  EXPECT_EQ(text.find("4111111111111111"), std::string::npos);
}

TEST_F(AcquirerProcess, CountsWhatItDoes) {
  const acquirer_process acquirer{journal_, {"--fault", "decline:stan=000003,code=51"}};
  iso_client client{acquirer.port()};
  client.ask(payment());
  client.ask(payment());
  client.ask(payment({.stan = "000003"}));
  client.ask(reversal(payment()));
  const json stats = acquirer.control({"stats"}).at(0);
  EXPECT_EQ(stats.at("received"), 4);
  EXPECT_EQ(stats.at("answered"), 4);
  EXPECT_EQ(stats.at("approved"), 1);
  EXPECT_EQ(stats.at("declined"), 1);
  EXPECT_EQ(stats.at("reversed"), 1);
  EXPECT_EQ(stats.at("duplicates"), 1);
  EXPECT_EQ(stats.at("effects"), 3);
  EXPECT_EQ(stats.at("faults").at("decline"), 1);
}

/// Returns how the program ends if it cannot start.
int exit_code_of(const texts& words) {
  texts all{DUCAT_ACQUIRER};
  all.insert(all.end(), words.begin(), words.end());
  ducat::testing::child_program program{{.words = all, .error_file = "/dev/null"}};
  return program.wait();
}

TEST_F(AcquirerProcess, RefusesAStartThatWasNotMeant) {
  const texts good{"--journal", journal_.string(), "--plain"};
  const auto with = [&](const texts& more) {
    texts all = good;
    all.insert(all.end(), more.begin(), more.end());
    return exit_code_of(all);
  };
  EXPECT_EQ(exit_code_of({"--journal", journal_.string()}), 64); // Neither plain nor TLS.
  EXPECT_EQ(exit_code_of({"--plain"}), 64);
  EXPECT_EQ(with({"--dialect", "klingon"}), 64);
  EXPECT_EQ(with({"--fault", "delay"}), 64);
  EXPECT_EQ(with({"--control", "0.0.0.0:0"}), 64);
  EXPECT_EQ(with({"--unknown"}), 64);
  std::ofstream{journal_} << "this is no effect\n";
  EXPECT_EQ(exit_code_of(good), 78);
}

TEST_F(AcquirerProcess, TwoCannotShareAJournal) {
  const acquirer_process first{journal_};
  EXPECT_EQ(exit_code_of({"--journal", journal_.string(), "--plain"}), 75);
}

} // namespace

} // namespace ducat::acquirer::testing
