// How to test an actor: crash it on virtual time, and compare the tree and the events as text.
// The part between the markers is the listing in README.md; a test keeps the two the same.

// [listing]
#include <ducat/ducat.hpp>
#include <ducat/testing.hpp>

#include <gtest/gtest.h>

#include <deque>
using namespace std::chrono_literals;

// Says whether a card may pay: three times in a minute. A new life has forgotten the old one's
// count, which does no harm here; what must last is in a machine.
caf::behavior velocity_check(caf::event_based_actor* self) {
  return {[self, paid = std::deque<ducat::time_point>{}](const std::string&) mutable {
    const auto now = self->clock().now();
    while (!paid.empty() && paid.front() + 1min <= now)
      paid.pop_front();
    if (paid.size() == 3)
      return false;
    paid.push_back(now);
    return true;
  }};
}

TEST(VelocityCheck, IsRestartedAndBeginsAfresh) {
  ducat::testing::virtual_tree tree{
      {.flags = {.restarts_max = 5},
       .children = {{.id = "card", .start = ducat::start(velocity_check), .backoff = {200ms}}}}};
  for (const bool may_pay : {true, true, true, false})
    EXPECT_EQ(tree.ask<bool>("card", std::string{"4711"}), may_pay);
  tree.advance(1min); // At once: the clock is virtual.
  EXPECT_EQ(tree.ask<bool>("card", std::string{"4711"}), true);

  tree.crash("card");
  EXPECT_EQ(tree.tree(), "card restarting #1 restarts=0\n"); // It backs off.
  EXPECT_EQ(tree.wait_until_restarted("card"), 2u);
  EXPECT_EQ(tree.tree(), "card running #2 restarts=1\n");
  EXPECT_EQ(tree.events(), "started card#1\n"
                           "down card#1 crashed: injected fault at card\n"
                           "restart card#1 1/5\n"
                           "started card#2\n");
}

// [listing]
