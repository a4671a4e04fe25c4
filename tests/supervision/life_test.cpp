#include "supervision/test_children.hpp"

#include <ducat/life.hpp>

#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace test;

/// Says which life it is; ends as it is told to.
caf::behavior introducing(caf::event_based_actor* self) {
  return {[self](int) { return life_of(self); },
          [self](const std::string& why) { end_as(self, why); }};
}

std::string asked(virtual_tree& tree, const std::string& path) {
  const auto answer = tree.system().ask<std::string>(tree.find(path).current(), 1);
  tree.system().run();
  return answer->value().value();
}

TEST(Life, IsNamedByItsPathAndIncarnation) {
  const supervisor_spec inner{.flags = {}, .children = {{.id = "b", .start = start(introducing)}}};
  virtual_tree tree{
      {.flags = {},
       .children = {{.id = "a", .supervisor = std::make_shared<const supervisor_spec>(inner)}}}};
  EXPECT_EQ(asked(tree, "a/b"), "a/b#1");
  end(tree, "a/b", "boom");
  EXPECT_EQ(asked(tree, "a/b"), "a/b#2");
}

TEST(Life, OfAnActorThatIsInNoTreeHasNoName) {
  caf::event_based_actor* none = nullptr;
  EXPECT_EQ(life_of(none), "");
}

} // namespace
} // namespace ducat
