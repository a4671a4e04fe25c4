/// The program as people use it: a node in a process of its own, and the command line against it.

#include "program/program_fixture.hpp"

namespace ducat::cli {
namespace {

TEST_F(Program, KeepsEveryAcknowledgedPaymentThroughSigkill) {
  open_accounts();
  const json paid = pay("k1", "250").document();
  node_.kill();
  start();
  const json again = pay("k1", "250").document();
  EXPECT_EQ(again["payment"], paid["payment"]);
  EXPECT_EQ(again["receipt"], paid["receipt"]);
  EXPECT_TRUE(again["replayed"].get<bool>());
  EXPECT_EQ(run({"account", "show", "alice"}).document()["balance"], "250");
}

TEST_F(Program, KeepsTheMetadataOfAPaymentThroughSigkill) {
  open_accounts();
  const auto pay_with = [&](const std::vector<std::string>& metadata) {
    std::vector<std::string> words{"pay",      "create", "--from",     "world", "--to",  "alice",
                                   "--amount", "5",      "--currency", "EUR",   "--key", "k1"};
    words.insert(words.end(), metadata.begin(), metadata.end());
    return run(words).document();
  };
  const json paid = pay_with({"--metadata", "order=A-1", "--metadata", "cart=7"});
  const json expected{{"order", "A-1"}, {"cart", "7"}};
  EXPECT_EQ(paid["payment"]["metadata"], expected);
  node_.kill();
  start();
  EXPECT_EQ(run({"pay", "show", paid["payment"]["id"]}).document()["metadata"], expected);
  EXPECT_EQ(run({"pay", "list"}).document()["data"][0]["metadata"], expected);
  EXPECT_TRUE(pay_with({"--metadata", "cart=7", "--metadata", "order=A-1"})["replayed"]);
  const json reused = pay_with({"--metadata", "cart=8"})["error"];
  EXPECT_EQ(reused["code"], "idempotency_key_reused");
  EXPECT_EQ(reused["retry"], "NEVER");
}

TEST_F(Program, TakesAPaymentThroughItsLife) {
  open_accounts();
  const json held = run({"pay", "create", "--from", "world", "--to", "alice", "--amount", "500",
                         "--currency", "EUR", "--key", "m1", "--manual"})
                        .document();
  const std::string id = held["payment"]["id"];
  EXPECT_EQ(held["payment"]["state"], "AUTHORIZED");
  EXPECT_EQ(run({"pay", "capture", id, "--amount", "400", "--key", "c1"})
                .document()["payment"]["captured"],
            "400");
  EXPECT_EQ(run({"pay", "refund", id, "--amount", "100", "--key", "r1"})
                .document()["payment"]["refunded"],
            "100");
  const printed refused = run({"pay", "void", id, "--key", "v1"});
  EXPECT_EQ(refused.code, exit_code::failed);
  EXPECT_EQ(refused.document()["error"]["code"], "payment_not_authorized");
  EXPECT_EQ(run({"pay", "show", id}).document()["captured"], "400");
  EXPECT_EQ(run({"pay", "list"}).document()["data"].size(), 1u);
}

TEST_F(Program, RefusesBadInputWithItsOwnErrorAndWritesNothing) {
  open_accounts();
  ASSERT_EQ(pay("k1", "250").code, exit_code::done);
  const json before = run({"status"}).document();
  EXPECT_EQ(pay("k1", "251").document()["error"]["code"], "idempotency_key_reused");
  EXPECT_EQ(run({"pay", "create", "--from", "nobody", "--to", "alice", "--amount", "1",
                 "--currency", "EUR", "--key", "k2"})
                .document()["error"]["code"],
            "account_not_found");
  EXPECT_EQ(pay("k3", "9223372036854775808").code, exit_code::usage);
  EXPECT_EQ(pay("k3", "0").code, exit_code::usage);
  EXPECT_EQ(pay("k3", "-5").code, exit_code::usage);
  EXPECT_EQ(run({"pay", "show", "pay_none"}).document()["error"]["type"], "NOT_FOUND");
  const json after = run({"status"}).document();
  EXPECT_EQ(after["log_index"], before["log_index"]);
  EXPECT_EQ(after["log_hash"], before["log_hash"]);
}

TEST_F(Program, CrashesByPathAndHeals) {
  open_accounts();
  EXPECT_EQ(run({"crash", "payments/w1", "--times", "2"}).document()["crashed"], 2);
  EXPECT_EQ(run({"crash", "nobody"}).code, exit_code::failed);
  EXPECT_EQ(pay("k1", "250").code, exit_code::done);
  EXPECT_NE(run({"status"}).document()["restarts"], "0");
  EXPECT_EQ(run({"tree"}).document()["children"][0]["path"], "ledger");
}

TEST_F(Program, IsWatched) {
  open_accounts();
  const json seen = run({"top", "--once"}).document();
  EXPECT_EQ(seen["status"]["accounts"], "2");
  EXPECT_EQ(seen["tree"]["children"][0]["path"], "ledger");
  options_.grpc += "," + options_.grpc;
  EXPECT_EQ(run({"top", "--once"}).code, exit_code::usage);
}

TEST_F(Program, CountsTheFailureOfACrashedChild) {
  ASSERT_EQ(run({"crash", "payments/w1"}).document()["crashed"], 1);
  json worker;
  do // The crash is on its way.
    worker = run({"availability", "payments/w1"}).document()["subjects"][0];
  while (worker["repairs"] == "0");
  EXPECT_EQ(worker["failures"], "1");
  EXPECT_LT(worker["availability"], 1.0);
  EXPECT_EQ(worker["fault_tolerance"], 0.0);
  EXPECT_TRUE(worker.contains("predicted"));
  const json pool = run({"availability", "payments", "--window", "1h"}).document()["subjects"][0];
  EXPECT_EQ(pool["subject"], "payments");
  EXPECT_EQ(pool["availability"], 1.0) << "the other workers ran";
  EXPECT_EQ(pool["fault_tolerance"], 1.0);
  EXPECT_EQ(run({"availability", "nobody"}).document()["error"]["type"], "NOT_FOUND");
  const json all = run({"availability"}).document();
  EXPECT_EQ(all["subjects"][0]["kind"], "node");
  EXPECT_EQ(all["subjects"][0]["failures"], "0");
}

TEST_F(Program, ImportsAFileOnceHoweverOftenItRuns) {
  const std::string file = R"({"account":{"id":"world","currency":"EUR","overdraft":true}}
{"account":{"id":"alice","currency":"EUR"}}
{"payment":{"idempotency_key":"i1","from":"world","to":"alice","amount":700,"currency":"EUR"}}
{"refund":{"idempotency_key":"i2","payment_key":"i1","amount":200}}
)";
  const printed first = run({"import", "-"}, file);
  EXPECT_EQ(first.code, exit_code::done) << first.err;
  EXPECT_EQ(first.document()["acknowledged"], 4);
  const json before = run({"status"}).document();
  const printed again = run({"import", "-"}, file);
  EXPECT_EQ(again.document()["replayed"], 4);
  EXPECT_EQ(run({"status"}).document()["log_hash"], before["log_hash"]);
  EXPECT_EQ(run({"account", "show", "alice"}).document()["balance"], "500");
}

TEST_F(Program, SendsNothingOfAFileWithABadLine) {
  const json before = run({"status"}).document();
  const printed refused = run({"import", "-"}, R"({"account":{"id":"world","currency":"EUR"}}
{"payment":{"idempotency_key":"i1","amount":"many"}}
)");
  EXPECT_EQ(refused.code, exit_code::usage);
  EXPECT_NE((refused.out + refused.err).find("line 2"), std::string::npos);
  EXPECT_EQ(run({"status"}).document()["log_index"], before["log_index"]);
}

TEST_F(Program, StopsInOrderWhenItIsTold) {
  open_accounts();
  EXPECT_TRUE(node_.stop());
}

TEST_F(Program, EndsInTimeWhenItIsToldWhateverHangs) {
  node_.kill();
  options_.more = {"--stop-within", "1"};
  start();
  ASSERT_EQ(run({"crash", "ledger", "--fault", "hang", "--lease", "600000"}).code, exit_code::done);
  EXPECT_FALSE(node_.stop()) << "it cannot have stopped in order";
}

TEST_F(Program, RefusesADataDirectoryInUse) {
  node_process second;
  node_process_options same = options_;
  same.grpc = "127.0.0.1:0";
  EXPECT_EQ(second.start(same).error().code, errc::in_use);
}

TEST_F(Program, RefusesADataDirectoryOfANewerVersion) {
  node_.kill();
  std::ofstream{options_.data / "DUCAT"} << "ducat 99\nid 0\n";
  EXPECT_EQ(node_.start(options_).error().code, errc::unavailable);
  EXPECT_NE(node_log().find("newer_version"), std::string::npos) << node_log();
}

TEST_F(Program, RefusesADamagedLogAndSaysWhatToDoNext) {
  open_accounts();
  node_.kill();
  std::ofstream{options_.data / "ACKNOWLEDGED"} << "not what was there";
  EXPECT_EQ(node_.start(options_).error().code, errc::unavailable);
  EXPECT_NE(node_log().find(explained({errc::corrupt, "the file ACKNOWLEDGED in " +
                                                          options_.data.string() + " is damaged"})),
            std::string::npos)
      << node_log();
}

TEST_F(Program, RefusesToServeWithoutTlsBeyondLoopback) {
  node_.kill();
  options_.grpc = "0.0.0.0:0";
  EXPECT_FALSE(node_.start(options_));
}

} // namespace
} // namespace ducat::cli
