#include "supervision/test_children.hpp"

#include <ducat/dynamic_children.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace test;
using ::testing::ElementsAre;

class DynamicChildren : public ::testing::Test {
protected:
  change_reply change(const change_request& request) {
    const auto answer = tree_.system().ask<change_reply>(tree_.root(), request);
    tree_.system().run_to_the_end();
    return answer->value().value();
  }

  child_counts count() {
    const auto answer = tree_.system().ask<child_counts>(tree_.root(), count_children{});
    tree_.system().run();
    return answer->value().value();
  }

  std::vector<std::string> listed() {
    std::vector<std::string> lines;
    for (const child_status& child : tree_.list())
      lines.push_back(child.path + " " + std::string{to_string(child.now)});
    return lines;
  }

  virtual_tree tree_{three_of(one_for_one)};
};

TEST_F(DynamicChildren, AreAddedAtTheEnd) { // S23
  EXPECT_EQ(change(start_child({.id = "d", .start = start(mortal)})).outcome, change_outcome::ok);
  EXPECT_THAT(listed(), ElementsAre("a running", "b running", "c running", "d running"));
}

TEST_F(DynamicChildren, AreNamedInTheOrderOfTheirStart) { // S42, but in start order.
  change(start_child({.id = "d", .start = start(mortal)}));
  change(terminate_child("b"));
  const auto answer = tree_.system().ask<child_list>(tree_.root(), which_children{});
  tree_.system().run();
  std::vector<std::string> lines;
  for (const child_status& child : answer->value().value().children)
    lines.push_back(child.path + " " + std::string{to_string(child.now)});
  EXPECT_THAT(lines, ElementsAre("a running", "b stopped", "c running", "d running"));
}

TEST_F(DynamicChildren, LeaveNoTraceIfTheyDoNotStart) { // S38
  const change_reply failed = change(start_child({.id = "d", .start = start(stillborn)}));
  EXPECT_EQ(failed.outcome, change_outcome::start_failed);
  EXPECT_EQ(to_string(failed.reason), "crashed: no disk");
  EXPECT_THAT(listed(), ElementsAre("a running", "b running", "c running"));
  EXPECT_EQ(change(delete_child("d")).outcome, change_outcome::not_found);
}

TEST_F(DynamicChildren, AreRefusedIfTheIdIsTaken) { // S38
  const child_spec again{.id = "a", .start = start(mortal)};
  EXPECT_EQ(change(start_child(again)).outcome, change_outcome::already_started);
  change(terminate_child("a"));
  EXPECT_EQ(change(start_child(again)).outcome, change_outcome::already_present);
  EXPECT_THAT(listed(), ElementsAre("a stopped", "b running", "c running"));
}

TEST_F(DynamicChildren, AreRefusedIfTheSpecIsWrong) {
  const change_reply refused = change(start_child({.id = "d e", .start = start(mortal)}));
  EXPECT_EQ(refused.outcome, change_outcome::invalid_spec);
  EXPECT_THAT(refused.reason.detail, ::testing::HasSubstr("d e"));
}

TEST_F(DynamicChildren, ComeBackUnderTheSameHandleWithTheNextIncarnation) { // S40, X2, X3
  const handle a = tree_.find("a");
  change(terminate_child("a"));
  EXPECT_EQ(a.incarnation(), 0u);
  EXPECT_FALSE(a.current());
  EXPECT_EQ(change(restart_child("a")).outcome, change_outcome::ok);
  EXPECT_EQ(a.incarnation(), 2u);
  EXPECT_TRUE(a.current());
}

TEST_F(DynamicChildren, AreGoneWhenTheyAreDeleted) { // S41
  EXPECT_EQ(change(delete_child("a")).outcome, change_outcome::running);
  change(terminate_child("a"));
  EXPECT_EQ(change(delete_child("a")).outcome, change_outcome::ok);
  EXPECT_THAT(listed(), ElementsAre("b running", "c running"));
  EXPECT_EQ(change(restart_child("a")).outcome, change_outcome::not_found);
}

TEST_F(DynamicChildren, MayHaveNothingToDo) { // S3, sup_start_ignore_child
  const change_reply reply = change(start_child({.id = "d", .start = start(idler)}));
  EXPECT_EQ(reply.outcome, change_outcome::ok);
  EXPECT_EQ(reply.reason.kind, exit_kind::ignored);
  EXPECT_FALSE(tree_.find("d").current());
  EXPECT_THAT(listed(), ElementsAre("a running", "b running", "c running", "d stopped"));
  EXPECT_EQ(count(), (child_counts{.specs = 4, .active = 3, .supervisors = 0, .workers = 4}));
  EXPECT_EQ(change(restart_child("d")).reason.kind, exit_kind::ignored);
}

TEST_F(DynamicChildren, LeaveNoTraceIfTheyAreTemporaryAndHaveNothingToDo) { // S3
  const change_reply reply =
      change(start_child({.id = "d", .start = start(idler), .restart = temporary}));
  EXPECT_EQ(reply.outcome, change_outcome::ok);
  EXPECT_THAT(listed(), ElementsAre("a running", "b running", "c running"));
}

TEST_F(DynamicChildren, AreCountedWithPoolsAsSupervisors) { // S42
  change(start_child({.id = "p", .start = start(adder), .pool = pool_spec{.size = 2}}));
  change(terminate_child("b"));
  EXPECT_EQ(count(), (child_counts{.specs = 4, .active = 3, .supervisors = 1, .workers = 3}));
}

TEST_F(DynamicChildren, AreFoundById) { // S42, which_child/2
  const auto found = tree_.system().ask<child_list>(tree_.root(), which_child{"b"});
  const auto none = tree_.system().ask<child_list>(tree_.root(), which_child{"z"});
  tree_.system().run();
  ASSERT_EQ(found->value().value().children.size(), 1u);
  EXPECT_EQ(found->value().value().children[0].path, "b");
  EXPECT_TRUE(none->value().value().children.empty());
}

TEST_F(DynamicChildren, KeepTheirLivesWhenTheSpecsChange) { // S50, code_change
  const caf::actor a = tree_.find("a").current();
  EXPECT_EQ(change(change_specs({.flags = {.restarts_max = 7},
                                 .children = {{.id = "d", .start = start(adder)},
                                              {.id = "a", .start = start(adder)}}}))
                .outcome,
            change_outcome::ok);
  EXPECT_EQ(tree_.find("a").current(), a);
  EXPECT_THAT(listed(), ElementsAre("d stopped", "a running", "b running", "c running"));
  EXPECT_EQ(change(restart_child("d")).outcome, change_outcome::ok);
  tree_.take_events();
  end(tree_, "a", "boom"); // The old body knew what to do with it.
  EXPECT_THAT(tree_.take_events(),
              ElementsAre("down a#1 crashed: boom", "restart a#1 1/7", "started a#2"));
  const auto answer = tree_.system().ask<int>(tree_.find("a").current(), 1);
  tree_.system().run();
  EXPECT_EQ(answer->value().value(), 2); // The new one adds.
}

TEST_F(DynamicChildren, StayAsTheyAreIfTheNewSpecsAreWrong) { // S45, S50
  const supervisor_spec bad{
      .flags = {.restarts_max = 0},
      .children = {{.id = "a", .start = start(adder), .restart = transient, .significant = true}}};
  const change_reply refused = change(change_specs(bad));
  EXPECT_EQ(refused.outcome, change_outcome::invalid_spec);
  EXPECT_THAT(refused.reason.detail, ::testing::HasSubstr("significant needs auto_shutdown"));
  tree_.take_events();
  end(tree_, "a", "boom");
  EXPECT_THAT(tree_.take_events(),
              ElementsAre("down a#1 crashed: boom", "restart a#1 1/5", "started a#2"));
}

TEST_F(DynamicChildren, AreCheckedAgainstTheNewFlags) { // S45, S50
  const child_spec significant{
      .id = "d", .start = start(mortal), .restart = transient, .significant = true};
  EXPECT_EQ(change(start_child(significant)).outcome, change_outcome::invalid_spec);
  change(
      change_specs({.flags = {.auto_shutdown = auto_shutdown::any_significant}, .children = {}}));
  EXPECT_EQ(change(start_child(significant)).outcome, change_outcome::ok);
}

TEST_F(DynamicChildren, AreShownAsTheirNextLifeIsOnceItBegins) { // S50
  change(change_specs(
      {.flags = {},
       .children = {{.id = "a", .start = start(adder), .pool = pool_spec{.size = 1}}}}));
  EXPECT_TRUE(tree_.find("a").current());
  EXPECT_EQ(tree_.list()[0].what, child_status::role::worker);
  end(tree_, "a", "boom");
  EXPECT_EQ(tree_.list()[0].what, child_status::role::supervisor);
  EXPECT_EQ(tree_.find("a").current(), tree_.find("a/router").current());
  change(change_specs({.flags = {}, .children = {{.id = "a", .start = start(mortal)}}}));
  change(terminate_child("a"));
  change(restart_child("a"));
  EXPECT_EQ(tree_.find("a").current(), tree_.find("a").own());
  EXPECT_THAT(listed(), ElementsAre("a running", "b running", "c running"));
}

TEST_F(DynamicChildren, OfAPoolAreThoseOfItsSpec) {
  change(start_child({.id = "p", .start = start(adder), .pool = pool_spec{.size = 2}}));
  const auto answer = tree_.system().ask<change_reply>(tree_.find("p").own(), change_specs({}));
  tree_.system().run();
  EXPECT_EQ(answer->value().value().outcome, change_outcome::invalid_spec);
}

TEST(DynamicChildrenOfANestedSupervisor, AreGoneAfterItsRestart) { // S37
  auto nested = std::make_shared<const supervisor_spec>(three_of(one_for_one, 0));
  virtual_tree tree{{.flags = {}, .children = {{.id = "inner", .supervisor = nested}}}};
  const caf::actor inner = tree.find("inner").own();
  tree.system().ask<change_reply>(inner, start_child({.id = "d", .start = start(mortal)}));
  tree.system().ask<change_reply>(inner, terminate_child("a"));
  tree.system().run_to_the_end();
  EXPECT_EQ(tree.find("inner/d").incarnation(), 1u);
  end(tree, "inner/b", "boom"); // One too many: inner gives up, and is restarted.
  tree.system().run_to_the_end();
  std::vector<std::string> lines;
  for (const child_status& child : tree.list())
    lines.push_back(child.path + " " + std::string{to_string(child.now)});
  EXPECT_THAT(
      lines, ElementsAre("inner running", "inner/a running", "inner/b running", "inner/c running"));
  EXPECT_EQ(tree.find("inner/a").incarnation(), 2u);
}

TEST(DynamicChildrenOfANestedSupervisor, AreThoseOfItsParentsSpecAfterItsRestart) { // S37, S50
  auto nested = std::make_shared<const supervisor_spec>(three_of(one_for_one, 3));
  virtual_tree tree{{.flags = {}, .children = {{.id = "inner", .supervisor = nested}}}};
  const auto change = change_specs(
      {.flags = {.restarts_max = 0}, .children = {{.id = "d", .start = start(adder)}}});
  tree.system().ask<change_reply>(tree.find("inner").own(), change);
  tree.system().run();
  EXPECT_EQ(tree.list()[0].flags->restarts_max, 0u);
  EXPECT_EQ(tree.list()[1].path, "inner/d");
  end(tree, "inner/b", "boom"); // One too many by now.
  EXPECT_EQ(tree.find("inner").incarnation(), 2u);
  EXPECT_EQ(tree.list()[0].flags->restarts_max, 3u);
  EXPECT_EQ(tree.list()[1].path, "inner/a");
  EXPECT_EQ(tree.list().size(), 4u);
}

TEST(DynamicPool, ThatIsRefusedLeavesTheChildOfThatNameAlone) {
  virtual_tree tree{{.flags = {}, .children = {{.id = "a", .start = start(adder)}}}};
  auto pool = start_child({.id = "a", .start = start(adder), .pool = pool_spec{.size = 2}});
  tree.system().ask<change_reply>(tree.root(), pool);
  tree.system().run();
  EXPECT_EQ(tree.find("a").current(), tree.find("a").own());
  EXPECT_TRUE(tree.find("a").current());
}

TEST(DynamicChildrenOfACrashedSupervisor, MayHaveBeenAddedOrNot) {
  const auto slow = [](caf::event_based_actor* self) -> caf::behavior {
    self->set_exit_handler([](caf::exit_msg&) {});
    return {[](int) {}};
  };
  virtual_tree tree{{.flags = {}, .children = {{.id = "a", .start = start(slow)}}}};
  const auto answer = tree.system().ask<change_reply>(tree.root(), terminate_child("a"));
  tree.system().run(); // It waits for the end of a.
  EXPECT_FALSE(answer->has_value());
  caf::anon_send_exit(tree.root(), caf::exit_reason::kill);
  tree.system().run();
  EXPECT_EQ(answer->value().error().code, errc::outcome_unknown);
}

TEST(DynamicPool, CanBeAddedAndRemovedWhole) {
  virtual_tree tree{{}};
  auto pool = start_child({.id = "p", .start = start(adder), .pool = pool_spec{.size = 2}});
  tree.system().ask<change_reply>(tree.root(), pool);
  tree.system().run();
  EXPECT_EQ(tree.list().size(), 4u);
  const auto answer = tree.system().ask<int>(tree.find("p").current(), 1);
  tree.system().run();
  EXPECT_EQ(answer->value().value(), 2);
  tree.system().ask<change_reply>(tree.root(), terminate_child("p"));
  tree.system().ask<change_reply>(tree.root(), delete_child("p"));
  tree.system().run_to_the_end();
  EXPECT_TRUE(tree.list().empty());
}

} // namespace
} // namespace ducat
