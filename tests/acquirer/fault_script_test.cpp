#include "acquirer/fault_file.hpp"
#include "acquirer/fault_keys.hpp"
#include "requests.hpp"
#include "support/temporary_directory.hpp"

#include <algorithm>
#include <fstream>

namespace ducat::acquirer::testing {

using namespace std::chrono_literals;

namespace {

bool is_met(std::string_view fault, const message& request) {
  fault_script script{1};
  script.add(parse_fault(fault).value());
  return !script.choose(request).empty();
}

TEST(FaultScript, ARuleIsForTheRequestsThatItNames) {
  EXPECT_TRUE(is_met("delay:after=1s", payment()));
  EXPECT_TRUE(is_met("delay:after=1s", network("301")));
  EXPECT_TRUE(is_met("drop_answer:mti=0200", payment()));
  EXPECT_FALSE(is_met("drop_answer:mti=0201", payment()));
  EXPECT_TRUE(is_met("drop_answer:mti=02xx", payment()));
  EXPECT_FALSE(is_met("drop_answer:mti=04xx", payment()));
  EXPECT_TRUE(is_met("drop_answer:terminal=TERM0001", payment()));
  EXPECT_FALSE(is_met("drop_answer:terminal=TERM0002", payment()));
  EXPECT_TRUE(is_met("drop_answer:stan=000001", payment()));
  EXPECT_FALSE(is_met("drop_answer:stan=000002", payment()));
  EXPECT_TRUE(is_met("drop_answer:pan=4111", payment()));
  EXPECT_FALSE(is_met("drop_answer:pan=5", payment()));
  EXPECT_TRUE(is_met("drop_answer:amount_min=1250,amount_max=1250", payment()));
  EXPECT_FALSE(is_met("drop_answer:amount_min=1251", payment()));
  EXPECT_FALSE(is_met("drop_answer:amount_max=1249", payment()));
}

TEST(FaultScript, EveryAndTimesCountTheRequestsThatItIsFor) {
  fault_script script{1};
  script.add(parse_fault("drop_answer:mti=0200,every=2,times=2").value());
  std::string met;
  for (int i = 0; i < 8; ++i) {
    script.choose(network("301"));
    met += script.choose(payment()).empty() ? '.' : 'x';
  }
  EXPECT_EQ(met, ".x.x....");
  EXPECT_EQ(script.armed().at(0).seen, 8u);
  EXPECT_EQ(script.armed().at(0).applied, 2u);
}

std::string hits(std::uint64_t seed, bool has_another) {
  fault_script script{seed};
  script.add(parse_fault("drop_answer:percent=30").value());
  if (has_another)
    script.add(parse_fault("delay:after=1ms,percent=50").value());
  std::string met;
  for (int i = 0; i < 1'000; ++i) {
    const auto chosen = script.choose(payment());
    met += !chosen.empty() && chosen[0].kind == fault_kind::drop_answer ? 'x' : '.';
  }
  return met;
}

TEST(FaultScript, ASeedRepeatsARunWhateverElseIsArmed) {
  EXPECT_EQ(hits(7, false), hits(7, true));
  EXPECT_NE(hits(7, false), hits(8, false));
  const auto count = std::ranges::count(hits(7, false), 'x');
  EXPECT_GT(count, 250);
  EXPECT_LT(count, 350);
}

TEST(FaultScript, ClearingForgetsTheFaultsAndNotTheirNumbers) {
  fault_script script{1};
  EXPECT_EQ(script.add({}), 1u);
  script.clear();
  EXPECT_TRUE(script.choose(payment()).empty());
  EXPECT_EQ(script.add({}), 2u);
}

TEST(FaultText, IsReadAndWrittenTheSameWay) {
  for (const char* const text :
       {"drop_request", "drop_answer:every=3,mti=0200,times=2", "delay:after=250ms",
        "garble:how=field,percent=5", "decline:amount_max=900,amount_min=100,code=51,pan=4111",
        "wrong_amount:by=7,stan=000123,terminal=T1"}) {
    const auto read = parse_fault(text);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(to_text(*read), text);
  }
  EXPECT_EQ(parse_fault("late_approval:after=2s")->after, 2s);
}

TEST(FaultText, SaysWhatIsWrong) {
  for (const char* const text :
       {"", "nothing", "delay", "delay:after=0ms", "drop_answer:after=1s", "drop_answer:times",
        "drop_answer:times=", "drop_answer:times=x", "drop_answer:times=-1", "drop_answer:often=1",
        "decline:code=00", "decline:code=5", "garble:how=all", "drop_answer:mti=2xx",
        "drop_answer:percent=101", "drop_answer:every=0", "wrong_amount:by=0",
        "drop_answer:amount_min=2,amount_max=1"}) {
    const auto read = parse_fault(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, errc::invalid_argument);
  }
}

class FaultFile : public ::testing::Test {
protected:
  result<fault_file> load(std::string_view text) const {
    std::ofstream{path_} << text;
    return load_faults(path_);
  }

  /// What is wrong with it, without the path in front.
  std::string complaint_about(std::string_view text) const {
    const auto read = load(text);
    return read ? "" : read.error().message.substr(path_.string().size() + 1);
  }

private:
  ducat::testing::temporary_directory directory_;
  std::filesystem::path path_ = directory_.path() / "faults.toml";
};

TEST_F(FaultFile, HasTheKeysOfTheCommandLine) {
  const auto read = load("seed = 7\n"
                         "[[fault]]\nkind = \"late_approval\"\nafter = \"30s\"\nmti = \"0200\"\n"
                         "every = 5\n"
                         "[[fault]]\nkind = \"garble\"\nhow = \"stan\"\npercent = 10\n");
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->seed, 7u);
  ASSERT_EQ(read->faults.size(), 2u);
  EXPECT_EQ(to_text(read->faults[0]), "late_approval:after=30000ms,every=5,mti=0200");
  EXPECT_EQ(to_text(read->faults[1]), "garble:how=stan,percent=10");
}

TEST_F(FaultFile, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(complaint_about("speed = 1\n"), "1:1: `speed` is not known");
  EXPECT_EQ(complaint_about("[[fault]]\nkind = \"delay\"\nms = 5\n"),
            "3:1: `fault.ms` is not known");
  EXPECT_EQ(complaint_about("[[fault]]\nmti = \"0200\"\n"), "1:1: `fault.kind` is missing");
  EXPECT_EQ(complaint_about("[[fault]]\nkind = \"delay\"\n"),
            "1:1: fault: `after` must be longer than nothing");
  EXPECT_EQ(complaint_about("[[fault]]\nkind = \"garble\"\nhow = \"much\"\n"),
            "3:7: `fault.how` must be bitmap, field, length or stan");
  EXPECT_EQ(complaint_about("fault = 1\n"), "1:9: `fault` must be tables, each [[fault]]");
  EXPECT_EQ(complaint_about("seed = \n").substr(0, 2), "1:");
}

} // namespace

} // namespace ducat::acquirer::testing
