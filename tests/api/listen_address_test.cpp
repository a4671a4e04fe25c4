#include "api/listen_address.hpp"

#include <gtest/gtest.h>

namespace ducat::api {

TEST(ListenAddress, IsAHostAndAPort) {
  EXPECT_EQ(to_string(parse_listen_address("10.0.0.1:65535").value()), "10.0.0.1:65535");
  EXPECT_EQ(to_string(parse_listen_address("[::1]:0").value()), "[::1]:0");
  EXPECT_EQ(parse_listen_address("example.org:80")->host, "example.org");
}

TEST(ListenAddress, IsNothingElse) {
  for (const char* text :
       {"", ":", "host", "host:", ":80", "host:65536", "host:-1", "host:+1", "host:8o", "[host]:80",
        "[1.2.3.4]:80", "::1:80", "[::1]", "[]:80", "[::1:80", "host: 80"})
    EXPECT_EQ(parse_listen_address(text).error().code, errc::invalid_argument) << text;
}

TEST(ListenAddress, IsOnTheLoopbackOrRefused) {
  for (const char* text : {"127.0.0.1:0", "127.9.9.9:1", "[::1]:0", "localhost:7410"})
    EXPECT_TRUE(parse_loopback_address(text)) << text;
  for (const char* text :
       {"0.0.0.0:0", "[::]:0", "192.168.0.1:80", "128.0.0.1:80", "127.0.0.1.evil.example:80"})
    EXPECT_EQ(parse_loopback_address(text).error().code, errc::not_permitted) << text;
}

} // namespace ducat::api
