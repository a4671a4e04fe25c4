/// How long an HTTP connection waits, a millisecond before, at and after each limit.
#include "api/http_wait.hpp"
#include "wire/time_limit.hpp"

#include <gtest/gtest.h>

namespace ducat::api {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1h};

bool is_too_late(http_wait what, std::chrono::milliseconds after) {
  wire::time_limit limit;
  limit.begin(start, time_max(what, {.address = {}}));
  return limit.is_over(start + after);
}

void expect_time(http_wait what, std::chrono::milliseconds most) {
  SCOPED_TRACE(static_cast<int>(what));
  EXPECT_FALSE(is_too_late(what, most - 1ms));
  EXPECT_TRUE(is_too_late(what, most)) << "at this very moment";
  EXPECT_TRUE(is_too_late(what, most + 1ms));
}

TEST(HttpWait, IsAsLongAsTheDocumentsSay) {
  expect_time(http_wait::handshake, 5s);
  expect_time(http_wait::request, 60s);
  expect_time(http_wait::head, 5s);
  expect_time(http_wait::body, 10s);
  expect_time(http_wait::taking, 10s);
  expect_time(http_wait::leaving, 2s);
}

TEST(HttpWait, IsAsLongAsTheServerWasTold) {
  const http_server_options options{
      .address = {}, .header_time_max = 1ms, .body_time_max = 2ms, .idle_time_max = 3ms};
  EXPECT_EQ(time_max(http_wait::handshake, options), 1ms);
  EXPECT_EQ(time_max(http_wait::head, options), 1ms);
  EXPECT_EQ(time_max(http_wait::body, options), 2ms);
  EXPECT_EQ(time_max(http_wait::taking, options), 2ms);
  EXPECT_EQ(time_max(http_wait::request, options), 3ms);
}

} // namespace
} // namespace ducat::api
