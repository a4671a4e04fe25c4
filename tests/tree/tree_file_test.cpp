/// Trees as files.

#include "support/temporary_directory.hpp"
#include "tree/tree_file.hpp"

#include <ducat/lint.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <ostream>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Returns the tree of a file `tree.toml` that holds `text`; messages are without its folder.
result<supervisor_spec> load(std::string_view text) {
  const testing::temporary_directory folder;
  const auto file = folder.path() / "tree.toml";
  std::ofstream(file, std::ios::binary) << text;
  return load_tree(file).map_error([&](error why) {
    const auto prefix = folder.path().string() + "/";
    EXPECT_EQ(why.message.substr(0, prefix.size()), prefix);
    return error{why.code, why.message.substr(prefix.size())};
  });
}

TEST(TreeFile, TakesEveryKeyOfASupervisor) {
  const auto tree = load("strategy = 'rest_for_one'\n"
                         "restarts_max = 7\n"
                         "window = '3s'\n"
                         "auto_shutdown = 'all_significant'\n"
                         "[[children]]\n"
                         "id = 'a'\n"
                         "restart = 'temporary'\n"
                         "significant = true\n");
  ASSERT_TRUE(tree) << tree.error();
  EXPECT_EQ(tree->flags.strategy, rest_for_one);
  EXPECT_EQ(tree->flags.restarts_max, 7u);
  EXPECT_EQ(tree->flags.window, 3s);
  EXPECT_EQ(tree->flags.auto_shutdown, auto_shutdown::all_significant);
  ASSERT_EQ(tree->children.size(), 1u);
  EXPECT_EQ(tree->children[0].restart, temporary);
  EXPECT_TRUE(tree->children[0].significant);
}

TEST(TreeFile, TakesEveryKeyOfAWorker) {
  const auto tree = load("[[children]]\n"
                         "id = 'a'\n"
                         "restart = 'transient'\n"
                         "shutdown = '250ms'\n"
                         "handler_budget = '2min'\n"
                         "backoff = { initial = '10ms', max = '1s', jitter_percent = 50 }\n"
                         "[children.mailbox]\n"
                         "fate = 'keep'\n"
                         "capacity = 5\n"
                         "in_hand_max = 2\n"
                         "poison_after = 4\n");
  ASSERT_TRUE(tree) << tree.error();
  const child_spec& child = tree->children.at(0);
  EXPECT_EQ(child.restart, transient);
  EXPECT_EQ(child.shutdown, shutdown_policy{250ms});
  EXPECT_EQ(child.handler_budget, 2min);
  EXPECT_EQ(child.backoff.initial, 10ms);
  EXPECT_EQ(child.backoff.max, 1s);
  EXPECT_EQ(child.backoff.jitter_percent, 50u);
  EXPECT_EQ(child.mailbox.fate, mailbox_fate::keep);
  EXPECT_EQ(child.mailbox.capacity, 5u);
  EXPECT_EQ(child.mailbox.in_hand_max, 2u);
  EXPECT_EQ(child.mailbox.poison_after, 4u);
}

TEST(TreeFile, TakesEveryKeyOfAPool) {
  const auto tree = load("[[children]]\n"
                         "id = 'p'\n"
                         "[children.pool]\n"
                         "size = 2\n"
                         "policy = 'weighted_round_robin'\n"
                         "weights = [3, 1]\n"
                         "redundancy = { nodes = ['n1', 'n2'], mode = 'primary_backup', "
                         "standby = 'hot', takeover = true }\n"
                         "seed = 9\n"
                         "restarts_max = 11\n"
                         "window = '4s'\n"
                         "in_flight_max = 5\n"
                         "pending_max = 6\n"
                         "retries_max = 7\n"
                         "breaker = { failures_max = 1, failure_percent = 2, sample = 3, "
                         "pause = '8ms' }\n");
  ASSERT_TRUE(tree) << tree.error();
  const pool_spec& pool = tree->children.at(0).pool.value();
  EXPECT_EQ(pool.size, 2u);
  EXPECT_EQ(pool.policy, route::weighted_round_robin);
  EXPECT_EQ(pool.weights, (std::vector<std::uint32_t>{3, 1}));
  ASSERT_TRUE(pool.redundancy);
  EXPECT_EQ(pool.redundancy->nodes, (std::vector<std::string>{"n1", "n2"}));
  EXPECT_EQ(pool.redundancy->mode, redundancy_mode::primary_backup);
  EXPECT_EQ(pool.redundancy->standby, standby_policy::hot);
  EXPECT_TRUE(pool.redundancy->takeover);
  EXPECT_EQ(pool.seed, 9u);
  EXPECT_EQ(pool.restarts_max, 11u);
  EXPECT_EQ(pool.window, 4s);
  EXPECT_EQ(pool.in_flight_max, 5u);
  EXPECT_EQ(pool.pending_max, 6u);
  EXPECT_EQ(pool.retries_max, 7u);
  EXPECT_EQ(pool.breaker.failures_max, 1u);
  EXPECT_EQ(pool.breaker.failure_percent, 2u);
  EXPECT_EQ(pool.breaker.sample, 3u);
  EXPECT_EQ(pool.breaker.pause, 8ms);
}

TEST(TreeFile, NestsSupervisorsInTheOrderOfTheFile) {
  const auto tree = load("[[children]]\n"
                         "id = 's'\n"
                         "shutdown = 'infinity'\n"
                         "[children.supervisor]\n"
                         "restarts_max = 3\n"
                         "[[children.supervisor.children]]\n"
                         "id = 'b'\n"
                         "shutdown = 'brutal_kill'\n"
                         "[[children.supervisor.children]]\n"
                         "id = 'a'\n"
                         "[[children]]\n"
                         "id = 't'\n");
  ASSERT_TRUE(tree) << tree.error();
  ASSERT_EQ(tree->children.size(), 2u);
  EXPECT_EQ(tree->children[0].shutdown, wait_forever);
  EXPECT_EQ(tree->children[1].id, "t");
  const auto inner = tree->children[0].supervisor;
  ASSERT_NE(inner, nullptr);
  EXPECT_EQ(inner->flags.restarts_max, 3u);
  ASSERT_EQ(inner->children.size(), 2u);
  EXPECT_EQ(inner->children[0].id, "b");
  EXPECT_EQ(inner->children[0].shutdown, brutal_kill);
  EXPECT_EQ(inner->children[1].id, "a");
}

TEST(TreeFile, KeepsTheDefaultsOfWhatIsLeftOut) {
  const auto tree = load("[[children]]\nid = 'a'\n[[children]]\nid = 'p'\npool = {}\n");
  ASSERT_TRUE(tree) << tree.error();
  const child_spec expected{.id = "a"};
  const child_spec& child = tree->children.at(0);
  EXPECT_EQ(tree->flags.restarts_max, supervisor_flags{}.restarts_max);
  EXPECT_EQ(child.restart, expected.restart);
  EXPECT_EQ(child.shutdown, expected.shutdown);
  EXPECT_EQ(child.backoff.max, expected.backoff.max);
  EXPECT_EQ(tree->children.at(1).pool.value().restarts_max, pool_spec{}.restarts_max);
}

struct wrong_file {
  std::string_view text;
  std::string message;
};

std::ostream& operator<<(std::ostream& out, const wrong_file& file) {
  return out << file.text;
}

class WrongTree : public ::testing::TestWithParam<wrong_file> {};

TEST_P(WrongTree, IsRefusedWithThePlaceAndTheKey) {
  const auto tree = load(GetParam().text);
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, errc::invalid_argument);
  EXPECT_THAT(tree.error().message, StartsWith(GetParam().message));
}

constexpr auto a_child = "[[children]]\nid = 'a'\n";

std::string child_with(const std::string& line) {
  return a_child + line;
}

TEST(TreeFile, RefusesEachWrongValueOfAChildWithItsPlace) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"colour = 'red'", "3:1: `children[0].colour` is not known"},
      {"restart = 'always'", "3:11: `children[0].restart` must be permanent, transient or temp"},
      {"restart = 1", "3:11: `children[0].restart` must be permanent"},
      {"shutdown = 'soon'", R"(3:12: `children[0].shutdown` must be "infinity", "brutal_kill" or)"},
      {"shutdown = 5", "3:12: `children[0].shutdown` must be"},
      {"shutdown = '-1s'", "3:12: `children[0].shutdown` must be"},
      {"significant = 'yes'", "3:15: `children[0].significant` must be true or false"},
      {"handler_budget = 'infinity'", "3:18: `children[0].handler_budget` must be a duration"},
      {"handler_budget = '5 s'", "3:18: `children[0].handler_budget` must be a duration"},
      {"handler_budget = '5h'", "3:18: `children[0].handler_budget` must be a duration"},
      {"handler_budget = ''", "3:18: `children[0].handler_budget` must be a duration"},
      {"handler_budget = '9999999999999min'", "3:18: `children[0].handler_budget` must be a dura"},
      {"backoff = '1s'", "3:11: `children[0].backoff` must be a table"},
      {"backoff = { first = '1s' }", "3:13: `children[0].backoff.first` is not known"},
      {"backoff = { max = 1 }", "3:19: `children[0].backoff.max` must be a duration"},
      {"backoff = { jitter_percent = -1 }", "3:30: `children[0].backoff.jitter_percent` must be"},
      {"backoff = { jitter_percent = 101 }", "1:1: a: backoff.jitter_percent is at most 100"},
      {"mailbox = { fate = 'burn' }", "3:20: `children[0].mailbox.fate` must be drop, keep or ke"},
      {"mailbox = { capacity = 4294967296 }", "3:24: `children[0].mailbox.capacity` must be a nu"},
      {"mailbox = { capacity = 1.5 }", "3:24: `children[0].mailbox.capacity` must be a number"},
      {"mailbox = { in_hand_max = 0 }", "1:1: a: capacity, in_hand_max and poison_after"},
      {"pool = 8", "3:8: `children[0].pool` must be a table"},
      {"pool = { policy = 'luck' }", "3:19: `children[0].pool.policy` must be round_robin, weig"},
      {"pool = { weights = 3 }", "3:20: `children[0].pool.weights` must be an array of numbers"},
      {"pool = { redundancy = { nodes = 'n1' } }",
       "3:33: `children[0].pool.redundancy.nodes` must be an array of strings"},
      {"pool = { redundancy = { mode = 'twin' } }", "3:32: `children[0].pool.redundancy.mode`"},
      {"pool = { weights = ['a'] }", "3:21: `children[0].pool.weights` must be a number"},
      {"pool = { breaker = { pause = 1 } }", "3:30: `children[0].pool.breaker.pause` must be a"},
      {"pool = { size = 0 }", "1:1: a: pool.size is at least 1"},
      {"supervisor = 'b'", "3:14: `children[0].supervisor` must be a table"},
      {"supervisor = { window = 5 }", "3:25: `children[0].supervisor.window` must be a duration"},
      {"supervisor = { children = [{ }] }", "3:28: `children[0].supervisor.children[0].id` is mi"},
      {"supervisor = { children = [{ id = 1 }] }", "3:35: `children[0].supervisor.children[0].id"},
      {"supervisor = { children = [{ id = 'a b' }] }", "3:28: a/a b: an id is 1 to 64"},
      {"supervisor = { }\npool = { }", "1:1: a: pool is only for a child with start"},
      {"significant = true", "1:1: a: a permanent child is never significant"},
  };
  for (const auto& [line, message] : wrong) {
    const auto tree = load(child_with(line));
    ASSERT_FALSE(tree) << line;
    EXPECT_EQ(tree.error().code, errc::invalid_argument) << line;
    EXPECT_THAT(tree.error().message, StartsWith("tree.toml:" + message)) << line;
  }
}

INSTANTIATE_TEST_SUITE_P(
    TreeFile, WrongTree,
    ::testing::Values(
        wrong_file{"name = 'a'", "tree.toml:1:1: `name` is not known"},
        wrong_file{"strategy = 'all_for_one'", "tree.toml:1:12: `strategy` must be one_for_one, "},
        wrong_file{"restarts_max = -1", "tree.toml:1:16: `restarts_max` must be a number, 0 to"},
        wrong_file{"restarts_max = '3'", "tree.toml:1:16: `restarts_max` must be a number"},
        wrong_file{"window = 'long'", "tree.toml:1:10: `window` must be a duration"},
        wrong_file{"window = '0s'", "tree.toml:1:1: the root: window is more than 0"},
        wrong_file{"auto_shutdown = true", "tree.toml:1:17: `auto_shutdown` must be never, any_"},
        wrong_file{"[children]\nid = 'a'", "tree.toml:1:1: `children` must be an array of tables"},
        wrong_file{"children = [1]", "tree.toml:1:13: `children[0]` must be a table"},
        wrong_file{"[[children]]\nrestart = 'permanent'", "tree.toml:1:1: `children[0].id` is mis"},
        wrong_file{"[[children]]\nid = 'a'\n[[children]]\nid = 'a'",
                   "tree.toml:3:1: a: this id is used twice"},
        wrong_file{"strategy = 'simple_one_for_one'", "tree.toml:1:1: the root: simple_one_for_"},
        wrong_file{"window = '1s'\nwindow = '2s'", "tree.toml:2:"},
        wrong_file{"window =", "tree.toml:1:"}, wrong_file{"window = '\xff'", "tree.toml:1:"}));

TEST(TreeFile, TellsThatAFileIsMissingOrNone) {
  const auto missing = load_tree("no-such-folder/tree.toml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, errc::not_found);
  EXPECT_THAT(missing.error().message, HasSubstr("no-such-folder/tree.toml"));
  const testing::temporary_directory folder;
  EXPECT_EQ(load_tree(folder.path()).error().code, errc::io);
}

TEST(ExampleTree, IsCleanAndSaysHowOftenAChildIsStarted) {
  const auto tree = load_tree(DUCAT_SOURCE_DIR "/apps/examples/payment_tree.toml");
  ASSERT_TRUE(tree) << tree.error();
  const lint_report report = lint(*tree);
  EXPECT_TRUE(report.findings.empty()) << report.findings.front();
  ASSERT_NE(report.starts_before_root_gives_up(), nullptr);
  EXPECT_EQ(report.starts_before_root_gives_up()->starts, 11u * 51u);
}

} // namespace
} // namespace ducat::cli
