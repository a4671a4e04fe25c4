/// S35: the linter's number of starts is what the supervisors do.

#include "supervision/test_children.hpp"

#include <ducat/dynamic_children.hpp>
#include <ducat/lint.hpp>

#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using namespace test;
using end_of = start_count::end;

child_spec worker(const std::string& id, restart_type restart = permanent) {
  return {.id = id, .start = start(mortal), .restart = restart};
}

child_spec significant(child_spec child) {
  child.significant = true;
  return child;
}

child_spec waiting(child_spec child, backoff_spec how) {
  child.backoff = how;
  return child;
}

child_spec supervisor(const std::string& id, supervisor_flags flags,
                      std::vector<child_spec> children, restart_type restart = permanent) {
  return {.id = id,
          .restart = restart,
          .supervisor = std::make_shared<const supervisor_spec>(
              supervisor_spec{.flags = flags, .children = std::move(children)})};
}

child_spec pool(const std::string& id, std::uint32_t restarts_max,
                restart_type restart = permanent) {
  child_spec made = worker(id, restart);
  made.pool = pool_spec{.size = 2, .restarts_max = restarts_max};
  return made;
}

/// A tree, and the worker of it that always fails.
struct shape {
  std::string name;
  supervisor_spec spec;
  std::string path;
};

std::ostream& operator<<(std::ostream& out, const shape& value) {
  return out << value.name;
}

std::vector<shape> all_shapes() {
  const supervisor_flags one{};
  const supervisor_flags two{.restarts_max = 2};
  const supervisor_flags none{.restarts_max = 0};
  const supervisor_flags any{.restarts_max = 2, .auto_shutdown = auto_shutdown::any_significant};
  const supervisor_flags every{.restarts_max = 2, .auto_shutdown = auto_shutdown::all_significant};
  const supervisor_flags group{.strategy = one_for_all, .restarts_max = 3};
  const supervisor_flags rest{.strategy = rest_for_one, .restarts_max = 3};
  const backoff_spec short_waits{.initial = 100ms, .max = 400ms, .jitter_percent = 0};
  const backoff_spec long_waits{.initial = 2s, .max = 20s, .jitter_percent = 0};
  const auto leaf = waiting(worker("a"), short_waits);
  return {
      {"OneLevel", {two, {worker("a")}}, "a"},
      {"NoRestarts", {none, {worker("a")}}, "a"},
      {"Transient", {two, {worker("a", transient)}}, "a"},
      {"Temporary", {two, {worker("a", temporary)}}, "a"},
      {"TwoLevels", {two, {supervisor("s", two, {worker("a")})}}, "s/a"},
      {"ThreeLevels",
       {two, {supervisor("s", one, {supervisor("t", two, {worker("a")}), worker("b")})}},
       "s/t/a"},
      {"Pool", {two, {pool("p", 3)}}, "p/w1"},
      {"TransientPool", {two, {pool("p", 3, transient)}}, "p/w1"},
      {"TemporaryPool", {two, {pool("p", 3, temporary)}}, "p/w1"},
      {"PoolBelow", {one, {supervisor("s", two, {pool("p", 3)})}}, "s/p/w1"},
      {"TransientSupervisor", {two, {supervisor("s", two, {worker("a")}, transient)}}, "s/a"},
      {"TemporarySupervisor", {two, {supervisor("s", two, {worker("a")}, temporary)}}, "s/a"},
      {"TransientSupervisorBelow",
       {two, {supervisor("s", two, {supervisor("t", one, {worker("a")}, transient)})}},
       "s/t/a"},
      {"SignificantSupervisor",
       {any, {significant(supervisor("s", two, {worker("a")}, transient))}},
       "s/a"},
      {"SignificantSupervisorBelow",
       {two, {supervisor("r", any, {significant(supervisor("s", two, {worker("a")}, transient))})}},
       "r/s/a"},
      {"SignificantTemporary",
       {two, {supervisor("s", any, {significant(worker("a", temporary))})}},
       "s/a"},
      {"SignificantTransient",
       {two, {supervisor("s", any, {significant(worker("a", transient))})}},
       "s/a"},
      {"OnlySignificant",
       {two, {supervisor("s", every, {significant(worker("a", temporary)), worker("b")})}},
       "s/a"},
      {"OneOfTwoSignificant",
       {two,
        {supervisor("s", every,
                    {significant(worker("a", temporary)), significant(worker("b", transient))})}},
       "s/a"},
      {"OneForAll", {two, {supervisor("s", group, {worker("a"), worker("b")})}}, "s/b"},
      {"RestForOne", {two, {supervisor("s", rest, {worker("a"), worker("b")})}}, "s/a"},
      {"ShortWaits", {two, {supervisor("s", two, {leaf})}}, "s/a"},
      {"ShortWaitsOfTheSupervisor",
       {two, {waiting(supervisor("s", two, {worker("a")}), short_waits)}},
       "s/a"},
      {"LongWaits", {two, {waiting(worker("a"), long_waits)}}, "a"},
      {"LongWaitsBelow", {two, {supervisor("s", two, {waiting(worker("a"), long_waits)})}}, "s/a"},
      {"LongWaitsOfTheSupervisor",
       {two, {waiting(supervisor("s", two, {worker("a")}), long_waits)}},
       "s/a"},
      // Each life of s lasts for 300 ms: two of them fit, just.
      {"SlowSupervisor",
       {{.restarts_max = 2, .window = 600ms}, {supervisor("s", two, {leaf})}},
       "s/a"},
      {"TooSlowSupervisor",
       {{.restarts_max = 2, .window = 599ms}, {supervisor("s", two, {leaf})}},
       "s/a"},
      // Lives of 300 ms make the wait the first again: 300 + 200 + 300 + 200.
      {"WaitsThatALongLifeResets",
       {{.restarts_max = 2, .window = 1'000ms},
        {waiting(supervisor("s", two, {leaf}),
                 {.initial = 200ms, .max = 300ms, .jitter_percent = 0})}},
       "s/a"},
      {"WaitsThatNoLifeResets",
       {{.restarts_max = 2, .window = 1'100ms},
        {waiting(supervisor("s", two, {leaf}),
                 {.initial = 200ms, .max = 301ms, .jitter_percent = 0})}},
       "s/a"},
  };
}

class Starts : public ::testing::TestWithParam<shape> {};

/// Lets the worker at `path` fail whenever it runs, until nothing happens any more, or `most`
/// lives.
std::uint64_t lives_of(virtual_tree& tree, const std::string& path, std::uint64_t most) {
  std::uint64_t lives = 0;
  do {
    tree.system().run();
    while (lives < most && tree.find(path).current()) {
      ++lives;
      end(tree, path, "boom");
    }
  } while (lives < most && tree.system().scheduler().trigger_timeout());
  return lives;
}

TEST_P(Starts, AreAsManyAsTheLinterSays) {
  const auto& [name, spec, path] = GetParam();
  const auto counts = lint(spec).starts;
  const auto said = std::ranges::find(counts, path, &start_count::path);
  ASSERT_NE(said, counts.end());
  bool root_ended = false; // Outlives the tree, whose end it is told of, too.
  virtual_tree tree{spec};
  ASSERT_TRUE(tree.outcome());
  tree.root()->attach_functor([&root_ended] { root_ended = true; });
  const std::uint64_t lives = lives_of(tree, path, 100);
  if (said->then == end_of::goes_on) {
    EXPECT_EQ(lives, 100u) << *said;
    EXPECT_FALSE(root_ended);
    return;
  }
  EXPECT_EQ(lives, said->starts) << *said;
  EXPECT_EQ(root_ended, said->then == end_of::root_gives_up) << *said;
  if (said->then == end_of::stays_down) {
    EXPECT_EQ(tree.find(said->at).incarnation(), 0u) << *said;
  }
}

INSTANTIATE_TEST_SUITE_P(Lint, Starts, ::testing::ValuesIn(all_shapes()),
                         [](const auto& param) { return param.param.name; });

/// Starts one instance, lets it fail whenever it runs, and returns how often it ran.
std::uint64_t lives_of_an_instance(virtual_tree& tree, const std::string& path) {
  const auto answer = tree.system().ask<change_reply>(tree.find(path).own(), start_instance());
  tree.system().run();
  EXPECT_TRUE(answer->has_value() && *answer);
  return lives_of(tree, path + "/1", 100);
}

TEST(StartsOfAnInstance, EndWithTheLifeOfItsSupervisor) { // S37
  const auto tree_of = [](std::uint32_t restarts_max) {
    return supervisor_spec{
        .flags = {.restarts_max = restarts_max},
        .children = {
            supervisor("s", {.strategy = simple_one_for_one, .restarts_max = 3}, {worker("a")})}};
  };
  virtual_tree goes_on_empty{tree_of(5)};
  EXPECT_EQ(lives_of_an_instance(goes_on_empty, "s"), 4u);
  EXPECT_EQ(lint(tree_of(5)).starts,
            (std::vector<start_count>{
                {.path = "s/a", .starts = 4, .then = end_of::stays_down, .at = "s/a"}}));
  EXPECT_EQ(goes_on_empty.find("s").incarnation(), 2u);
  virtual_tree ends{tree_of(0)};
  EXPECT_EQ(lives_of_an_instance(ends, "s"), 4u);
  EXPECT_EQ(lint(tree_of(0)).starts_before_root_gives_up()->starts, 4u);
  EXPECT_EQ(ends.find("s").incarnation(), 0u);
}

TEST(Starts, OfTheRouterCountAsThoseOfAWorker) {
  const supervisor_spec spec{.flags = {.restarts_max = 2}, .children = {pool("p", 3, transient)}};
  const auto counts = lint(spec).starts;
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[1],
            (start_count{.path = "p/router", .starts = 4, .then = end_of::stays_down, .at = "p"}));
  virtual_tree tree{spec};
  std::uint64_t lives = 0;
  while (const auto router = tree.find("p/router").current()) {
    ++lives;
    caf::anon_send_exit(router, caf::exit_reason::kill);
    tree.system().run();
  }
  EXPECT_EQ(lives, 4u);
}

} // namespace
} // namespace ducat
