/// `ducat settle` as people use it: against a node in a process of its own.

#include "program/program_fixture.hpp"
#include "settlement_terms.hpp"

#include <ducat/digest.hpp>

#include <gmock/gmock.h>

#include <map>
#include <thread>

namespace ducat::cli {
namespace {

using ::testing::HasSubstr;
using words = std::vector<std::string>;

std::string contents(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream{file, std::ios::binary}.rdbuf();
  return text.str();
}

class SettleCommands : public Program {
protected:
  /// As run(), but with output for people.
  printed show(words arguments) {
    arguments.insert(arguments.end(), {"--output", "table"});
    return run(std::move(arguments));
  }

  void configure() {
    for (const char* id : {"world", "books", "kiosk"})
      EXPECT_EQ(run({"account", "create", id, "--currency", "EUR", "--overdraft"}).code,
                exit_code::done);
    EXPECT_EQ(run({"settle", "configure", "--file", write_terms(directory_.path())}).code,
              exit_code::done);
  }

  void capture(const std::string& key, const std::string& to, const std::string& amount) {
    EXPECT_EQ(run({"pay", "create", "--from", "world", "--to", to, "--amount", amount, "--currency",
                   "EUR", "--key", key})
                  .code,
              exit_code::done);
  }

  /// Two captures of books and one of kiosk, cut and settled.
  void settle() {
    configure();
    capture("a", "books", "1000");
    capture("b", "books", "500");
    capture("c", "kiosk", "70");
    EXPECT_EQ(run({"settle", "cut", "--currency", "EUR"}).code, exit_code::done);
    EXPECT_EQ(run({"settle", "run", "--currency", "EUR"}).code, exit_code::done);
  }

  /// Returns what it has printed: one document a line.
  static std::vector<json> documents(const printed& of) {
    std::vector<json> all;
    std::istringstream lines{of.out};
    for (std::string line; std::getline(lines, line);)
      all.push_back(json::parse(line));
    return all;
  }

  /// Waits until so many files of the settlement or batch are in the log; returns them.
  json wait_for_files(const std::string& of, std::size_t count) {
    json files;
    while (files.size() < count)
      files = documents(run({"settle", "show", of})).front()["data"][0]["files"];
    return files;
  }

  void expect_on_disk(const json& files) {
    for (const json& each : files) {
      const std::string text = contents(options_.data / "settlement" / each["name"]);
      EXPECT_EQ(to_hex(sha256({text})), each["sha256"].get<std::string>()) << each;
      EXPECT_EQ(std::to_string(text.size()), each["size"].get<std::string>());
    }
  }

  json merchant(const std::string& id) {
    return run({"settle", "merchants", "--id", id}).document()["data"][0];
  }

  /// Expects that it is refused, with that code; nothing but the exit code says so to a script.
  void expect_refused(const words& arguments, const std::string& code) {
    const printed refused = run(arguments);
    EXPECT_EQ(refused.code, exit_code::failed) << refused.out;
    EXPECT_EQ(refused.document()["error"]["code"], code);
  }

  void expect_usage(const words& arguments, const std::string& why) {
    const printed wrong = run(arguments);
    EXPECT_EQ(wrong.code, exit_code::usage);
    EXPECT_THAT(wrong.err, HasSubstr(why));
    EXPECT_EQ(wrong.out, "");
  }

  void expect_wrong_file(const std::string& text, const std::string& why) {
    const std::string file = write_terms(directory_.path(), text);
    expect_usage({"settle", "configure", "--file", file}, "ducat: " + file + ":" + why);
  }
};

TEST_F(SettleCommands, TakeCapturesFromTheWindowToTheBank) {
  configure();
  capture("a", "books", "1000");
  capture("b", "kiosk", "500");
  const json open = run({"settle", "windows"}).document()["data"][0];
  EXPECT_EQ(open["state"], "OPEN");
  EXPECT_EQ(open["total"]["captures"]["amount"], "1500");
  EXPECT_EQ(run({"settle", "cut", "--currency", "EUR", "--next-business-date", "20261103"})
                .document()["window"]["state"],
            "CLOSED");
  const json settled = run({"settle", "run", "--currency", "EUR"}).document()["settlement"];
  EXPECT_EQ(settled["id"], "set_EUR_1");
  EXPECT_EQ(settled["state"], "SETTLED");
  EXPECT_EQ(settled["total"]["net"], "1475"); // Less 1.5 % of 1000, and 10.
  expect_on_disk(wait_for_files("set_EUR_1", 1));
  EXPECT_EQ(merchant("books")["available"], "975");

  const words pay{"settle", "pay", "--currency", "EUR", "--execution-date", "20261104"};
  EXPECT_EQ(run(pay).document()["batches"]["data"][0]["payouts"]["amount"], "975");
  expect_on_disk(wait_for_files("pob_EUR_1", 2));
  const json payouts = run({"settle", "payouts", "--batch", "pob_EUR_1"}).document()["data"];
  ASSERT_EQ(payouts.size(), 1U) << "kiosk has no bank";
  EXPECT_EQ(payouts[0]["state"], "SUBMITTED");
  EXPECT_EQ(run({"settle", "resolve", "--payout", payouts[0]["id"], "--event", "PAID"})
                .document()["batches"]["data"][0]["state"],
            "DONE");
  EXPECT_EQ(merchant("books")["available"], "0");
  EXPECT_EQ(run({"status"}).code, exit_code::done) << "the books balance";
}

TEST_F(SettleCommands, HaveNoSecondEffectWhenTheyAreRepeated) {
  settle();
  const words pay{"settle",           "pay",      "--currency", "EUR",
                  "--execution-date", "20261104", "--batch",    "1"};
  EXPECT_EQ(run(pay).code, exit_code::done);
  wait_for_files("pob_EUR_1", 2);
  const words returned{"settle",  "resolve",  "--payout", "po_EUR_1_1",
                       "--event", "RETURNED", "--reason", "AC04"};
  EXPECT_EQ(run(returned).code, exit_code::done);
  const auto state = [&] {
    json all = run({"settle", "windows"}).document();
    for (const words& each : std::vector<words>{{"settle", "show"},
                                                {"settle", "batches"},
                                                {"settle", "payouts", "--batch", "pob_EUR_1"},
                                                {"settle", "merchants"},
                                                {"settle", "ledgers"}})
      all["data"].push_back(run(each).document());
    return all;
  };
  const json before = state();
  EXPECT_EQ(run({"settle", "configure", "--file", write_terms(directory_.path())}).code,
            exit_code::done);
  for (const words& again : std::vector<words>{
           {"settle", "cut", "--currency", "EUR", "--window", "1"},
           {"settle", "run", "--currency", "EUR", "--first-window", "1", "--last-window", "1"},
           {"settle", "run", "--currency", "EUR", "--number", "1"},
           pay,
           returned})
    EXPECT_EQ(run(again).code, exit_code::done) << again[1];
  EXPECT_EQ(state(), before);
}

TEST_F(SettleCommands, SayThatThereIsNothingToSettle) {
  settle();
  expect_refused({"settle", "run", "--currency", "EUR"}, "window_open");
  EXPECT_EQ(run({"settle", "show"}).document()["data"].size(), 1U);
}

TEST_F(SettleCommands, ShowEveryMemberOfASettlement) {
  settle();
  const printed shown = show({"settle", "show", "set_EUR_1", "--members"});
  EXPECT_EQ(shown.code, exit_code::done);
  for (const char* part : {"set_EUR_1  SETTLED", "books, window 1", "kiosk, window 1"})
    EXPECT_THAT(shown.out, HasSubstr(part));
  std::istringstream lines{shown.out};
  std::map<std::string, int> of_amount;
  for (std::string line; std::getline(lines, line);)
    if (std::istringstream row{line}; line.starts_with("CAPTURE ")) {
      std::string kind;
      std::string amount;
      row >> kind >> amount;
      ++of_amount[amount];
    }
  EXPECT_EQ(of_amount, (std::map<std::string, int>{{"1000", 1}, {"500", 1}, {"70", 1}}));
}

TEST_F(SettleCommands, PrintADocumentALineForScripts) {
  settle();
  run({"settle", "pay", "--currency", "EUR", "--execution-date", "20261104"});
  const auto shown = documents(run({"settle", "show", "pob_EUR_1", "--members"}));
  ASSERT_EQ(shown.size(), 3U);
  EXPECT_EQ(shown[0]["data"][0]["id"], "pob_EUR_1");
  EXPECT_EQ(shown[1]["data"][0]["merchant"], "books");
  EXPECT_EQ(shown[2]["data"].size(), 2U) << "the captures of books";
  const auto configured =
      documents(run({"settle", "configure", "--file", write_terms(directory_.path())}));
  ASSERT_EQ(configured.size(), 3U);
  EXPECT_TRUE(configured[2]["replayed"].get<bool>());
}

TEST_F(SettleCommands, ShowFilesToPeople) {
  settle();
  const json file = wait_for_files("set_EUR_1", 1)[0];
  EXPECT_EQ(show({"settle", "files"}).out, "OF         NAME           BYTES  SHA-256\n"
                                           "set_EUR_1  set_EUR_1.csv    " +
                                               file["size"].get<std::string>() + "  " +
                                               file["sha256"].get<std::string>() + "\n");
}

TEST_F(SettleCommands, SayWhatIsWrongWithAFile) {
  expect_wrong_file("[[ledger]]\ncurrency = \"EUR\"\n  colour = \"red\"\n",
                    "3:3: `ledger.colour` is not known");
  expect_wrong_file("[[merchants]]\nid = \"books\"\n", "1:3: `merchants` is not known");
  expect_wrong_file("[[ledger]]\nmodel = \"net\"\n", "2:9: `ledger.model` is no such word");
  expect_wrong_file("[[ledger]]\nbusiness_date = \"soon\"\n", "2:17: `ledger.business_date` is no");
  expect_wrong_file("[[ledger]]\ncurrency = \n", "2:");
  expect_wrong_file("[[merchant]]\nreserve_windows = -1\n", "2:19: `merchant.reserve_windows`");
  expect_wrong_file("[[merchant]]\nbank = { swift = \"X\" }\n", "2:10: `merchant.bank.swift`");
  expect_usage({"settle", "configure", "--file", "/nowhere.toml"}, "there is no such file");
}

TEST_F(SettleCommands, RefuseWhatCannotBe) {
  expect_refused({"settle", "configure", "--currency", "EUX", "--model", "GROSS_IMMEDIATE",
                  "--business-date", "20261102"},
                 "currency_unknown");
  for (const char* date : {"20261340", "20260229", "20261131"})
    expect_refused({"settle", "configure", "--currency", "EUR", "--model", "GROSS_IMMEDIATE",
                    "--business-date", date},
                   "business_date_invalid");
  for (const char* command : {"cut", "run"})
    expect_refused({"settle", command, "--currency", "EUR"}, "settlement_not_configured");
  configure();
  expect_refused({"settle", "pay", "--currency", "EUR", "--execution-date", "20261340"},
                 "business_date_invalid");
  expect_refused({"settle", "cut", "--currency", "EUR", "--next-business-date", "20261101"},
                 "business_date_invalid");
  expect_refused({"settle", "show", "set_EUR_9"}, "settlement_not_found");
  expect_refused({"settle", "show", "pob_EUR_9"}, "settlement_not_found");
  expect_refused({"settle", "resolve", "--payout", "po_EUR_1_1", "--event", "PAID"},
                 "payout_not_found");
}

TEST_F(SettleCommands, KnowTheirOptions) {
  expect_usage({"settle"}, "subcommand");
  expect_usage({"settle", "cut", "--colour", "red"}, "--colour");
  expect_usage({"settle", "cut", "--window", "two"}, "--window");
  expect_usage({"settle", "cut", "--window", "-1"}, "--window");
  expect_usage({"settle", "configure", "--model", "net"}, "--model");
}

} // namespace
} // namespace ducat::cli
