/// The process that settles is killed at each place of its way: there is one settlement of each
/// window, and its file is whole.

#include "program/program_fixture.hpp"
#include "settlement_terms.hpp"

#include <ducat/digest.hpp>

#include <set>
#include <thread>

namespace ducat::cli {
namespace {

class SettleKill : public Program {
protected:
  SettleKill() {
    for (const char* id : {"world", "books", "kiosk"})
      run({"account", "create", id, "--currency", "EUR", "--overdraft"});
    run({"settle", "configure", "--file", write_terms(directory_.path())});
  }

  json list(std::vector<std::string> what) {
    what.insert(what.begin(), "settle");
    return run(std::move(what)).document()["data"];
  }

  void cut_captures(int window) {
    run({"pay", "create", "--from", "world", "--to", "books", "--amount", "1000", "--currency",
         "EUR", "--key", std::to_string(window)});
    run({"settle", "cut", "--currency", "EUR", "--window", std::to_string(window)});
  }

  /// Settles it as the node ends at `point`; the command waits for the node, and does not notice.
  void settle_while_killed_at(const std::string& point, int window) {
    EXPECT_EQ(run({"faults", "arm", point, "--fault", "exit"}).code, exit_code::done);
    std::thread user{[&] {
      const printed settled =
          run({"--timeout", "60", "settle", "run", "--currency", "EUR", "--number",
               std::to_string(window), "--first-window", std::to_string(window), "--last-window",
               std::to_string(window)});
      EXPECT_EQ(settled.code, exit_code::done) << settled.out << settled.err;
    }};
    EXPECT_NE(node_.wait_for_end(), 0);
    start();
    user.join();
  }

  json wait_for_file(const std::string& settlement) {
    json files;
    while (files.empty())
      files = list({"show", settlement})[0]["files"];
    return files;
  }

  void expect_on_disk(const json& files) {
    for (const json& each : files) {
      std::ostringstream text;
      text << std::ifstream{options_.data / "settlement" / each["name"], std::ios::binary}.rdbuf();
      EXPECT_EQ(to_hex(sha256({text.str()})), each["sha256"].get<std::string>()) << each;
    }
  }

  std::set<std::string> files_on_disk() const {
    std::set<std::string> names;
    for (const auto& each : std::filesystem::directory_iterator{options_.data / "settlement"})
      names.insert(each.path().filename());
    return names;
  }
};

TEST_F(SettleKill, WhereverTheProcessEndsEachWindowIsSettledOnce) {
  std::set<std::string> names;
  int window = 0;
  for (const char* point :
       {"settlement.before_advance", "settlement.after_advance", "settlement.before_file",
        "settlement.after_file", "settlement.before_record", "settlement.after_record"}) {
    SCOPED_TRACE(point);
    cut_captures(++window);
    settle_while_killed_at(point, window);
    const std::string id = "set_EUR_" + std::to_string(window);
    const json files = wait_for_file(id);
    EXPECT_EQ(files.size(), 1U);
    expect_on_disk(files);
    names.insert(files[0]["name"]);
  }
  EXPECT_EQ(list({"show"}).size(), static_cast<std::size_t>(window));
  EXPECT_EQ(list({"merchants", "--id", "books"})[0]["available"], std::to_string(975 * window));
  EXPECT_EQ(files_on_disk(), names);
}

TEST_F(SettleKill, WhereverTheProcessEndsABatchIsSubmittedOnce) {
  std::set<std::string> names;
  int batch = 0;
  for (const char* point : {"settlement.before_file", "settlement.after_file",
                            "settlement.before_record", "settlement.after_record"}) {
    SCOPED_TRACE(point);
    cut_captures(++batch);
    const std::string number = std::to_string(batch);
    EXPECT_EQ(run({"settle", "run", "--currency", "EUR", "--number", number}).code,
              exit_code::done);
    names.insert(wait_for_file("set_EUR_" + number)[0]["name"]);
    EXPECT_EQ(run({"faults", "arm", point, "--fault", "exit"}).code, exit_code::done);
    run({"settle", "pay", "--currency", "EUR", "--execution-date", "20261104", "--batch", number});
    EXPECT_NE(node_.wait_for_end(), 0);
    start();
    json made = list({"batches"})[0];
    while (made["state"] != "SUBMITTED")
      made = list({"batches"})[0];
    EXPECT_EQ(made["files"].size(), 2U);
    expect_on_disk(made["files"]);
    for (const json& each : made["files"])
      names.insert(each["name"]);
  }
  EXPECT_EQ(list({"batches"}).size(), static_cast<std::size_t>(batch));
  EXPECT_EQ(list({"merchants", "--id", "books"})[0]["held"], std::to_string(975 * batch));
  EXPECT_EQ(files_on_disk(), names);
}

} // namespace
} // namespace ducat::cli
