/// What a node shows to Prometheus, as promtool reads it.

#include "api/raw_connection.hpp"
#include "watched_node.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <list>

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

TEST(MetricsPage, TakesTwentyConnectionsOfOneAddress) {
  const watched_node node;
  const int port = std::stoi(node.address().substr(node.address().rfind(':') + 1));
  std::list<testing::raw_connection> open;
  while (open.size() < 19)
    open.emplace_back(port);
  EXPECT_EQ(node.get("/alive")->status, 200);
  while (open.size() < 20) {
    testing::raw_connection& last = open.emplace_back(port);
    last.send("GET /alive HTTP/1.1\r\nHost: a\r\n\r\n");
    if (!last.receive().starts_with("HTTP/1.1 200")) // The one before may not be over yet.
      open.pop_back();
  }
  testing::raw_connection too_many{port};
  EXPECT_THAT(too_many.receive_all(), ::testing::StartsWith("HTTP/1.1 503"));
}

} // namespace
} // namespace ducat
