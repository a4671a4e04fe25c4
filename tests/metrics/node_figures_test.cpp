/// What is asked of a node's service, and what comes of answers that do not come.

#include "api/fake_service.hpp"
#include "metrics/node_figures.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace ducat::metrics {
namespace {

TEST(NodeFigures, AreAllThatTheServiceTells) {
  api::fake_service service;
  std::optional<node_figures> found;
  gather(service, std::chrono::steady_clock::now(), [&](node_figures all) { found = all; });
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->is_ready);
  EXPECT_TRUE(found->tree && found->status && found->nodes && found->groups && found->links);
  ASSERT_TRUE(found->measured);
  EXPECT_EQ(found->measured->entries_appended(), 7u);
  EXPECT_TRUE(found->acquirers && found->exceptions && found->dead_letters && found->availability);
}

TEST(NodeFigures, ComeWhenTheLastAnswerHasCome) {
  api::fake_service service;
  service.hold();
  std::optional<node_figures> found;
  gather(service, std::chrono::steady_clock::now(), [&](node_figures all) { found = all; });
  EXPECT_FALSE(found);
  service.release();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->status);
}

TEST(NodeFigures, AreMissingIfTheyWereNotTold) {
  api::fake_service service;
  service.ready = false;
  service.fail_with(api::make_error(v1::Error::UNAVAILABLE, "unavailable", "nobody writes"));
  std::optional<node_figures> found;
  gather(service, std::chrono::steady_clock::now(), [&](node_figures all) { found = all; });
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->is_ready);
  EXPECT_FALSE(found->status);
  EXPECT_FALSE(found->nodes);
}

} // namespace
} // namespace ducat::metrics
