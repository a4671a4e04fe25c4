/// simple_one_for_one with real actors.

#include "supervision/test_children.hpp"

#include <ducat/dynamic_children.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::shared_ptr<int>)

namespace ducat {
namespace {

using namespace std::chrono_literals;
using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Answers what it was given; ends as it is told to.
caf::behavior named(caf::event_based_actor* self, const std::string& name, int number) {
  tell_starter(self, caf::make_message("ready " + name));
  return {[=](const std::string& why) { end_as(self, why); },
          [=](int factor) { return number * factor; }};
}

supervisor_spec all_alike(restart_type restart = permanent, std::uint32_t restarts_max = 5) {
  return {.flags = {.strategy = simple_one_for_one, .restarts_max = restarts_max},
          .children = {{.id = "terminal",
                        .start = start_template<std::string, int>(named),
                        .restart = restart}}};
}

class Instances : public ::testing::Test {
protected:
  change_reply change(const change_request& what) {
    const auto answer = tree_.system().ask<change_reply>(tree_.root(), what);
    tree_.system().run();
    return answer->value().value();
  }

  handle add(const std::string& name, int number) {
    return change(start_instance(name, number)).child;
  }

  int ask(const handle& whom, int factor) {
    const auto answer = tree_.system().ask<int>(whom.current(), factor);
    tree_.system().run();
    return answer->value().value();
  }

  virtual_tree tree_{all_alike()};
};

TEST_F(Instances, AreGivenWhatTheyAreStartedWith) { // simple_one_for_one_extra, extra_return
  const change_reply reply = change(start_instance(std::string{"t1"}, 21));
  EXPECT_EQ(reply.outcome, change_outcome::ok);
  EXPECT_EQ(reply.child.path(), "1");
  EXPECT_EQ(reply.info.get_as<std::string>(0), "ready t1");
  EXPECT_EQ(ask(reply.child, 2), 42);
}

TEST_F(Instances, DoNotStartWithSomethingElse) { // sup_start_child_returns_error_simple
  const change_reply reply = change(start_instance(2.5));
  EXPECT_EQ(reply.outcome, change_outcome::start_failed);
  EXPECT_EQ(reply.child, handle{});
  EXPECT_THAT(tree_.list(), IsEmpty());
}

TEST_F(Instances, AreGivenTheSameAfterARestart) { // simple_one_for_one
  const handle one = add("t1", 21);
  const handle other = add("t2", 4);
  tree_.take_events();
  end(tree_, "1", "boom");
  EXPECT_THAT(tree_.take_events(),
              ElementsAre("down 1#1 crashed: boom", "restart 1#1 1/5", "started 1#2"));
  EXPECT_EQ(ask(one, 2), 42);
  EXPECT_EQ(other.incarnation(), 1u);
}

TEST_F(Instances, AreTerminatedByTheirHandle) { // S43, child_adm_simple
  const handle one = add("t1", 1);
  add("t2", 2);
  EXPECT_EQ(change(terminate_instance(one)).outcome, change_outcome::ok);
  EXPECT_EQ(one.incarnation(), 0u);
  EXPECT_EQ(tree_.list().size(), 1u);
  EXPECT_EQ(change(terminate_instance(one)).outcome, change_outcome::ok); // It is dead already.
}

TEST_F(Instances, AreNotThoseOfAnotherSupervisor) { // S43: it lives, and is no child
  virtual_tree other{three_of(one_for_one)};
  EXPECT_EQ(change(terminate_instance(other.find("a"))).outcome, change_outcome::not_found);
  EXPECT_EQ(change(terminate_instance(tree_.find(""))).outcome, change_outcome::not_found);
  EXPECT_TRUE(other.find("a").current());
}

TEST_F(Instances, HaveNoIds) { // S43, child_adm_simple
  add("t1", 1);
  for (const auto& request : {start_child({.id = "x", .start = start(adder)}), terminate_child("1"),
                              restart_child("1"), delete_child("1")})
    EXPECT_EQ(change(request).outcome, change_outcome::simple_one_for_one);
  EXPECT_EQ(tree_.list().size(), 1u);
}

TEST_F(Instances, NeverHaveTheNumberOfOneThatIsGone) { // X3
  const handle one = add("t1", 1);
  change(terminate_instance(one));
  EXPECT_EQ(add("t2", 2).path(), "2");
  EXPECT_FALSE(one.current());
}

TEST_F(Instances, OfASimpleSupervisorAreAllStoppedAtOnce) { // S31, simple_one_for_one_shutdown
  add("t1", 1);
  add("t2", 2);
  tree_.take_events();
  stop_tree(tree_.system().get(), tree_.root());
  EXPECT_THAT(tree_.take_events(),
              ElementsAre("down 1#1 shutdown", "removed 1#1", "down 2#1 shutdown", "removed 2#1"));
}

TEST_F(Instances, GoOnAsANewTemplateSays) { // S50, code_change_simple_map
  add("t1", 21);
  supervisor_spec next = all_alike(temporary);
  EXPECT_EQ(change(change_specs(next)).outcome, change_outcome::ok);
  tree_.take_events();
  end(tree_, "1", "boom");
  EXPECT_THAT(tree_.take_events(), ElementsAre("down 1#1 crashed: boom", "removed 1#1"));
}

TEST_F(Instances, StayAsTheyAreIfTheNewStrategyIsAnother) { // S50
  EXPECT_EQ(change(change_specs(three_of(one_for_one))).outcome, change_outcome::invalid_spec);
  EXPECT_EQ(add("t1", 21).incarnation(), 1u);
}

TEST(InstancesOfANestedSupervisor, GoWithItAndNeverComeBackUnderTheirHandles) { // S37, X3
  auto nested = std::make_shared<const supervisor_spec>(all_alike(permanent, 0));
  virtual_tree tree{{.flags = {}, .children = {{.id = "terminals", .supervisor = nested}}}};
  const auto add = [&] {
    const auto answer = tree.system().ask<change_reply>(tree.find("terminals").own(),
                                                        start_instance(std::string{"t"}, 1));
    tree.system().run();
    return answer->value().value().child;
  };
  const handle one = add();
  EXPECT_EQ(one.path(), "terminals/1");
  end(tree, "terminals/1", "boom"); // One too many: it gives up, and is restarted.
  EXPECT_EQ(tree.find("terminals").incarnation(), 2u);
  EXPECT_EQ(add().path(), "terminals/2");
  EXPECT_FALSE(one.current());
}

// do_not_save_start_parameters_for_temporary_children
TEST(TemporaryInstances, KeepNothingOfWhatTheyWereGiven) {
  for (const restart_type type : {temporary, permanent}) {
    virtual_tree tree{{.flags = {.strategy = simple_one_for_one},
                       .children = {{.id = "t",
                                     .start = start_template<std::shared_ptr<int>>(
                                         [](caf::event_based_actor* self,
                                            const std::shared_ptr<int>&) { return mortal(self); }),
                                     .restart = type}}}};
    const auto given = std::make_shared<int>(7);
    tree.system().ask<change_reply>(tree.root(), start_instance(given));
    tree.system().run();
    EXPECT_EQ(tree.list().size(), 1u);
    EXPECT_EQ(given.use_count() == 1, type == temporary);
  }
}

TEST(InstancesOfOthers, AreRefusedWhereChildrenHaveIds) {
  virtual_tree tree{three_of(one_for_one)};
  for (const auto& request : {start_instance(1), terminate_instance(tree.find("a"))}) {
    const auto answer = tree.system().ask<change_reply>(tree.root(), request);
    tree.system().run();
    EXPECT_EQ(answer->value().value().outcome, change_outcome::invalid_spec);
  }
}

TEST(TellStarter, ReachesWhoStartsOrRestartsAChild) { // S3: running, with info
  const auto proud = [](caf::event_based_actor* self) -> caf::behavior {
    tell_starter(self, caf::make_message(8080));
    return {[](int value) { return value; }};
  };
  virtual_tree tree{{}};
  for (const auto& request : {start_child({.id = "d", .start = start(proud)}), terminate_child("d"),
                              restart_child("d")}) {
    const auto answer = tree.system().ask<change_reply>(tree.root(), request);
    tree.system().run();
    const change_reply reply = answer->value().value();
    const bool started = request.what != change_request::kind::terminate;
    EXPECT_EQ(reply.info.match_elements<int>(), started);
    EXPECT_EQ(reply.child, started ? tree.find("d") : handle{});
  }
}

} // namespace
} // namespace ducat
