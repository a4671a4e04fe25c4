/// The tree that runs, read back as a spec.

#include "supervision/test_children.hpp"

#include <ducat/dynamic_children.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using namespace test;
using ::testing::ElementsAre;

/// A tree whose directory a test reads.
class running_tree {
public:
  explicit running_tree(const supervisor_spec& spec) {
    auto root = start_tree(system_.get(), spec, {.directory = names_});
    EXPECT_TRUE(root);
    root_ = *root;
  }

  running_tree(const running_tree&) = delete;
  running_tree& operator=(const running_tree&) = delete;

  ~running_tree() { stop_tree(system_.get(), root_); }

  change_outcome change(const std::string& path, change_request how) {
    const auto answer = system_.ask<change_reply>(names_->find(path).own(), std::move(how));
    system_.run();
    return answer->value().value().outcome;
  }

  void end(const std::string& path, const std::string& how) {
    caf::anon_send(names_->find(path).current(), how);
    system_.run();
  }

  supervisor_spec spec() const { return names_->spec(); }

private:
  virtual_system system_;
  std::shared_ptr<directory> names_ = std::make_shared<directory>();
  caf::actor root_;
};

std::vector<std::string> ids_of(const supervisor_spec& spec) {
  std::vector<std::string> ids;
  for (const child_spec& child : spec.children)
    ids.push_back(child.id);
  return ids;
}

supervisor_spec with_inner(supervisor_spec inner) {
  return {.flags = {.restarts_max = 7},
          .children = {{.id = "inner",
                        .supervisor = std::make_shared<const supervisor_spec>(std::move(inner))}}};
}

TEST(DirectorySpec, IsTheSpecThatWasStarted) {
  auto inner = three_of(rest_for_one, 4);
  inner.children[1].shutdown = 3s;
  inner.children[2].handler_budget = 9s;
  const running_tree tree{with_inner(inner)};
  const supervisor_spec found = tree.spec();
  EXPECT_EQ(found.flags.restarts_max, 7u);
  ASSERT_THAT(ids_of(found), ElementsAre("inner"));
  const supervisor_spec& below = *found.children[0].supervisor;
  EXPECT_EQ(below.flags.strategy, rest_for_one);
  EXPECT_EQ(below.flags.restarts_max, 4u);
  ASSERT_THAT(ids_of(below), ElementsAre("a", "b", "c"));
  EXPECT_EQ(below.children[1].shutdown, shutdown_policy{3s});
  EXPECT_EQ(below.children[2].handler_budget, 9s);
  EXPECT_TRUE(check(found));
}

TEST(DirectorySpec, HasTheChildrenThatWereAddedAndNotThoseThatAreGone) {
  auto inner = three_of(one_for_one);
  inner.children[0].restart = temporary;
  running_tree tree{with_inner(inner)};
  EXPECT_EQ(tree.change("inner", start_child({.id = "d", .start = start(mortal)})),
            change_outcome::ok);
  tree.end("inner/a", "normal");
  EXPECT_THAT(ids_of(*tree.spec().children[0].supervisor), ElementsAre("b", "c", "d"));
}

TEST(DirectorySpec, HasTheFlagsAndSpecsOfAChange) { // S50
  running_tree tree{with_inner(three_of(one_for_one))};
  auto next = three_of(one_for_one, 9);
  next.children[1].shutdown = 8s;
  EXPECT_EQ(tree.change("inner", change_specs(next)), change_outcome::ok);
  const supervisor_spec below = *tree.spec().children[0].supervisor;
  EXPECT_EQ(below.flags.restarts_max, 9u);
  EXPECT_EQ(below.children.at(1).shutdown, shutdown_policy{8s});
}

TEST(DirectorySpec, HasTheTemplateAndNotTheInstances) {
  supervisor_spec simple{.flags = {.strategy = simple_one_for_one},
                         .children = {{.id = "template", .start = start(mortal)}}};
  running_tree tree{with_inner(simple)};
  EXPECT_EQ(tree.change("inner", start_instance()), change_outcome::ok);
  EXPECT_THAT(ids_of(*tree.spec().children[0].supervisor), ElementsAre("template"));
}

TEST(DirectorySpec, HasThePoolAndNotItsWorkers) {
  supervisor_spec spec{.flags = {}, .children = {{.id = "p", .start = start(mortal)}}};
  spec.children[0].pool = pool_spec{.size = 3};
  const running_tree tree{spec};
  const supervisor_spec found = tree.spec();
  ASSERT_THAT(ids_of(found), ElementsAre("p"));
  EXPECT_EQ(found.children[0].pool.value().size, 3u);
}

TEST(DirectorySpec, IsEmptyWithoutATree) {
  EXPECT_TRUE(directory{}.spec().children.empty());
}

} // namespace
} // namespace ducat
