/// A tree that goes to a client and back is the same to the linter.

#include "api/spec_view.hpp"
#include "tree/node_tree.hpp"
#include "tree/tree_file.hpp"

#include <ducat/lint.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat::cli {
namespace {

using ::testing::HasSubstr;

v1::TreeReply reply_with(const supervisor_spec& spec) {
  v1::TreeReply reply;
  *reply.mutable_spec() = api::view_of(spec);
  return reply;
}

/// A spec in which no value that the linter looks at is its default.
supervisor_spec unusual() {
  using namespace std::chrono_literals;
  const auto nothing = [](caf::event_based_actor*, const caf::message&) -> caf::behavior {
    return {};
  };
  child_spec worker{.id = "a",
                    .start = {.body = nothing},
                    .restart = transient,
                    .shutdown = 7s,
                    .backoff = {.initial = 1ms, .max = 2ms, .jitter_percent = 3},
                    .mailbox = {.fate = mailbox_fate::keep_rest,
                                .capacity = 4,
                                .in_hand_max = 5,
                                .poison_after = 6},
                    .handler_budget = 8ms,
                    .significant = true};
  child_spec pool{
      .id = "p", .start = {.body = nothing}, .restart = temporary, .shutdown = brutal_kill};
  pool.pool = pool_spec{.size = 9, .restarts_max = 10, .window = 11ms};
  const supervisor_spec inner{.flags = {.strategy = rest_for_one,
                                        .restarts_max = 12,
                                        .window = 13ms,
                                        .auto_shutdown = auto_shutdown::all_significant},
                              .children = {worker, pool}};
  return {.flags = {.restarts_max = 14},
          .children = {{.id = "s",
                        .shutdown = wait_forever,
                        .supervisor = std::make_shared<const supervisor_spec>(inner)}}};
}

TEST(NodeTree, IsTheSameOnceItHasBeenSent) {
  const auto sent = reply_with(unusual());
  const auto got = tree_of(sent);
  ASSERT_TRUE(got) << got.error();
  EXPECT_EQ(reply_with(*got).DebugString(), sent.DebugString());
  EXPECT_EQ(got->flags.restarts_max, 14u);
  const child_spec& worker = got->children.at(0).supervisor->children.at(0);
  EXPECT_EQ(worker.restart, transient);
  EXPECT_EQ(worker.backoff.jitter_percent, 3u);
  EXPECT_EQ(worker.mailbox.poison_after, 6u);
  EXPECT_TRUE(worker.significant);
  const child_spec& pool = got->children.at(0).supervisor->children.at(1);
  EXPECT_EQ(pool.shutdown, brutal_kill);
  EXPECT_EQ(pool.pool->restarts_max, 10u);
  EXPECT_EQ(got->children.at(0).shutdown, wait_forever);
}

TEST(NodeTree, KeepsAShutdownThatIsLeftOut) {
  auto spec = unusual();
  spec.children[0].shutdown = std::nullopt;
  EXPECT_EQ(tree_of(reply_with(spec))->children.at(0).shutdown, std::nullopt);
}

TEST(NodeTree, IsRefusedIfTheNodeDoesNotTellItOrInOtherWords) {
  EXPECT_THAT(tree_of({}).error().message, HasSubstr("does not tell the spec"));
  auto reply = reply_with(unusual());
  reply.mutable_spec()->set_strategy("none_for_one");
  EXPECT_THAT(tree_of(reply).error().message, HasSubstr("`none_for_one`"));
  reply = reply_with(unusual());
  reply.mutable_spec()->mutable_children(0)->set_shutdown("gently");
  EXPECT_THAT(tree_of(reply).error().message, HasSubstr("`gently`"));
  reply = reply_with(unusual());
  reply.mutable_spec()->mutable_children(0)->set_id("");
  EXPECT_THAT(tree_of(reply).error().message, HasSubstr("an id is"));
}

} // namespace
} // namespace ducat::cli
