/// `ducat certs`, as it is used.

#include "cli/program_world.hpp"
#include "exit_code.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/certificates.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace ducat::testing {

namespace {

using cli::exit_code;
using nlohmann::json;
using security::utc;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::chrono::days day{1};

security::calendar_time now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// The program, and a directory for a CA.
class Certs : public ::testing::Test {
protected:
  static program_result run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "certs");
    return run_program(std::move(arguments));
  }

  static int code_of(std::vector<std::string> arguments) { return run(std::move(arguments)).code; }

  program_result init() const { return run({"init", "--dir", directory_, "--cluster", "test"}); }

  std::string file(const std::string& name) const { return directory_ + "/" + name; }

  security::certificate_info info_of(const std::string& name) const {
    return security::read_certificate(file(name)).value();
  }

  json show(const std::string& name) const {
    return json::parse(run({"show", file(name), "--output", "json"}).out);
  }

  temporary_directory home_;
  std::string directory_ = home_.path() / "certs";
};

constexpr int done = static_cast<int>(exit_code::done);
constexpr int failed = static_cast<int>(exit_code::failed);
constexpr int usage = static_cast<int>(exit_code::usage);

} // namespace

TEST_F(Certs, SayWhichFilesWereWrittenAndUntilWhenTheyAreValid) {
  const auto made = init();
  EXPECT_EQ(made.code, done) << made.err;
  EXPECT_EQ(made.out, "certificate  " + file("ca.crt") + "\nkey          " + file("ca.key") +
                          "\nof           the CA of the cluster test\nvalid until  " +
                          utc(info_of("ca.crt").not_after) + "\n");
  const auto issued = run({"node", "n1", "--dir", directory_});
  EXPECT_EQ(issued.code, done) << issued.err;
  EXPECT_EQ(issued.out, "certificate  " + file("n1.crt") + "\nkey          " + file("n1.key") +
                            "\nof           ducat://test/node/n1\nvalid until  " +
                            utc(info_of("n1.crt").not_after) + "\n");
  EXPECT_THAT(issued.err, IsEmpty());
}

TEST_F(Certs, AreGoodNow) {
  init();
  ASSERT_EQ(code_of({"node", "n1", "--dir", directory_}), done);
  ASSERT_EQ(code_of({"client", "till", "--dir", directory_}), done);
  for (const std::string name : {"n1", "till"}) {
    const auto checked = security::check_credentials(
        {.ca = file("ca.crt"), .certificate = file(name + ".crt"), .key = file(name + ".key")},
        now());
    EXPECT_TRUE(checked) << checked.error();
  }
  EXPECT_EQ(info_of("till.crt").who->kind, security::role::client);
}

TEST_F(Certs, LastTenYearsForACaAndOneForOthers) {
  init();
  run({"node", "n1", "--dir", directory_});
  run({"client", "till", "--dir", directory_});
  const auto days_left = [&](const std::string& name) {
    return std::chrono::round<std::chrono::days>(info_of(name).not_after - now()).count();
  };
  EXPECT_EQ(days_left("ca.crt"), 3650);
  EXPECT_EQ(days_left("n1.crt"), 365);
  EXPECT_EQ(days_left("till.crt"), 365);
}

TEST_F(Certs, LastAsLongAsAskedFor) {
  ASSERT_EQ(code_of({"init", "--dir", directory_, "--cluster", "test", "--days", "30"}), done);
  ASSERT_EQ(code_of({"node", "n1", "--dir", directory_, "--days", "3"}), done);
  ASSERT_EQ(code_of({"client", "till", "--dir", directory_, "--days", "4"}), done);
  EXPECT_LE(info_of("ca.crt").not_after, now() + 30 * day);
  EXPECT_LE(info_of("n1.crt").not_after, now() + 3 * day);
  EXPECT_GT(info_of("till.crt").not_after, now() + 3 * day);
}

TEST_F(Certs, TakeAHostForEachOption) {
  init();
  ASSERT_EQ(
      code_of({"node", "--host", "n1.example", "--host", "10.0.0.7", "n1", "--dir", directory_}),
      done);
  EXPECT_THAT(show("n1.crt")["alternative_names"],
              ElementsAre("URI:ducat://test/node/n1", "DNS:n1", "DNS:localhost", "IP:127.0.0.1",
                          "DNS:n1.example", "IP:10.0.0.7"));
}

TEST_F(Certs, PrintOneDocument) {
  init();
  const auto document =
      json::parse(run({"node", "n1", "--dir", directory_, "--output", "json"}).out);
  const auto info = info_of("n1.crt");
  EXPECT_EQ(document["certificate"], file("n1.crt"));
  EXPECT_EQ(document["key"], file("n1.key"));
  EXPECT_EQ(document["role"], "node");
  EXPECT_EQ(document["cluster"], "test");
  EXPECT_EQ(document["name"], "n1");
  EXPECT_EQ(document["not_after"], utc(info.not_after));
  EXPECT_EQ(document["serial"], info.serial);
}

TEST_F(Certs, AreShown) {
  init();
  run({"node", "n1", "--dir", directory_});
  const auto info = info_of("n1.crt");
  EXPECT_EQ(run({"show", file("n1.crt")}).out,
            "of           ducat://test/node/n1\n"
            "state        valid\n"
            "valid from   " +
                utc(info.not_before) + "\nvalid until  " + utc(info.not_after) +
                "\nnames        URI:ducat://test/node/n1 DNS:n1 DNS:localhost IP:127.0.0.1\n"
                "serial       " +
                info.serial + "\n");
  EXPECT_THAT(run({"show", file("ca.crt")}).out, HasSubstr("the CA of the cluster test\n"));
  EXPECT_EQ(show("ca.crt")["role"], "ca");
  EXPECT_EQ(show("ca.crt")["cluster"], "test");
}

TEST_F(Certs, AreShownWithTheirState) {
  (void)security::make_authority(directory_, {.cluster = "test"}, now() - 10 * day).value();
  (void)security::issue_node(directory_, {.id = "old", .valid = 9 * day}, now() - 10 * day).value();
  (void)security::issue_node(directory_, {.id = "early"}, now() + 2 * day).value();
  EXPECT_EQ(show("ca.crt")["state"], "valid");
  EXPECT_EQ(show("old.crt")["state"], "expired");
  EXPECT_EQ(show("early.crt")["state"], "not_yet_valid");
  EXPECT_EQ(code_of({"show", file("old.crt")}), done);
}

TEST_F(Certs, AreRenewedButTheCaIsNot) {
  init();
  run({"node", "n1", "--dir", directory_});
  const auto serial = info_of("n1.crt").serial;
  EXPECT_EQ(code_of({"node", "n1", "--dir", directory_}), done);
  EXPECT_NE(info_of("n1.crt").serial, serial);
  const auto again = init();
  EXPECT_EQ(again.code, failed);
  EXPECT_THAT(again.out, IsEmpty());
  EXPECT_EQ(again.err, "ducat: not_permitted: " + file("ca.key") +
                           " is there already, and is never overwritten\n");
}

TEST_F(Certs, AreNotIssuedForAWrongCommand) {
  init();
  std::ofstream{file("empty.crt")}.close();
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{},
                                             {"init", "--dir", file("new")},
                                             {"init", "--cluster", "test"},
                                             {"init", "--dir", file("new"), "--cluster", "a/b"},
                                             {"node", "--dir", directory_},
                                             {"node", "n1"},
                                             {"node", "n1", "n2", "--dir", directory_},
                                             {"node", "n1", "--dir", directory_, "--days", "0"},
                                             {"node", "n1", "--dir", directory_, "--days", "36501"},
                                             {"node", "n1", "--dir", directory_, "--host", "a b"},
                                             {"node", "ca", "--dir", directory_},
                                             {"node", "n1", "--dir", file("nowhere")},
                                             {"client", "till", "--dir", directory_, "--host", "a"},
                                             {"client", "../till", "--dir", directory_},
                                             {"show"},
                                             {"show", file("nowhere.crt")},
                                             {"show", file("empty.crt")},
                                             {"show", file("ca.key")}}) {
    const auto refused = run(wrong);
    EXPECT_EQ(refused.code, usage) << ::testing::PrintToString(wrong);
    EXPECT_THAT(refused.out, IsEmpty());
    EXPECT_THAT(refused.err, Not(IsEmpty()));
  }
  EXPECT_FALSE(std::filesystem::exists(file("n1.crt")));
  EXPECT_FALSE(std::filesystem::exists(file("new")));
}

TEST_F(Certs, SayWhatToDoAboutAKeyThatOthersRead) {
  init();
  std::filesystem::permissions(file("ca.key"), std::filesystem::perms{0644});
  const auto refused = run({"node", "n1", "--dir", directory_});
  EXPECT_EQ(refused.code, failed);
  EXPECT_THAT(refused.err, HasSubstr("has mode 0644"));
  EXPECT_THAT(refused.err, HasSubstr("chmod 600 " + file("ca.key")));
}

} // namespace ducat::testing
