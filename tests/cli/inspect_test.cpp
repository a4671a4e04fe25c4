/// The commands that look at a data directory without a node.

#include "cli/checked_world.hpp"
#include "cli/program_world.hpp"
#include "inspect/receipt.hpp"
#include "log/log_helpers.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ducat::testing {

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Inspect : public ::testing::Test {
protected:
  /// Runs `ducat WORDS --data DIRECTORY`.
  program_result run(std::vector<std::string> words) const {
    words.insert(words.end(), {"--data", home_.path()});
    return run_program(std::move(words));
  }

  void write(std::uint64_t entries) const { append_some(*opened(home_.path()), entries); }

  /// Loses the end of the newest WAL.
  void damage() const {
    const auto wal = wal_in(home_.path());
    std::filesystem::resize_file(wal, std::filesystem::file_size(wal) - 1);
  }

  temporary_directory home_;
};

} // namespace

TEST_F(Inspect, VerifyPrintsWhatAnUndamagedLogHolds) {
  write(2);
  write(3);
  const std::string hash = to_hex(opened(home_.path())->last().hash);
  const auto verified = run({"log", "verify"});
  EXPECT_EQ(verified.code, 0) << verified.err;
  EXPECT_THAT(verified.out,
              HasSubstr("entries   5\nfirst     1\nlast      5\nepoch     2\nat        "));
  EXPECT_THAT(verified.out, HasSubstr("hash      " + hash + "\n"));
  EXPECT_THAT(run({"--output", "json", "log", "verify"}).out,
              HasSubstr(R"({"entries":5,"first":1,"last":5,"epoch":2,"at":)"));
}

TEST_F(Inspect, VerifyOfAnEmptyLogIsGood) {
  (void)opened(home_.path());
  const auto verified = run({"log", "verify"});
  EXPECT_EQ(verified.code, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("entries   0\n"));
}

TEST_F(Inspect, NameTheDamageAndSayWhatToDoNext) {
  write(5);
  damage();
  for (const char* command : {"verify", "dump", "tail"}) {
    const auto refused = run({"log", command});
    EXPECT_EQ(refused.code, 1) << command;
    EXPECT_THAT(refused.out, IsEmpty());
    EXPECT_EQ(refused.err, "ducat: cannot read the log: corrupt: log entry 5 is missing, though it "
                           "was acknowledged\n" +
                               std::string{advice_for(errc::corrupt)} + "\n");
  }
}

TEST_F(Inspect, FindNothingWhereThereIsNoLog) {
  const auto refused = run({"log", "verify"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("not_found: there is no log in"));
  EXPECT_TRUE(std::filesystem::is_empty(home_.path()));
}

TEST_F(Inspect, ReceiptsAreTakenAsTheyArePrinted) {
  const std::string all(64, 'a');
  EXPECT_EQ(cli::parse_receipt("7/" + all), (cli::written_receipt{7, all}));
  EXPECT_EQ(cli::parse_receipt("7/0123456789abcdef"),
            (cli::written_receipt{7, "0123456789abcdef"}));
  for (const std::string& text :
       {std::string{}, std::string{"7"}, std::string{"7/"}, "/" + all, "0/" + all, "-7/" + all,
        "+7/" + all, " 7/" + all, "7:" + all, "7/" + all + "a", "7/" + all.substr(1),
        "7/0123456789ABCDEF" + std::string{}, "7/0123456789abcdeg" + std::string{},
        "7/" + all + " ", "18446744073709551616/" + all})
    EXPECT_EQ(cli::parse_receipt(text).error().code, errc::invalid_argument) << text;
}

TEST_F(Inspect, ReceiptVerifySaysWhatTheLogHasOfIt) {
  write(3);
  const std::string hash = to_hex(entries(*opened(home_.path())).at(1).hash);
  const auto verify = [&](const std::string& text) { return run({"receipt", "verify", text}); };
  EXPECT_EQ(verify("2/" + hash).code, 0);
  EXPECT_EQ(verify("2/" + hash).out, "entry 2 is in this log with that hash: " + hash + "\n");
  EXPECT_EQ(verify("2/" + hash.substr(0, 16)).code, 0);
  EXPECT_EQ(verify("3/" + hash).code, 1);
  EXPECT_THAT(verify("3/" + hash).err, HasSubstr("entry 3 of this log has another hash: "));
  EXPECT_EQ(verify("4/" + hash).code, 1);
  EXPECT_THAT(verify("4/" + hash).err,
              HasSubstr("entry 4 is not in this log yet: the newest is 3"));
  EXPECT_EQ(verify("2:" + hash).code, 64);
  EXPECT_THAT(verify("2:" + hash).err, HasSubstr("a receipt is INDEX/HASH"));
  EXPECT_THAT(run({"--output", "json", "receipt", "verify", "4/" + hash}).out,
              StartsWith(R"({"verdict":"not_yet","index":4,)"));
}

TEST_F(Inspect, ReceiptVerifyTrustsNoDamagedLog) {
  write(3);
  const std::string hash = to_hex(entries(*opened(home_.path())).at(0).hash);
  append_some(*opened(home_.path()), 1);
  damage();
  const auto refused = run({"receipt", "verify", "1/" + hash});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("corrupt: log entry 4 is missing"));
}

TEST_F(Inspect, ATrimmedLogFromItsFirstEntryOn) {
  write(12);
  const std::string hash = to_hex(entries(*opened(home_.path())).at(1).hash);
  ASSERT_TRUE(opened(home_.path())->trim(5));
  EXPECT_THAT(run({"log", "verify"}).out, HasSubstr("entries   7\nfirst     6\nlast      12\n"));
  EXPECT_THAT(run({"log", "tail"}).out, StartsWith("index=6 "));
  EXPECT_THAT(run({"log", "dump"}).out, StartsWith("{\"index\":6,"));
  const auto gone = run({"log", "tail", "--from", "2"});
  EXPECT_EQ(gone.code, 1);
  EXPECT_THAT(gone.err, HasSubstr("not_found: the entries up to 5 were trimmed away; the first one "
                                  "kept is 6"));
  const auto receipt = run({"receipt", "verify", "2/" + hash});
  EXPECT_EQ(receipt.code, 1);
  EXPECT_THAT(receipt.err, HasSubstr("entry 2 was trimmed away; the first one kept is 6"));
}

TEST_F(Inspect, TailPrintsALineForEachEntry) {
  checked_world world = good_world();
  const auto log = opened(home_.path());
  const epoch mine = log->take_epoch().value();
  (void)log->append(mine, {1'700'000'000'000'000'001}, payload_of(world.log.at(0))).value();
  (void)log->append(mine, {}, "no batch").value();
  const auto written = entries(*log);
  const auto tail = run({"log", "tail"});
  EXPECT_EQ(tail.code, 0) << tail.err;
  EXPECT_EQ(tail.out, "index=1 epoch=1 at=2023-11-14T22:13:20.000000001Z bytes=" +
                          std::to_string(written[0].payload.size()) +
                          " commands=3 hash=" + to_hex(written[0].hash) +
                          "\nindex=2 epoch=1 at=2023-11-14T22:13:20.000000002Z bytes=8 "
                          "commands=none hash=" +
                          to_hex(written[1].hash) + "\n");
  EXPECT_THAT(run({"--output", "json", "log", "tail", "--from", "2"}).out,
              HasSubstr("{\"index\":2,\"epoch\":1,\"at\":1700000000000000002,\"bytes\":8,"
                        "\"commands\":null,\"hash\":\""));
}

TEST_F(Inspect, TailPrintsTheNewestTenUnlessToldWhereToBegin) {
  write(12);
  const auto lines = [](const std::string& text) { return std::ranges::count(text, '\n'); };
  EXPECT_EQ(lines(run({"log", "tail"}).out), 10);
  EXPECT_THAT(run({"log", "tail"}).out, StartsWith("index=3 "));
  EXPECT_EQ(lines(run({"log", "tail", "--from", "1"}).out), 12);
  EXPECT_EQ(lines(run({"log", "tail", "--from", "13"}).out), 0);
}

} // namespace ducat::testing
