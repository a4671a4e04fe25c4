/// What a node shows to Prometheus, as promtool reads it.

#include "watched_node.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

namespace ducat {
namespace {

using ::testing::HasSubstr;
using testing::watched_node;

TEST(MetricsPage, ShowsWhatTheNodeIs) {
  const watched_node node;
  const auto page = node.get("/metrics");
  ASSERT_TRUE(page);
  EXPECT_THAT(page->body, HasSubstr("ducat_node_ready 1\n"));
  EXPECT_THAT(page->body, HasSubstr("ducat_node_info{node=\"node1\""));
  EXPECT_THAT(page->body, HasSubstr("ducat_child_running{child=\"ledger\"} 1\n"));
  EXPECT_THAT(page->body, HasSubstr("ducat_child_running{child=\"payments/w1\"} 1\n"));
  EXPECT_EQ(node.get("/ready")->status, 200);
  EXPECT_EQ(node.get("/v1/status")->status, 404);
}

TEST(MetricsPage, IsAsPrometheusWantsIt) {
  if (std::string{DUCAT_PROMTOOL}.ends_with("NOTFOUND"))
    GTEST_SKIP() << "there is no promtool";
  const watched_node node;
  const testing::temporary_directory directory;
  const auto file = directory.path() / "metrics";
  std::ofstream{file} << node.get("/metrics")->body;
  const std::string command = std::string{DUCAT_PROMTOOL} + " check metrics < " + file.string();
  EXPECT_EQ(std::system(command.c_str()), 0);
}

} // namespace
} // namespace ducat
