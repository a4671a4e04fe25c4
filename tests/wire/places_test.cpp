/// How many connections a port serves, and of whom.
#include "wire/endpoint.hpp"
#include "wire/places.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ducat::wire {
namespace {

boost::asio::ip::address at(const char* text) {
  return boost::asio::ip::make_address(text);
}

TEST(Places, AreSoManyInAllAndOneIsFreeAgainWhenAConnectionEnds) {
  places all{{.in_all = 3, .per_address = 1'000}};
  std::vector<std::unique_ptr<places::place>> taken;
  for (const char* from : {"192.0.2.1", "192.0.2.2", "2001:db8::1"}) {
    taken.push_back(all.take(at(from)));
    EXPECT_NE(taken.back(), nullptr) << from;
  }
  EXPECT_EQ(all.taken(), 3U);
  EXPECT_EQ(all.take(at("192.0.2.3")), nullptr);
  taken.pop_back();
  EXPECT_EQ(all.taken(), 2U);
  EXPECT_NE(all.take(at("192.0.2.3")), nullptr);
}

TEST(Places, AreSoManyOfOneAddressAndThoseOfOthersStayFree) {
  places all{{.in_all = 1'000, .per_address = 3}};
  std::vector<std::unique_ptr<places::place>> taken;
  for (int i = 0; i < 3; ++i) {
    taken.push_back(all.take(at("192.0.2.1")));
    EXPECT_NE(taken.back(), nullptr) << i;
  }
  EXPECT_EQ(all.take(at("192.0.2.1")), nullptr);
  EXPECT_NE(all.take(at("192.0.2.2")), nullptr);
  taken.pop_back();
  EXPECT_NE(all.take(at("192.0.2.1")), nullptr);
}

TEST(Places, OfIpv6AreThoseOfANetwork) {
  places all{{.in_all = 1'000, .per_address = 1}};
  const auto first = all.take(at("2001:db8:1:2::1"));
  const auto mapped = all.take(at("::ffff:192.0.2.1"));
  EXPECT_EQ(all.take(at("2001:db8:1:2:3:4:5:6")), nullptr);
  EXPECT_EQ(all.take(at("192.0.2.1")), nullptr);
  EXPECT_NE(all.take(at("2001:db8:1:3::1")), nullptr);
}

TEST(Peer, IsAnAddressOrANetwork) {
  const auto peer = [](const char* text) { return peer_of(at(text)).to_string(); };
  EXPECT_EQ(peer("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(peer("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(peer("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
  EXPECT_NE(peer("2001:db8:1:2::1"), peer("2001:db8:1:3::1"));
}

} // namespace
} // namespace ducat::wire
