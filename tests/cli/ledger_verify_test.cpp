/// `ducat ledger verify`: a state that is what its log says, and states that are not.

#include "ledger/verify.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/embedded_log.hpp>
#include <ducat/ledger/machine.hpp>
#include <ducat/replica.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <sstream>

namespace ducat::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t small_segment = 10;

/// Commits two accounts and then transfers `first` to `last`, one a command, in small segments.
void fill(const fs::path& data, unsigned first, unsigned last) {
  std::shared_ptr<log> log = open_embedded_log({.directory = data}).value();
  const auto store = ledger::open_segment_store(data / "ledger").value();
  auto ledger = replica::open({.log = log,
                               .machine =
                                   [&] {
                                     return std::make_unique<ledger::machine>(
                                         store, ledger::keeping_limits{.records = small_segment});
                                   }})
                    .value();
  std::vector<ledger::account> accounts;
  for (const unsigned id : {1, 2})
    accounts.push_back({.id = {id}, .ledger = 1, .code = 1, .timestamp = {}});
  std::vector<commit> commands{{.command = encode(ledger::command{accounts})}};
  for (unsigned id = first; id <= last; ++id) {
    const ledger::transfer one{.id = {id},
                               .debit_account_id = {1},
                               .credit_account_id = {2},
                               .amount = 1,
                               .pending_id = {},
                               .ledger = 1,
                               .code = 1,
                               .timestamp = {}};
    commands.push_back({.command = encode(ledger::command{std::vector{one}})});
  }
  for (const commit& command : commands)
    ASSERT_TRUE(ledger.run(std::span(&command, 1)));
  store->wait_until_written();
}

/// Returns the names and sizes of the files in `path`.
std::map<std::string, std::uintmax_t> files_in(const fs::path& path) {
  std::map<std::string, std::uintmax_t> files;
  for (const auto& each : fs::directory_iterator(path))
    files.emplace(each.path().filename(), each.file_size());
  return files;
}

struct verify_result {
  exit_code code;
  std::string out;
  std::string errors;
};

verify_result verify(const fs::path& data, bool replay = true,
                     output_format format = output_format::json) {
  std::ostringstream out;
  std::ostringstream err;
  const exit_code code = verify_ledger({.data = data, .replay = replay}, {out, err, format});
  return {code, out.str(), err.str()};
}

TEST(LedgerVerify, SaysHowFarTheStateGoesAndThatAReplayIsTheSame) {
  const testing::temporary_directory home;
  fill(home.path(), 1, 25);
  const verify_result found = verify(home.path());
  ASSERT_EQ(found.code, exit_code::done) << found.errors;
  const json document = json::parse(found.out);
  EXPECT_EQ(document["log_to"], 26);
  EXPECT_GE(document["state_to"], 10);
  EXPECT_EQ(document["replayed"], true);
  EXPECT_EQ(verify(home.path(), false, output_format::table).out.substr(0, 38),
            "verified  every file of the state\nstat");
}

TEST(LedgerVerify, RefusesAStateThatBelongsToAnotherLog) {
  const testing::temporary_directory one;
  const testing::temporary_directory other;
  fill(one.path(), 1, 25);
  fill(other.path(), 101, 125);
  fs::remove_all(one.path() / "ledger");
  fs::copy(other.path() / "ledger", one.path() / "ledger");
  const verify_result found = verify(one.path(), false);
  EXPECT_EQ(found.code, exit_code::failed);
  EXPECT_NE(found.errors.find("the state of the ledger belongs to another log"), std::string::npos)
      << found.errors;
}

TEST(LedgerVerify, RefusesAStateThatIsAheadOfItsLog) {
  const testing::temporary_directory one;
  const testing::temporary_directory shorter;
  fill(one.path(), 1, 25);
  fill(shorter.path(), 1, 2);
  fs::remove_all(shorter.path() / "ledger");
  fs::copy(one.path() / "ledger", shorter.path() / "ledger");
  EXPECT_NE(verify(shorter.path()).errors.find("ahead of its log"), std::string::npos);
}

TEST(LedgerVerify, SaysThatThereIsNone) {
  const testing::temporary_directory home;
  EXPECT_EQ(verify(home.path()).code, exit_code::failed);
  (void)open_embedded_log({.directory = home.path()}).value();
  EXPECT_NE(verify(home.path()).errors.find("there is no state of a ledger"), std::string::npos);
  EXPECT_FALSE(fs::exists(home.path() / "ledger"));
}

TEST(LedgerVerify, WritesNothing) {
  const testing::temporary_directory home;
  fill(home.path(), 1, 25);
  const auto before = files_in(home.path() / "ledger");
  EXPECT_EQ(verify(home.path()).code, exit_code::done);
  EXPECT_EQ(files_in(home.path() / "ledger"), before);
}

} // namespace
} // namespace ducat::cli
