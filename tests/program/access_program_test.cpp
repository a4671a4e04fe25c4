/// A node that asks who calls, and the command line as those who do.

#include "api/tls_connection.hpp"
#include "program_fixture.hpp"

#include <ducat/certificates.hpp>
#include <ducat/token.hpp>

#include <chrono>
#include <fstream>

namespace ducat::cli {
namespace {

class AccessProgram : public ::testing::Test {
protected:
  AccessProgram() {
    EXPECT_EQ(local({"certs", "init", "--dir", certs(), "--cluster", "test"}), exit_code::done);
    EXPECT_EQ(local({"certs", "node", "node1", "--dir", certs()}), exit_code::done);
    EXPECT_EQ(local({"token", "key", "k1", "--dir", keys()}), exit_code::done);
    std::ofstream{config()} << "cluster = 'test'\n[access]\nca = '" << certs() << "/ca.crt'\n"
                            << "certificate = '" << certs() << "/node1.crt'\nkey = '" << certs()
                            << "/node1.key'\ntoken_keys = '" << keys() << "'\n";
    options_.more = {"--config", config()};
    const auto address = node_.start(options_);
    EXPECT_TRUE(address) << address.error();
    options_.grpc = address.value_or("");
    EXPECT_EQ(
        as("admin", "root", {"account", "create", "world", "--currency", "EUR", "--overdraft"})
            .code,
        exit_code::done);
    for (const auto& [id, owner] : {std::pair{"till", "kiosk"}, std::pair{"oven", "bakery"}})
      EXPECT_EQ(as("admin", "root",
                   {"account", "create", id, "--currency", "EUR", "--overdraft", "--owner", owner})
                    .code,
                exit_code::done);
  }

  std::string home() const { return directory_.path().string(); }

  std::string certs() const { return home() + "/certs"; }

  std::string keys() const { return home() + "/keys"; }

  std::string config() const { return home() + "/node.toml"; }

  static printed run(const std::vector<std::string>& words) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::run(words, {.in = in, .out = out, .err = err});
    return {static_cast<exit_code>(code), out.str(), err.str()};
  }

  static exit_code local(const std::vector<std::string>& words) { return run(words).code; }

  /// Runs a command with these credentials, with JSON output.
  printed with(const std::vector<std::string>& credentials, std::vector<std::string> words) const {
    std::vector<std::string> all = {"--endpoint", options_.grpc, "--output", "json"};
    all.insert(all.end(), credentials.begin(), credentials.end());
    all.insert(all.end(), words.begin(), words.end());
    return run(all);
  }

  std::vector<std::string> certificate(const std::string& role, const std::string& name) const {
    const std::string file = certs() + '/' + name;
    if (!std::filesystem::exists(file + ".crt")) {
      EXPECT_EQ(local({"certs", "client", name, "--role", role, "--dir", certs()}),
                exit_code::done);
    }
    return {"--ca", certs() + "/ca.crt", "--cert", file + ".crt", "--cert-key", file + ".key"};
  }

  printed as(const std::string& role, const std::string& name,
             std::vector<std::string> words) const {
    return with(certificate(role, name), std::move(words));
  }

  printed pay(const std::string& merchant, const std::string& from, const std::string& to,
              const std::string& key) const {
    return as("merchant", merchant,
              {"pay", "create", "--from", from, "--to", to, "--amount", "5", "--currency", "EUR",
               "--key", key});
  }

  static std::string code_in(const printed& refused) {
    const json document = json::parse(refused.out, nullptr, false);
    return document.is_object() && document.contains("error")
               ? document["error"]["code"].get<std::string>()
               : refused.out + refused.err;
  }

  testing::temporary_directory directory_;
  node_process_options options_{.program = DUCAT_PROGRAM,
                                .data = directory_.path() / "data",
                                .log_file = directory_.path() / "node.log"};
  node_process node_;
};

TEST_F(AccessProgram, LetsAMerchantHaveWhatIsTheirsAndNothingElse) {
  EXPECT_EQ(pay("kiosk", "till", "oven", "k").code, exit_code::done);
  EXPECT_EQ(code_in(pay("kiosk", "oven", "till", "k2")), "account_not_found");
  EXPECT_EQ(code_in(pay("kiosk", "world", "till", "k3")), "account_not_found");
  EXPECT_EQ(code_in(as("admin", "root",
                       {"pay", "create", "--from", "till", "--to", "oven", "--amount", "5",
                        "--currency", "EUR", "--key", "k4"})),
            "role_not_allowed");
  const json mine = as("merchant", "kiosk", {"account", "list"}).document();
  ASSERT_EQ(mine["data"].size(), 1u);
  EXPECT_EQ(mine["data"][0]["id"], "till");
}

TEST_F(AccessProgram, LetsTwoMerchantsUseTheSameKey) {
  const json kiosks = pay("kiosk", "till", "oven", "same").document();
  const json bakerys = pay("bakery", "oven", "till", "same").document();
  EXPECT_NE(kiosks["payment"]["id"], bakerys["payment"]["id"]);
  EXPECT_EQ(pay("kiosk", "till", "oven", "same").document()["payment"]["id"],
            kiosks["payment"]["id"]);
  EXPECT_EQ(code_in(pay("kiosk", "till", "world", "same")), "idempotency_key_reused");
}

TEST_F(AccessProgram, ShowsAPaymentToBothSidesAndToStaff) {
  const std::string id = pay("kiosk", "till", "oven", "k").document()["payment"]["id"];
  EXPECT_EQ(as("merchant", "kiosk", {"pay", "show", id}).code, exit_code::done);
  EXPECT_EQ(as("merchant", "bakery", {"pay", "show", id}).code, exit_code::done);
  EXPECT_EQ(code_in(as("merchant", "stranger", {"pay", "show", id})), "payment_not_found");
  EXPECT_EQ(code_in(as("merchant", "kiosk", {"pay", "refund", id, "--key", "r1"})),
            "payment_not_found")
      << "only the payee gives back";
  EXPECT_EQ(as("merchant", "bakery", {"pay", "refund", id, "--key", "r1"}).code, exit_code::done);
  EXPECT_EQ(as("viewer", "vera", {"pay", "show", id}).code, exit_code::done);
}

TEST_F(AccessProgram, TakesTokens) {
  const printed token = run({"token", "issue", "--by", keys() + "/k1.key", "--cluster", "test",
                             "--role", "viewer", "--name", "vera", "--minutes", "1"});
  ASSERT_EQ(token.code, exit_code::done) << token.err;
  const std::string file = home() + "/token";
  std::ofstream{file} << token.out;
  const std::vector<std::string> shown = {"--ca", certs() + "/ca.crt", "--token-file", file};
  EXPECT_EQ(with(shown, {"status"}).code, exit_code::usage) << "others may read the file";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  EXPECT_EQ(with(shown, {"status"}).code, exit_code::done);
  EXPECT_EQ(code_in(with(shown, {"crash", "ledger"})), "role_not_allowed");
}

TEST_F(AccessProgram, AnswersNobodyElse) {
  EXPECT_EQ(code_in(with({"--ca", certs() + "/ca.crt"}, {"status"})), "unauthenticated");
  EXPECT_EQ(code_in(as("client", "till7", {"status"})), "role_not_allowed");
  EXPECT_EQ(with({}, {"status"}).code, exit_code::unreachable);
  EXPECT_EQ(with({"--cert", certs() + "/root.crt"}, {"status"}).code, exit_code::usage);
}

TEST_F(AccessProgram, SpeaksTls13Only) {
  const int port = std::stoi(options_.grpc.substr(options_.grpc.rfind(':') + 1));
  EXPECT_NO_THROW(testing::tls_connection(port, {.protocol = "h2"}));
  EXPECT_THROW(testing::tls_connection(port, {.protocol = "h2", .version_max = TLS1_2_VERSION}),
               std::runtime_error);
}

TEST_F(AccessProgram, HasASecondPersonApproveTermsOfSettlement) {
  const std::vector<std::string> configure = {
      "settle",  "configure",       "--currency",      "EUR",
      "--model", "gross_immediate", "--business-date", "20261130"};
  const printed asked = as("settler", "sam", configure);
  EXPECT_EQ(code_in(asked), "approval_pending");
  EXPECT_NE((asked.out + asked.err).find("chg_1"), std::string::npos) << asked.out << asked.err;
  const json waits = as("settler", "sue", {"change", "list", "--pending"}).document();
  ASSERT_EQ(waits["data"].size(), 1u);
  EXPECT_EQ(waits["data"][0]["asked_by"], "sam");
  const auto approve = [&](const char* role, const char* name) {
    return as(role, name, {"change", "approve", "chg_1", "--reason", "as agreed"});
  };
  EXPECT_EQ(code_in(approve("settler", "sam")), "second_person_needed");
  EXPECT_EQ(code_in(approve("admin", "root")), "role_not_allowed");
  EXPECT_EQ(code_in(approve("viewer", "vera")), "role_not_allowed");
  const json done = approve("settler", "sue").document();
  EXPECT_EQ(done["state"], "APPROVED");
  EXPECT_EQ(as("settler", "sam", configure).code, exit_code::done) << "it is so already";
  EXPECT_EQ(as("settler", "sue", {"change", "list", "--pending"}).document()["data"].size(), 0u);
}

TEST_F(AccessProgram, HasInItsAuditWhoAskedForWhatTheyMayNot) {
  EXPECT_EQ(code_in(as("viewer", "vera", {"crash", "ledger"})), "role_not_allowed");
  json found;
  do
    found = as("admin", "root", {"audit", "list", "--all"}).document();
  while (found["data"].size() < 4); // It is not waited for.
  EXPECT_EQ(found["data"][3]["name"], "vera");
  EXPECT_EQ(found["data"][3]["action"], "denied");
  EXPECT_EQ(found["data"][3]["target"], "CrashRequest");
}

TEST_F(AccessProgram, KeepsAnAuditThatCanBeVerified) {
  EXPECT_EQ(as("chaos", "kai", {"crash", "payments/w1"}).code, exit_code::done);
  const auto list = [&] { return as("admin", "root", {"audit", "list", "--all"}).document(); };
  json found = list();
  while (found["data"].size() < 5) // The crash's outcome is written after it.
    found = list();
  EXPECT_EQ(found["data"][0]["action"], "open_account");
  EXPECT_EQ(found["data"][0]["name"], "root");
  EXPECT_EQ(found["data"][3]["action"], "crash");
  EXPECT_EQ(found["data"][3]["role"], "chaos");
  EXPECT_EQ(found["data"][3]["outcome"], "asked");
  EXPECT_EQ(found["data"][4]["outcome"], "done");

  std::string head = as("admin", "root", {"audit", "head"}).out;
  head.pop_back();
  const std::string copy = home() + "/audit.jsonl";
  std::string text = as("admin", "root", {"audit", "export"}).out;
  std::ofstream{copy} << text;
  const printed good = run({"audit", "verify", copy, "--anchor", head});
  EXPECT_EQ(good.code, exit_code::done) << good.out;
  EXPECT_EQ(good.out, "audit_verified entries=5 head=" + head + "\n");

  const auto at = text.find("\"kai\"");
  text.replace(at, 5, "\"max\"");
  std::ofstream{copy} << text;
  const printed changed = run({"audit", "verify", copy});
  EXPECT_EQ(changed.code, exit_code::failed);
  EXPECT_EQ(changed.out.substr(0, 21), "audit_broken entry=4 ");
  std::ofstream{copy} << text.substr(0, text.find('\n') + 1);
  EXPECT_EQ(run({"audit", "verify", copy, "--anchor", head}).out.substr(0, 21),
            "audit_broken entry=2 ");
  std::ofstream{copy} << "no audit\n";
  EXPECT_EQ(run({"audit", "verify", copy}).code, exit_code::usage);
  EXPECT_EQ(run({"audit", "verify", copy, "--anchor", "1/x"}).code, exit_code::usage);
}

/// Who asked is in the log, and comes back with it.
TEST_F(AccessProgram, RemembersOwnersOverARestart) {
  const std::string id = pay("kiosk", "till", "oven", "k").document()["payment"]["id"];
  ASSERT_TRUE(node_.stop());
  options_.grpc = node_.start(options_).value();
  EXPECT_EQ(as("merchant", "bakery", {"pay", "show", id}).code, exit_code::done);
  EXPECT_EQ(code_in(as("merchant", "stranger", {"pay", "show", id})), "payment_not_found");
  EXPECT_EQ(code_in(pay("bakery", "till", "oven", "k5")), "account_not_found");
}

} // namespace
} // namespace ducat::cli
