/// The linter: for each code a tree that has it, and the nearest one that has not.

#include "supervision/count_starts.hpp"

#include <ducat/lint.hpp>

#include <caf/event_based_actor.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using enum lint_code;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

caf::behavior idle(caf::event_based_actor*) {
  return {[](int) {}};
}

child_spec worker(const std::string& id, restart_type restart = permanent) {
  return {.id = id, .start = start(idle), .restart = restart};
}

child_spec supervisor(const std::string& id, supervisor_spec inner,
                      restart_type restart = permanent) {
  return {.id = id,
          .restart = restart,
          .supervisor = std::make_shared<const supervisor_spec>(std::move(inner))};
}

child_spec pool(const std::string& id, restart_type restart = permanent) {
  child_spec made = worker(id, restart);
  made.pool = pool_spec{.size = 3};
  return made;
}

supervisor_spec of(child_spec child, supervisor_flags flags = {}) {
  return {.flags = flags, .children = {std::move(child)}};
}

/// Returns "PATH CODE" of each finding.
std::vector<std::string> findings_of(const supervisor_spec& spec) {
  const auto good = check(spec);
  EXPECT_TRUE(good) << good.error();
  std::vector<std::string> found;
  for (const lint_finding& finding : lint(spec).findings)
    found.push_back((finding.path.empty() ? "(root)" : finding.path) + " " +
                    std::string{to_string(finding.code)});
  return found;
}

std::string first_text(const supervisor_spec& spec) {
  const auto found = lint(spec).findings;
  return found.empty() ? "nothing" : found.front().text;
}

TEST(Lint, FindsNothingInAnOrdinaryTree) {
  const supervisor_spec inner{.flags = {},
                              .children = {worker("a"), worker("b", transient), pool("p")}};
  EXPECT_THAT(
      findings_of({.flags = {}, .children = {supervisor("s", inner), worker("t", temporary)}}),
      IsEmpty());
}

TEST(Lint, FindsATransientSupervisorThatNobodyMisses) { // S34
  EXPECT_THAT(findings_of(of(supervisor("s", of(worker("a")), transient))),
              ElementsAre("s transient_supervisor_not_significant"));
  EXPECT_THAT(findings_of(of(pool("p", transient))),
              ElementsAre("p transient_supervisor_not_significant"));
  auto missed = supervisor("s", of(worker("a")), transient);
  missed.significant = true;
  EXPECT_THAT(findings_of(of(missed, {.auto_shutdown = auto_shutdown::any_significant})),
              IsEmpty());
}

TEST(Lint, FindsASupervisorThatHasNotTheTimeToStop) { // S28
  auto child = supervisor("s", of(worker("a")));
  child.shutdown = 10s;
  EXPECT_THAT(findings_of(of(child)), ElementsAre("s finite_shutdown_of_supervisor"));
  EXPECT_THAT(first_text(of(child)), HasSubstr("more than 10000 ms"));
  child.shutdown = brutal_kill;
  EXPECT_THAT(findings_of(of(child)), ElementsAre("s brutal_kill_of_supervisor"));
  child.shutdown = wait_forever;
  EXPECT_THAT(findings_of(of(child)), IsEmpty());
}

TEST(Lint, TakesTheShutdownOfAPoolForThatOfItsWorkers) {
  auto child = pool("p");
  child.shutdown = 10s;
  EXPECT_THAT(findings_of(of(child)), IsEmpty());
}

TEST(Lint, FindsWaitsThatOutlastTheWindow) { // X6
  auto child = worker("a");
  child.backoff = {.initial = 1s, .max = 1s, .jitter_percent = 0};
  EXPECT_THAT(findings_of(of(child, {.restarts_max = 5, .window = 4'999ms})),
              ElementsAre("a backoff_outlasts_window"));
  EXPECT_THAT(findings_of(of(child, {.restarts_max = 5, .window = 5s})), IsEmpty())
      << "the window is closed";
  EXPECT_THAT(findings_of(of(child, {.restarts_max = 4, .window = 4'999ms})), IsEmpty());
}

TEST(Lint, ReckonsWithWaitsThatDoubleAndWithTheirJitter) { // X6
  auto child = worker("a");
  child.backoff = {.initial = 100ms, .max = 800ms, .jitter_percent = 20};
  // 80 + 160 + 320 + 640 + 640 at least.
  EXPECT_THAT(findings_of(of(child, {.restarts_max = 5, .window = 1'839ms})),
              ElementsAre("a backoff_outlasts_window"));
  EXPECT_THAT(findings_of(of(child, {.restarts_max = 5, .window = 1'840ms})), IsEmpty());
}

TEST(Lint, FindsThatAWholePoolOrSupervisorFailsTooSlowly) { // X6
  auto child = worker("a");
  child.backoff = {.initial = 1s, .max = 1s, .jitter_percent = 0};
  const auto slow = supervisor("s", of(child, {.restarts_max = 2, .window = 2s}));
  EXPECT_THAT(findings_of(of(slow, {.restarts_max = 3, .window = 5'999ms})),
              ElementsAre("s backoff_outlasts_window"));
  EXPECT_THAT(findings_of(of(slow, {.restarts_max = 3, .window = 6s})), IsEmpty());
  auto waiting = pool("p");
  waiting.backoff = child.backoff;
  waiting.pool->restarts_max = 3;
  waiting.pool->window = 2s;
  EXPECT_THAT(findings_of(of(waiting)), ElementsAre("p/w1 backoff_outlasts_window"));
}

TEST(Lint, FindsBudgetsThatMultiplyToTooMany) { // S35
  const auto tree = [](std::uint32_t outer) {
    return of(supervisor("s", of(worker("a"), {.restarts_max = 99})), {.restarts_max = outer});
  };
  EXPECT_THAT(findings_of(tree(100)), ElementsAre("s budget_too_large"));
  EXPECT_THAT(first_text(tree(100)), HasSubstr("a always fails it is started 10100 times"));
  EXPECT_THAT(findings_of(tree(99)), IsEmpty());
  EXPECT_THAT(findings_of(of(worker("a"), {.restarts_max = 10'000})),
              ElementsAre("(root) budget_too_large"));
}

TEST(Lint, FindsATemporaryChildThatARestartOfItsGroupEnds) { // S24
  const auto tree = [](strategy how, std::vector<child_spec> children, std::uint32_t restarts = 1) {
    return supervisor_spec{.flags = {.strategy = how, .restarts_max = restarts},
                           .children = std::move(children)};
  };
  const std::vector<child_spec> before{worker("t", temporary), worker("a")};
  const std::vector<child_spec> after{worker("a"), worker("t", temporary)};
  EXPECT_THAT(findings_of(tree(one_for_all, before)),
              ElementsAre("t unreachable_after_group_restart"));
  EXPECT_THAT(findings_of(tree(rest_for_one, after)),
              ElementsAre("t unreachable_after_group_restart"));
  EXPECT_THAT(findings_of(tree(rest_for_one, before)), IsEmpty());
  EXPECT_THAT(findings_of(tree(one_for_one, after)), IsEmpty());
  EXPECT_THAT(findings_of(tree(one_for_all, {worker("t", temporary), worker("u", temporary)})),
              IsEmpty());
  EXPECT_THAT(findings_of(tree(one_for_all, before, 0)), ElementsAre("(root) no_restarts"));
}

TEST(Lint, FindsAPoolWhoseWorkersNeverComeBack) {
  EXPECT_THAT(findings_of(of(pool("p", temporary))), ElementsAre("p temporary_pool"));
  EXPECT_THAT(findings_of(of(pool("p", permanent))), IsEmpty());
}

TEST(Lint, FindsAnAutoShutdownThatNoChildCanCause) { // S45
  const supervisor_flags flags{.auto_shutdown = auto_shutdown::all_significant};
  auto child = worker("a", transient);
  EXPECT_THAT(findings_of(of(child, flags)), ElementsAre("(root) auto_shutdown_never_happens"));
  child.significant = true;
  EXPECT_THAT(findings_of(of(child, flags)), IsEmpty());
}

TEST(Lint, FindsASupervisorThatIsRestartedWhenItEndsByItself) { // S49
  auto child = worker("a", transient);
  child.significant = true;
  const auto inner = of(child, {.auto_shutdown = auto_shutdown::any_significant});
  EXPECT_THAT(findings_of(of(supervisor("s", inner))),
              ElementsAre("s auto_shutdown_of_permanent_supervisor"));
  EXPECT_THAT(findings_of(of(supervisor("s", inner, temporary))), IsEmpty());
  EXPECT_THAT(findings_of(inner), IsEmpty()) << "nobody restarts the root";
}

TEST(Lint, FindsABackoffOfAChildThatIsNeverRestarted) {
  auto child = worker("a", temporary);
  child.backoff.initial = 10ms;
  EXPECT_THAT(findings_of(of(child)), ElementsAre("a backoff_never_used"));
  child.restart = transient;
  EXPECT_THAT(findings_of(of(child)), IsEmpty());
  EXPECT_THAT(findings_of(of(child, {.restarts_max = 0})),
              ElementsAre("(root) no_restarts", "a backoff_never_used"));
  auto workers = pool("p", temporary);
  workers.backoff.initial = 10ms;
  EXPECT_THAT(findings_of(of(workers)), ElementsAre("p temporary_pool", "p/w1 backoff_never_used"));
}

TEST(Lint, FindsAMailboxThatNoNextLifeGets) {
  auto child = worker("a", temporary);
  child.mailbox.fate = mailbox_fate::keep;
  EXPECT_THAT(findings_of(of(child)), ElementsAre("a mailbox_never_kept"));
  child.mailbox.fate = mailbox_fate::keep_rest;
  EXPECT_THAT(findings_of(of(child)), ElementsAre("a mailbox_never_kept"));
  child.restart = transient;
  EXPECT_THAT(findings_of(of(child)), IsEmpty());
}

TEST(Lint, FindsAHandlerBudgetOfASupervisor) {
  auto child = supervisor("s", of(worker("a")));
  child.handler_budget = 1s;
  EXPECT_THAT(findings_of(of(child)), ElementsAre("s handler_budget_never_used"));
  auto workers = pool("p");
  workers.handler_budget = 1s;
  EXPECT_THAT(findings_of(of(workers)), IsEmpty());
}

TEST(Lint, NotesThatTheFirstFailureEndsASupervisor) { // S13
  EXPECT_THAT(findings_of(of(worker("a"), {.restarts_max = 0})), ElementsAre("(root) no_restarts"));
  EXPECT_THAT(findings_of(of(worker("a", temporary), {.restarts_max = 0})), IsEmpty());
  auto workers = pool("p");
  workers.pool->restarts_max = 0;
  EXPECT_THAT(findings_of(of(workers)), ElementsAre("p no_restarts"));
}

TEST(Lint, NotesASupervisorWithoutChildren) {
  EXPECT_THAT(findings_of({}), ElementsAre("(root) supervisor_without_children"));
  EXPECT_THAT(findings_of(of(supervisor("s", {}))), ElementsAre("s supervisor_without_children"));
}

TEST(Lint, NotesAStopThatAHandlerMayOutlast) {
  auto child = worker("a");
  child.handler_budget = 5'001ms;
  EXPECT_THAT(findings_of(of(child)), ElementsAre("a shutdown_shorter_than_handler_budget"));
  child.shutdown = 5'001ms;
  EXPECT_THAT(findings_of(of(child)), IsEmpty());
  auto workers = pool("p");
  workers.handler_budget = 6s;
  EXPECT_THAT(findings_of(of(workers)), ElementsAre("p/w1 shutdown_shorter_than_handler_budget"));
}

TEST(Lint, NotesAWorkerThatCanHoldUpTheStopForEver) { // S28
  auto child = worker("a");
  child.shutdown = wait_forever;
  EXPECT_THAT(findings_of(of(child)), ElementsAre("a infinite_shutdown_of_worker"));
  child.handler_budget = 1s;
  EXPECT_THAT(findings_of(of(child)), IsEmpty());
}

TEST(Lint, TellsWarningsFromNotes) {
  EXPECT_FALSE(lint({}).has_warnings());
  EXPECT_TRUE(lint(of(pool("p", temporary))).has_warnings());
}

TEST(Lint, HasANameForEveryCode) {
  std::vector<std::string> names;
  for (int code = 1; code <= static_cast<int>(infinite_shutdown_of_worker); ++code)
    names.emplace_back(to_string(static_cast<lint_code>(code)));
  EXPECT_THAT(names, ::testing::Not(Contains("unknown")));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST(StartCount, SaturatesAtTheLargestNumber) {
  constexpr std::uint32_t all = std::numeric_limits<std::uint32_t>::max();
  supervisor_spec spec = of(worker("a"), {.restarts_max = all});
  for (int level = 0; level < 3; ++level)
    spec = of(supervisor("s", spec), {.restarts_max = all});
  const auto report = lint(spec);
  ASSERT_NE(report.starts_before_root_gives_up(), nullptr);
  EXPECT_EQ(report.starts_before_root_gives_up()->starts,
            std::numeric_limits<std::uint64_t>::max());
}

TEST(StartCount, SaturatesTheTimeToo) {
  child_spec child = worker("a");
  child.backoff = {.initial = std::chrono::milliseconds::max() / 2,
                   .max = std::chrono::milliseconds::max(),
                   .jitter_percent = 0};
  constexpr auto ever = std::chrono::milliseconds::max();
  EXPECT_EQ(supervision::time_to_exceed(child, 1, 0ms), child.backoff.initial);
  EXPECT_EQ(supervision::time_to_exceed(child, 4'000'000'000, 0ms), ever);
  EXPECT_EQ(supervision::time_to_exceed(child, 1, ever), ever);
}

TEST(StartCount, TakesTheLongestWaitForAllAfterIt) {
  child_spec child = worker("a");
  child.backoff = {.initial = 1ms, .max = 4ms, .jitter_percent = 0};
  EXPECT_EQ(supervision::time_to_exceed(child, 100, 0ms), 1ms + 2ms + 98 * 4ms);
}

TEST(StartCount, IsTheLargestOfThoseThatEndTheRoot) {
  const supervisor_spec many = of(worker("b"), {.restarts_max = 9});
  const auto report =
      lint({.flags = {},
            .children = {worker("a"), supervisor("s", many), supervisor("t", many, transient)}});
  ASSERT_NE(report.starts_before_root_gives_up(), nullptr);
  EXPECT_EQ(*report.starts_before_root_gives_up(),
            (start_count{.path = "s/b", .starts = 20, .then = start_count::end::root_gives_up}));
  EXPECT_EQ(lint(of(worker("a", temporary))).starts_before_root_gives_up(), nullptr);
}

} // namespace
} // namespace ducat
