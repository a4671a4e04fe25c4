/// Children that start with nothing to do.

#include "core_world.hpp"

namespace ducat::supervision {
namespace {

const exit_reason ignored{exit_kind::ignored, ""};

TEST(SupervisorCore, GoesOnBootingAfterAChildThatIgnores) { // S3, sup_start_ignore_child
  core_world world{{}, children(2)};
  world.handle(event::boot{});
  EXPECT_THAT(world.down("a1", ignored), ElementsAre("ignored a", "start b1"));
  EXPECT_THAT(world.start("b1"), ElementsAre("started b", "booted"));
  EXPECT_EQ(world.states(), "a-b+");
}

TEST(SupervisorCore, KeepsNoTraceOfATemporaryChildThatIgnores) { // S3
  core_world world{{}, children(1, temporary)};
  world.handle(event::boot{});
  EXPECT_THAT(world.down("a1", ignored), ElementsAre("ignored a", "removed a", "booted"));
  EXPECT_THAT(world.handle(event::start_child{1, {.key = 2, .id = "b", .restart = temporary}}),
              ElementsAre("start b1"));
  EXPECT_THAT(world.down("b1", ignored), ElementsAre("ignored b", "removed b", "reply 1 ok"));
  EXPECT_EQ(world.states(), "");
}

TEST(SupervisorCore, CountsTheStartOfAChildThatIgnoresAsASuccess) { // S3, S40
  auto world = booted(one_for_one, 0, {});
  world.handle(event::start_child{1, {.key = 1, .id = "a"}});
  EXPECT_THAT(world.down("a1", ignored), ElementsAre("ignored a", "reply 1 ok"));
  EXPECT_THAT(world.handle(event::restart_child{2, "a"}), ElementsAre("start a2"));
  EXPECT_THAT(world.down("a2", ignored), ElementsAre("ignored a", "reply 2 ok"));
  EXPECT_EQ(world.states(), "a-");
}

TEST(SupervisorCore, SaysInTheAnswerThatTheChildIgnored) { // S3: {ok, undefined}
  supervisor_core core{{}, {}};
  core.handle(event::boot{}, start_of_time);
  core.handle(event::start_child{1, {.key = 1, .id = "a"}}, start_of_time);
  const auto actions = core.handle(event::down{1, ignored}, start_of_time);
  EXPECT_EQ(std::get<action::reply>(actions.back()).answer.reason, ignored);
}

TEST(SupervisorCore, TriesAChildThatIgnoresInARestartNoMore) { // S3
  auto world = booted(rest_for_one, 1, children(3));
  world.down("b1", boom);
  world.down("c1", shutdown_reason);
  EXPECT_THAT(world.down("b2", ignored), ElementsAre("ignored b", "start c2"));
  EXPECT_THAT(world.start("c2"), ElementsAre("started c"));
  EXPECT_EQ(world.states(), "a+b-c+");
}

TEST(SupervisorCore, DoesNotShutDownForASignificantChildThatIgnores) { // S3, S46
  auto traits = children(2, transient);
  traits[0].significant = true;
  core_world world{{.auto_shutdown = auto_shutdown::any_significant}, traits};
  world.handle(event::boot{});
  EXPECT_THAT(world.down("a1", ignored), ElementsAre("ignored a", "start b1"));
}

} // namespace
} // namespace ducat::supervision
