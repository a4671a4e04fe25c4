/// Changes by hand, and questions about the children.

#include "core_world.hpp"

namespace ducat::supervision {
namespace {

TEST(SupervisorCore, KeepsAChildStoppedWhoseManualRestartFails) { // S40
  auto world = booted(one_for_one, 0, children(1, transient));
  world.down("a1", {});
  EXPECT_THAT(world.handle(event::restart_child{1, "a"}), ElementsAre("start a2"));
  EXPECT_THAT(world.down("a2", boom), ElementsAre("start_failed a", "reply 1 start_failed"));
  EXPECT_EQ(world.states(), "a-");
  EXPECT_THAT(world.retry('a'), IsEmpty());
}

TEST(SupervisorCore, KeepsNoSpecOfAChildWhoseFirstStartFails) { // S38
  auto world = booted(one_for_one, 0, {});
  EXPECT_THAT(world.handle(event::start_child{1, {.key = 1, .id = "a"}}), ElementsAre("start a1"));
  EXPECT_THAT(world.down("a1", boom),
              ElementsAre("start_failed a", "removed a", "reply 1 start_failed"));
  EXPECT_EQ(world.states(), "");
}

TEST(SupervisorCore, AnswersRequestsInTurnAfterASlowStop) { // S44
  auto world = booted(one_for_one, 0, children(2));
  world.handle(event::terminate_child{1, "a"});
  EXPECT_THAT(world.handle(event::which_children{2}), IsEmpty());
  EXPECT_THAT(world.handle(event::delete_child{3, "a"}), IsEmpty());
  EXPECT_THAT(
      world.down("a1", shutdown_reason),
      ElementsAre("down a shutdown", "reply 1 ok", "children 2 ab", "removed a", "reply 3 ok"));
}

TEST(SupervisorCore, RefusesWhatWaitsWhenItEnds) {
  auto world = booted(one_for_one, 0, children(1));
  world.down("a1", boom);
  auto stopping = booted(one_for_one, 0, children(1));
  stopping.handle(event::stop{shutdown_reason});
  stopping.handle(event::which_children{1});
  stopping.handle(event::restart_child{2, "a"});
  EXPECT_THAT(stopping.down("a1", shutdown_reason),
              ElementsAre("down a shutdown", "refuse 1", "refuse 2", "finish shutdown"));
}

TEST(SupervisorCore, CountsNoChangeByHandAsARestart) { // S16
  auto world = booted(one_for_one, 1, children(1));
  for (const char* const life : {"a1", "a2", "a3"}) {
    world.handle(event::terminate_child{1, "a"});
    world.down(life, shutdown_reason);
    world.handle(event::restart_child{2, "a"});
    world.start("a" + std::to_string(life[1] - '0' + 1));
  }
  EXPECT_EQ(world.down("a4", boom).back(), "start a5");
}

TEST(SupervisorCore, CountsAChildThatDoesNotRunAsNotActive) { // S42, count_restarting_children
  auto world = booted(one_for_one, 9, children(4));
  world.handle(event::terminate_child{1, "a"});
  world.down("a1", shutdown_reason);
  world.down("b1", boom);
  world.down("b2", boom); // b is restarting.
  EXPECT_THAT(world.handle(event::count_children{2}),
              ElementsAre("counts 2 specs=4 active=2 supervisors=0 workers=4"));
}

TEST(SupervisorCore, CountsSupervisorsAndWorkersApart) { // S42, count_children_supervisor
  auto traits = children(3);
  traits[1].is_supervisor = true;
  auto world = booted(one_for_one, 0, traits);
  world.handle(event::terminate_child{1, "b"});
  world.down("b1", shutdown_reason);
  EXPECT_THAT(world.handle(event::count_children{2}),
              ElementsAre("counts 2 specs=3 active=2 supervisors=1 workers=2"));
}

TEST(SupervisorCore, CountsAThousandChildren) { // S42, count_children
  std::vector<child_traits> many;
  for (child_key key = 1; key <= 1'000; ++key)
    many.push_back({.key = key, .id = std::to_string(key)});
  supervisor_core core{{}, std::move(many)};
  core.handle(event::boot{}, start_of_time);
  for (life_id life = 1; life <= 1'000; ++life)
    core.handle(event::started{life}, start_of_time);
  const auto actions = core.handle(event::count_children{1}, start_of_time);
  EXPECT_EQ(std::get<action::reply_counts>(actions.back()).counts,
            (child_counts{.specs = 1'000, .active = 1'000, .supervisors = 0, .workers = 1'000}));
}

TEST(SupervisorCore, NamesOneChildOrNone) { // S42, which_child/2
  auto world = booted(one_for_one, 0, children(2));
  EXPECT_THAT(world.handle(event::which_child{1, "b"}), ElementsAre("children 1 b"));
  EXPECT_THAT(world.handle(event::which_child{2, "z"}), ElementsAre("children 2 "));
}

} // namespace
} // namespace ducat::supervision
