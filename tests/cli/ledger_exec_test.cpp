/// `ducat ledger exec`: scripts of ledger commands.

#include "inspect/dump.hpp"
#include "ledger/exec.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/ledger/commands.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace ducat::cli {
namespace {

using nlohmann::json;

struct run_result {
  exit_code code;
  std::vector<json> lines;
  std::string errors;
};

run_result exec(const std::string& script, std::optional<std::filesystem::path> data = {}) {
  std::istringstream in{script};
  std::ostringstream out;
  std::ostringstream err;
  const exit_code code = exec_ledger({.file = "-", .data = std::move(data)}, in, out, err);
  run_result result{code, {}, err.str()};
  std::istringstream printed{out.str()};
  for (std::string line; std::getline(printed, line);)
    result.lines.push_back(json::parse(line));
  return result;
}

const std::string two_accounts =
    R"({"create_accounts":[{"id":1,"ledger":7,"code":1,"flags":["history"]},)"
    R"({"id":"2","ledger":7,"code":1}]})"
    "\n";

std::string pay(int id, const std::string& amount, const std::string& more = "") {
  return R"({"create_transfers":[{"id":)" + std::to_string(id) +
         R"(,"debit_account_id":1,"credit_account_id":2,"ledger":7,"code":3,"amount":)" + amount +
         more + "}]}\n";
}

json last_of(const std::string& script) {
  const run_result result = exec(script);
  EXPECT_EQ(result.code, exit_code::done) << result.errors;
  return result.lines.back();
}

std::string why(const std::string& line) {
  const run_result result = exec(two_accounts + line + "\n" + pay(1, "5"));
  EXPECT_EQ(result.code, exit_code::usage) << line;
  EXPECT_EQ(result.lines.size(), 2u) << "nothing after the wrong line is run";
  EXPECT_EQ(result.lines.back()["error"]["line"], 2);
  return result.lines.back()["error"]["message"];
}

} // namespace

TEST(LedgerExec, PrintsOneLineOfOutcomesForEachCommand) {
  const run_result result = exec(two_accounts + "\n" + pay(1, "5") + pay(1, "6"));
  EXPECT_EQ(result.code, exit_code::done);
  ASSERT_EQ(result.lines.size(), 3u);
  EXPECT_EQ(result.lines[0], json::parse(R"({"outcomes":["ok","ok"]})"));
  EXPECT_EQ(result.lines[1], json::parse(R"({"outcomes":["ok"]})"));
  EXPECT_EQ(result.lines[2], json::parse(R"({"outcomes":["exists_with_different_amount"]})"));
}

TEST(LedgerExec, TakesAndPrintsNumbersOfEverySize) {
  const std::string most = "\"340282366920938463463374607431768211455\"";
  for (const std::string& amount :
       {most, std::string{"\"max\""}, std::string{"\"0xffffffffffffffffffffffffffffffff\""}})
    EXPECT_EQ(last_of(two_accounts + pay(1, amount) +
                      R"({"lookup_transfers":[1]})")["transfers"][0]["amount"],
              "340282366920938463463374607431768211455");
  EXPECT_EQ(last_of(two_accounts + pay(1, "18446744073709551615") +
                    R"({"lookup_accounts":[1]})")["accounts"][0]["debits_posted"],
            "18446744073709551615");
}

TEST(LedgerExec, MovesItsClockOnlyByTheScript) {
  const std::string hold = R"(,"flags":["pending"],"timeout":2)";
  const std::string status = R"({"lookup_transfers":[1]})";
  const std::string script = two_accounts + pay(1, "5", hold) + R"({"tick":1999999999})" + "\n";
  EXPECT_EQ(last_of(script + status)["transfers"][0]["pending_status"], "pending");
  EXPECT_EQ(last_of(script + R"({"tick":{"nanoseconds":1}})" + "\n" +
                    status)["transfers"][0]["pending_status"],
            "expired");
  EXPECT_EQ(last_of(two_accounts + R"({"tick":{"seconds":3}})"),
            json::parse(R"({"now":"3000000002"})"));
}

TEST(LedgerExec, AnswersQueries) {
  const std::string script = two_accounts + pay(1, "5") + pay(2, "6", R"(,"user_data_64":9)");
  EXPECT_EQ(last_of(script + R"({"query_transfers":{"user_data_64":9}})")["transfers"][0]["id"],
            "2");
  EXPECT_EQ(
      last_of(
          script +
          R"({"get_account_transfers":{"account_id":1,"reversed":true}})")["transfers"][0]["id"],
      "2");
  EXPECT_EQ(last_of(script + R"({"get_account_transfers":{"account_id":1,"debits":false}})"),
            json::parse(R"({"transfers":[]})"));
  EXPECT_EQ(
      last_of(
          script +
          R"({"get_account_balances":{"account_id":1,"limit":1}})")["balances"][0]["debits_posted"],
      "5");
  EXPECT_EQ(
      last_of(script +
              R"({"get_balance_at":{"account_id":1,"timestamp":4}})")["balance"]["debits_posted"],
      "11");
  EXPECT_TRUE(last_of(script + R"({"get_balance_at":{"account_id":2,"timestamp":4}})")["balance"]
                  .is_null());
  EXPECT_EQ(last_of(script + R"({"query_accounts":{"ledger":7,"limit":1}})")["accounts"][0]["id"],
            "1");
}

TEST(LedgerExec, RevertsAndKeepsMetadata) {
  const std::string script = two_accounts + pay(1, "5") +
                             R"({"set_metadata":{"account_id":1,"metadata":{"name":"alice"}}})" +
                             "\n" + R"({"revert":{"id":2,"transfer_id":1}})" + "\n";
  EXPECT_EQ(exec(script).lines.back(), json::parse(R"({"outcomes":["ok"]})"));
  EXPECT_EQ(last_of(script + R"({"get_metadata":{"account_id":1}})"),
            json::parse(R"({"metadata":{"name":"alice"}})"));
  EXPECT_EQ(last_of(script + R"({"get_metadata":{"transfer_id":1}})"),
            json::parse(R"({"metadata":{"ducat.reverted_by":"2"}})"));
  EXPECT_EQ(last_of(script + R"({"revert":{"id":3,"transfer_id":1}})"),
            json::parse(R"({"outcomes":["already_reverted"]})"));
  EXPECT_EQ(last_of(script + R"({"set_metadata":{"account_id":1,"metadata":{"name":null}}})" +
                    "\n" + R"({"get_metadata":{"account_id":1}})"),
            json::parse(R"({"metadata":{}})"));
}

TEST(LedgerExec, TakesFlagsByNameByTheNamesOfTigerBeetleAndAsANumber) {
  const std::string script = two_accounts + pay(1, "5", R"(,"flags":["pending"])");
  for (const std::string flags : {R"(["post_pending"])", R"(["post_pending_transfer"])", "4"})
    EXPECT_EQ(last_of(script +
                      R"({"create_transfers":[{"id":2,"pending_id":1,"amount":5,"flags":)" + flags +
                      "}]}")["outcomes"][0],
              "ok");
  EXPECT_EQ(last_of(two_accounts + pay(1, "5", R"(,"flags":512)"))["outcomes"][0], "reserved_flag");
}

TEST(LedgerExec, NamesTheLineThatIsWrongAndStops) {
  EXPECT_EQ(why("nonsense"), "not JSON");
  EXPECT_EQ(why("[]"), "an object with one field, the command, is expected");
  EXPECT_EQ(why("{}"), "an object with one field, the command, is expected");
  EXPECT_EQ(why(R"({"fly":[]})"), "the command fly is not known");
  EXPECT_EQ(why(R"({"create_accounts":{}})"), "an array is expected");
  EXPECT_EQ(why(R"({"create_accounts":[7]})"), "element 0: an object is expected instead of 7");
  EXPECT_EQ(why(R"({"create_accounts":[{"idd":1}]})"), "element 0: the field idd is not known");
  for (const std::string bad : {"-1", "1.5", "1e3", "\"\"", "\"0x\"", "\"12a\"", "null", "[]",
                                "\"340282366920938463463374607431768211456\"", "true"})
    EXPECT_EQ(why(R"({"lookup_accounts":[)" + bad + "]}"),
              "element 0: id must be an integer from 0 to 2^128-1, as a string when over 2^64-1")
        << bad;
  EXPECT_EQ(why(R"({"create_accounts":[{"code":65536}]})"),
            "element 0: code must be at most 65535");
  EXPECT_EQ(why(R"({"create_accounts":[{"flags":["lined"]}]})"),
            "element 0: flags: \"lined\" is not a flag");
  EXPECT_EQ(why(R"({"query_accounts":{"reversed":1}})"), "reversed must be true or false");
  EXPECT_EQ(why(R"({"get_metadata":{}})"), "account_id or transfer_id is expected");
  EXPECT_EQ(why(R"({"set_metadata":{"account_id":1,"metadata":{"a":1}}})"),
            "metadata must be strings of at most 4096 bytes, or null");
  EXPECT_EQ(why(R"({"tick":9223372036854775807})"), "tick: the time would be out of range");
  const auto ended = [](std::uint64_t at) {
    return R"({"tick":{"to":)" + std::to_string(at) + "}}";
  };
  EXPECT_EQ(why(ended(ledger::advance_max.nanoseconds + 1)),
            "tick: the time would be out of range");
  EXPECT_EQ(last_of(ended(ledger::advance_max.nanoseconds) + "\n" + two_accounts)["outcomes"],
            json::array({"ok", "ok"}));
}

TEST(LedgerExec, RefusesABatchOverTheLimitWhole) {
  std::string ids = "1";
  for (int i = 0; i < 8190; ++i)
    ids += ",1";
  EXPECT_EQ(why(R"({"lookup_accounts":[)" + ids + "]}"),
            "a batch of 8191 is too large; at most 8190");
}

TEST(LedgerExec, IsTheSameInMemoryAndInADataDirectory) {
  const ducat::testing::temporary_directory directory;
  const std::string script = two_accounts + pay(1, "5") + pay(2, "\"max\"") + pay(3, "7") +
                             R"({"tick":{"seconds":1}})" + "\n" + R"({"state_digest":{}})";
  EXPECT_EQ(exec(script).lines, exec(script, directory.path() / "ledger").lines);
}

TEST(LedgerExec, GoesOnInADataDirectory) {
  const ducat::testing::temporary_directory directory;
  exec(two_accounts + pay(1, "5"), directory.path());
  const auto again =
      exec(pay(1, "5") + pay(2, "5") + R"({"lookup_accounts":[1]})", directory.path());
  EXPECT_EQ(again.lines[0], json::parse(R"({"outcomes":["exists"]})"));
  EXPECT_EQ(again.lines[1], json::parse(R"({"outcomes":["ok"]})"));
  EXPECT_EQ(again.lines[2]["accounts"][0]["debits_posted"], "10");
}

TEST(LedgerExec, SaysWhatItCannotOpen) {
  const ducat::testing::temporary_directory directory;
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const auto missing = directory.path() / "none";
  EXPECT_EQ(exec_ledger({.file = missing}, in, out, err), exit_code::usage);
  EXPECT_EQ(err.str(), "ducat: cannot read " + missing.string() + "\n");
}

// What changed a ledger, dumped from its log, makes the same ledger again.
TEST(LedgerExec, RunsWhatWasDumpedFromALog) {
  const testing::temporary_directory home;
  const std::string script =
      two_accounts + pay(1, "5") + pay(2, "7", R"(,"flags":["pending"],"timeout":1)") +
      R"({"set_metadata":{"account_id":1,"metadata":{"name":"till","old":null}}})"
      "\n"
      R"({"revert":{"id":9,"transfer_id":1}})"
      "\n"
      R"({"tick":{"seconds":5}})"
      "\n";
  const std::string digest = R"({"state_digest":{}})";
  ASSERT_EQ(exec(script, home.path()).code, exit_code::done);
  std::ostringstream dumped;
  std::ostringstream errors;
  ASSERT_EQ(dump_log(home.path(), dumped, errors), exit_code::done) << errors.str();
  std::string again;
  std::istringstream lines{dumped.str()};
  for (std::string line; std::getline(lines, line);) {
    const json entry = json::parse(line);
    for (const json& command : entry["commands"])
      again += command.dump() + "\n";
  }
  EXPECT_EQ(std::ranges::count(again, '\n'), 6);
  EXPECT_EQ(last_of(again + digest), last_of(script + digest));
}

} // namespace ducat::cli
