/// What a node refuses to start on, and what it does when its tree gives up.

#include "node/payment_node.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/inject.hpp>

#include <caf/send.hpp>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <future>

namespace ducat {
namespace {

using namespace std::chrono_literals;

TEST(Node, RefusesADataDirectoryThatIsInUse) {
  testing::temporary_directory directory;
  const auto first = node::start({.data = directory.path()}, payment::test::payment_tree);
  ASSERT_TRUE(first) << first.error();
  const auto second = node::start({.data = directory.path()}, payment::test::payment_tree);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::in_use);
}

TEST(Node, RefusesADataDirectoryOfANewerVersion) {
  testing::temporary_directory directory;
  std::ofstream{directory.path() / "DUCAT"} << "ducat 99\nid 0\n";
  const auto refused = node::start({.data = directory.path()}, payment::test::payment_tree);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::newer_version);
}

TEST(Node, RefusesADataDirectoryOfAnotherCluster) {
  testing::temporary_directory directory;
  const auto start = [&](const std::string& cluster) {
    return node::start({.cluster = cluster, .data = directory.path()}, payment::test::payment_tree);
  };
  ASSERT_TRUE(start("north"));
  EXPECT_TRUE(start("north"));
  for (const char* other : {"south", ""})
    EXPECT_EQ(start(other).error().code, errc::other_cluster) << other;
}

caf::behavior hopeless(caf::event_based_actor*) {
  throw std::runtime_error("I never start");
}

TEST(Node, RefusesToStartWithoutOneOfItsChildren) {
  testing::temporary_directory directory;
  const auto refused = node::start({.data = directory.path()}, [](node& n) {
    n.supervise({}, {{.id = "hopeless", .start = start(hopeless)}});
  });
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("hopeless"), std::string::npos) << refused.error();
}

caf::behavior idle(caf::event_based_actor*) {
  return {[](int) {}};
}

TEST(Node, TellsItsGuardianWhenTheRootGivesUp) {
  testing::temporary_directory directory;
  std::promise<void> gave_up;
  const auto running = node::start(
      {.data = directory.path(), .on_give_up = [&] { gave_up.set_value(); }},
      [](node& n) { n.supervise({.restarts_max = 0}, {{.id = "idle", .start = start(idle)}}); });
  ASSERT_TRUE(running) << running.error();
  ASSERT_TRUE(inject((*running)->find("idle"), fault_kind::crash, 0ms));
  gave_up.get_future().wait();
}

/// Recurses for ever; it just does not look so.
int recurse(const volatile int* depth) {
  volatile char page[4096];
  page[0] = static_cast<char>(*depth);
  return *depth < 0 ? 0 : recurse(depth) + page[0];
}

caf::behavior bottomless(caf::event_based_actor*) {
  return {[](int depth) { return recurse(&depth); }};
}

/// Lets an actor use up its stack in a process whose handler of SIGSEGV ends it with code 11.
void use_up_a_stack(const std::filesystem::path& data, bool detached) {
  struct sigaction action{};
  action.sa_handler = [](int) { std::_Exit(11); };
  action.sa_flags = static_cast<int>(SA_ONSTACK);
  ::sigaction(SIGSEGV, &action, nullptr);
  auto spec = start(bottomless);
  spec.detached = detached;
  const auto running = node::start(
      {.data = data}, [&](node& n) { n.supervise({}, {{.id = "bottomless", .start = spec}}); });
  caf::anon_send((*running)->find("bottomless").own(), 1);
  for (;;)
    ::pause();
}

TEST(NodeDeathTest, CanReportThatAnActorHasUsedUpItsStack) {
  const testing::temporary_directory directory;
  for (const bool detached : {false, true})
    EXPECT_EXIT(use_up_a_stack(directory.path(), detached), ::testing::ExitedWithCode(11), "");
}

/// Returns the first event of a tree, as text.
std::string first_event(const std::string& last_end) {
  testing::temporary_directory directory;
  std::vector<std::string> events;
  const auto running =
      node::start({.data = directory.path(),
                   .last_end = last_end,
                   .observer = [&](const auto& event) { events.push_back(to_string(event)); }},
                  [](node& n) { n.supervise({}, {{.id = "idle", .start = start(idle)}}); });
  EXPECT_TRUE(running) << running.error();
  EXPECT_EQ((*running)->last_end(), last_end);
  (*running)->stop();
  return events.at(0);
}

TEST(Node, TellsFirstHowTheProcessBeforeItEnded) {
  EXPECT_EQ(first_event("exit 70"), "process_restarted exit 70");
  EXPECT_EQ(first_event(""), "started idle#1");
}

} // namespace
} // namespace ducat
