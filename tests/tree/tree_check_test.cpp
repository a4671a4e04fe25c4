/// `ducat tree check`, as it is used.

#include "cli/fake_node.hpp"
#include "cli/program_world.hpp"
#include "exit_code.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace ducat::testing {

namespace {

using cli::exit_code;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A tree in a file, and the program.
class TreeCheck : public ::testing::Test {
protected:
  program_result check(const std::string& text, std::vector<std::string> options = {}) {
    std::ofstream(file_, std::ios::binary) << text;
    options.insert(options.end(), {"tree", "check", file_});
    return run_program(std::move(options));
  }

  temporary_directory folder_;
  std::string file_ = folder_.path() / "tree.toml";
};

constexpr auto doubtful = "[[children]]\n"
                          "id = 's'\n"
                          "restart = 'transient'\n"
                          "supervisor = { restarts_max = 2, children = [{ id = 'a' }] }\n"
                          "[[children]]\n"
                          "id = 'b'\n";

} // namespace

TEST_F(TreeCheck, SaysWhatIsDoubtfulAndHowOftenAChildIsStarted) {
  const auto found = check(doubtful);
  EXPECT_EQ(found.code, static_cast<int>(exit_code::failed));
  EXPECT_THAT(found.out,
              HasSubstr("warning s transient_supervisor_not_significant: if it gives up"));
  EXPECT_THAT(found.out, HasSubstr("\nstarts before the root gives up: 2 (b)\n"));
  EXPECT_THAT(found.err, IsEmpty());
}

TEST_F(TreeCheck, IsDoneIfThereAreOnlyNotes) {
  const auto found = check("restarts_max = 0\n[[children]]\nid = 'a'\n");
  EXPECT_EQ(found.code, static_cast<int>(exit_code::done));
  EXPECT_THAT(found.out, HasSubstr("note (root) no_restarts: "));
  EXPECT_THAT(found.out, HasSubstr("starts before the root gives up: 1 (a)\n"));
}

TEST_F(TreeCheck, PrintsOneLineOfACleanTree) {
  const auto found =
      run_program({"tree", "check", DUCAT_SOURCE_DIR "/apps/examples/payment_tree.toml"});
  EXPECT_EQ(found.code, static_cast<int>(exit_code::done));
  EXPECT_EQ(found.out, "starts before the root gives up: 561 (payments/w1)\n");
}

TEST_F(TreeCheck, SaysThatTheRootCannotGiveUp) {
  const auto found = check("[[children]]\nid = 'a'\nrestart = 'temporary'\n");
  EXPECT_EQ(found.out, "starts before the root gives up: no child alone can make it give up\n");
}

TEST_F(TreeCheck, PrintsOneDocument) {
  const auto document = nlohmann::json::parse(check(doubtful, {"--output", "json"}).out);
  EXPECT_EQ(document["findings"][0]["severity"], "warning");
  EXPECT_EQ(document["findings"][0]["path"], "s");
  EXPECT_EQ(document["findings"][0]["code"], "transient_supervisor_not_significant");
  EXPECT_EQ(document["starts_before_root_gives_up"], 2);
  EXPECT_EQ(document["starts"][0],
            (nlohmann::json{{"path", "s/a"}, {"starts", 3}, {"then", "stays_down"}, {"at", "s"}}));
  const auto endless = nlohmann::json::parse(
      check("[[children]]\nid = 'a'\nbackoff = { initial = '9s' }\n", {"--output", "json"}).out);
  EXPECT_TRUE(endless["starts_before_root_gives_up"].is_null());
  EXPECT_TRUE(endless["starts"][0]["starts"].is_null());
  EXPECT_EQ(endless["starts"][0]["then"], "goes_on");
}

TEST_F(TreeCheck, RefusesAFileThatIsNoTree) {
  const auto refused = check("[[children]]\nid = 'a'\nrestart = 'often'\n");
  EXPECT_EQ(refused.code, static_cast<int>(exit_code::usage));
  EXPECT_THAT(refused.out, IsEmpty());
  EXPECT_THAT(refused.err, HasSubstr("tree.toml:3:11: `children[0].restart` must be"));
  const auto missing = run_program({"tree", "check", folder_.path() / "none.toml"});
  EXPECT_EQ(missing.code, static_cast<int>(exit_code::usage));
  EXPECT_THAT(missing.err, HasSubstr("there is no such file"));
}

TEST_F(TreeCheck, TakesEitherAFileOrANode) {
  EXPECT_EQ(run_program({"tree", "check"}).code, static_cast<int>(exit_code::usage));
  EXPECT_EQ(run_program({"tree", "check", "--node", file_}).code,
            static_cast<int>(exit_code::usage));
}

TEST_F(TreeCheck, ChecksTheTreeOfANode) {
  const fake_node node;
  const auto found = run_program({"--endpoint", node.endpoint(), "tree", "check", "--node"});
  EXPECT_EQ(found.code, static_cast<int>(exit_code::failed));
  EXPECT_THAT(found.out, HasSubstr("warning payments finite_shutdown_of_supervisor: if its "
                                   "children take more than 100 ms"));
  EXPECT_THAT(found.out, HasSubstr("starts before the root gives up: 18 (payments/w1)\n"));
}

TEST_F(TreeCheck, SaysThatTheNodeCannotBeReached) {
  const auto found =
      run_program({"--endpoint", "127.0.0.1:1", "--timeout", "1", "tree", "check", "--node"});
  EXPECT_EQ(found.code, static_cast<int>(exit_code::unreachable));
  EXPECT_THAT(found.out, IsEmpty());
}

TEST_F(TreeCheck, LeavesTheCommandTreeAsItIs) {
  const fake_node node;
  const auto shown = run_program({"--endpoint", node.endpoint(), "tree"});
  EXPECT_EQ(shown.code, static_cast<int>(exit_code::done));
  EXPECT_THAT(shown.out, HasSubstr("restarting  incarnation 3"));
  EXPECT_THAT(shown.out, Not(HasSubstr("starts before")));
}

} // namespace ducat::testing
