/// Schedules on all stages, as people run them: real nodes, real etcd.

#include "command_line.hpp"
#include "exit_code.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

namespace ducat::cli {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Chaos : public ::testing::Test {
protected:
  struct said {
    exit_code code;
    std::string out;
    std::string err;
  };

  said run(std::vector<std::string> words) const {
    words.insert(words.begin(), "chaos");
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::run(words, {.in = in, .out = out, .err = err, .program = DUCAT_PROGRAM});
    return {static_cast<exit_code>(code), out.str(), err.str()};
  }

  std::string schedule(const std::string& text) const {
    const auto file = directory_.path() / "schedule.toml";
    std::ofstream{file} << text;
    return file.string();
  }

  std::string folder() const { return (directory_.path() / "run").string(); }

  std::string report() const { return (directory_.path() / "report.json").string(); }

  json reported() const { return json::parse(std::ifstream{report()}); }

  testing::temporary_directory directory_;
};

/// Everything that one node can suffer.
constexpr const char* of_one_node = R"(
seed = 7
length = "6s"

[[fault]]
kind = "throw"
point = "payment.after_capture"
times = 3
at = ["500ms"]

[[fault]]
kind = "throw"
child = "ledger"
at = ["1s"]

[[fault]]
kind = "kill"
node = "writer"
at = ["1500ms"]

[[fault]]
kind = "segv"
point = "durable.after_append"
at = ["3s"]

[[fault]]
kind = "pause"
at = ["4s"]
lease = "500ms"

[[fault]]
kind = "storm"
child = "payments"
at = ["5s"]
)";

TEST_F(Chaos, RunsAScheduleOnANode) {
  const said done = run({"run", schedule(of_one_node), "--stage", "node", "--directory", folder(),
                         "--json", report()});
  EXPECT_EQ(done.code, exit_code::done) << done.out << done.err;
  EXPECT_THAT(done.out, AllOf(HasSubstr("seed 7\n"), HasSubstr("1500 ms kill on writer"),
                              HasSubstr("verdict")));
  const json found = reported();
  EXPECT_EQ(found["verdict"], "green");
  EXPECT_EQ(found["faults"].size(), 6u);
  for (const json& each : found["faults"])
    EXPECT_EQ(each["targets"], json{"node1"}) << each;
  EXPECT_GE(found["restarts"]["node1"], 2) << "killed once, and crashed in native code";
  EXPECT_GE(found["seconds"].size(), 3u);
}

TEST_F(Chaos, RunsTheSameScheduleInTheSimulation) {
  const said done = run({"run", schedule(of_one_node), "--stage", "sim"});
  EXPECT_EQ(done.code, exit_code::done) << done.out << done.err;
  EXPECT_THAT(done.out, HasSubstr("verdict"));
}

TEST_F(Chaos, DrawsThePlanFromTheSeed) {
  const std::string drawn = schedule("length = \"1s\"\n[[fault]]\nkind = \"kill\"\n"
                                     "every = \"100ms\"\njitter = \"90ms\"\n");
  const auto plan = [&](const std::string& seed) {
    const std::string out = run({"run", drawn, "--stage", "sim", "--seed", seed}).out;
    return out.substr(0, out.find("faults that struck"));
  };
  EXPECT_EQ(plan("3"), plan("3"));
  EXPECT_NE(plan("3").substr(7), plan("4").substr(7));
}

TEST_F(Chaos, RefusesBeforeTheStartWhatAStageCannotDo) {
  const said done = run({"run",
                         schedule("[[fault]]\nkind = \"kill\"\nnode = \"node2\"\nat = [\"1s\"]\n"
                                  "[[fault]]\nkind = \"partition\"\nat = [\"1s\"]\n"
                                  "[[fault]]\nkind = \"throw\"\npoint = \"no.such\"\n"
                                  "at = [\"1s\"]\n"),
                         "--stage", "node", "--directory", folder()});
  EXPECT_EQ(done.code, exit_code::usage);
  EXPECT_THAT(done.err, AllOf(HasSubstr("rule 1: there is no node node2"),
                              HasSubstr("rule 2: partition cannot be carried out"),
                              HasSubstr("rule 3: there is no fault point no.such")));
  EXPECT_FALSE(std::filesystem::exists(folder()));
}

TEST_F(Chaos, RefusesToBreakDisksThatANodeDoesNotHave) {
  const said done = run({"run",
                         schedule("[[fault]]\nkind = \"power_loss\"\nat = [\"1s\"]\n"
                                  "[[fault]]\nkind = \"disk_full\"\nat = [\"1s\"]\n"),
                         "--stage", "node", "--directory", folder()});
  EXPECT_EQ(done.code, exit_code::usage);
  EXPECT_EQ(done.err, "ducat: rule 1: power_loss cannot be carried out: the node has no disk of "
                      "its own\nducat: rule 2: disk_full cannot be carried out: the node has no "
                      "disk of its own\n");
}

TEST_F(Chaos, MissesIfNothingStruck) {
  const said done =
      run({"run",
           schedule("length = \"1s\"\n[[fault]]\nkind = \"throw\"\nchild = \"nobody\"\n"
                    "at = [\"100ms\"]\n"),
           "--stage", "node", "--directory", folder()});
  EXPECT_EQ(done.code, exit_code::failed) << done.out << done.err;
  EXPECT_THAT(done.out, HasSubstr("0 of 1  MISSED, 1 at least"));
}

// Where that is possible: it needs root, network namespaces and loop devices.
TEST_F(Chaos, TakesThePowerOfDisksAndFillsThemOnACluster) {
  const said done = run({"run",
                         schedule("length = \"8s\"\n"
                                  "[[fault]]\nkind = \"disk_full\"\nnode = \"node2\"\n"
                                  "at = [\"1s\"]\nlease = \"1s\"\n"
                                  "[[fault]]\nkind = \"power_loss\"\nnode = \"node3\"\n"
                                  "at = [\"3s\"]\n"),
                         "--directory", folder(), "--json", report()});
  if (done.code == exit_code::usage) {
    EXPECT_THAT(done.err, AllOf(HasSubstr("rule 1: disk_full cannot be carried out: "),
                                HasSubstr("rule 2: power_loss cannot be carried out: ")));
    GTEST_SKIP() << done.err;
  }
  EXPECT_EQ(done.code, exit_code::done) << done.out << done.err;
  const json found = reported();
  ASSERT_EQ(found["faults"].size(), 2u);
  EXPECT_EQ(found["faults"][0]["targets"], json{"node2"});
  EXPECT_EQ(found["faults"][1]["targets"], json{"node3"});
  EXPECT_GE(found["restarts"]["node3"], 1) << "everything on its host ended";
}

// The nemesis breaks a node by the same calls as people do.
TEST_F(Chaos, RecordsFromTheLogOfANodeWhatWasDoneToIt) {
  const said done = run({"run",
                         schedule("length = \"2s\"\n[[fault]]\nkind = \"throw\"\n"
                                  "point = \"payment.after_create\"\nat = [\"100ms\"]\n"
                                  "[[fault]]\nkind = \"kill\"\nat = [\"1s\"]\n"),
                         "--stage", "node", "--directory", folder()});
  ASSERT_EQ(done.code, exit_code::done) << done.out << done.err;
  const said recorded = run({"record", folder() + "/logs/node1.log"});
  EXPECT_EQ(recorded.code, exit_code::done) << recorded.err;
  const said again = run({"run", schedule(recorded.out), "--stage", "sim"});
  EXPECT_EQ(again.code, exit_code::done) << again.out << again.err;
  EXPECT_THAT(again.out, AllOf(HasSubstr("throw at payment.after_create on node1"),
                               HasSubstr("kill on node1"), HasSubstr("verdict")));
}

TEST_F(Chaos, RecordsNothingWhereNothingWasDone) {
  const auto log = directory_.path() / "node1.log";
  std::ofstream{log} << "[2026-01-31 23:59:59.900] [guardian] [info] runtime_started pid=7\n";
  EXPECT_EQ(run({"record", log.string()}).code, exit_code::usage);
  EXPECT_EQ(run({"record", folder() + "/no-such.log"}).code, exit_code::usage);
}

// On hosts of their own where that is possible, else on the loopback.
TEST_F(Chaos, SoaksACluster) {
  const said done = run({"soak", "--minutes", "0.4", "--seed", "5", "--per-second-min", "5",
                         "--directory", folder(), "--json", report()});
  EXPECT_EQ(done.code, exit_code::done) << done.out << done.err;
  const json found = reported();
  EXPECT_EQ(found["verdict"], "green");
  EXPECT_THAT(done.out, AllOf(HasSubstr("soak of 24 s, seed 5"), Not(HasSubstr("MISSED"))));
}

} // namespace
} // namespace ducat::cli
