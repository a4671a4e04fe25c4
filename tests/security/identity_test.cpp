#include <ducat/identity.hpp>

#include <gtest/gtest.h>

namespace ducat::security {
namespace {

TEST(Identity, IsReadBackFromItsUri) {
  const identity node{.cluster = "test", .kind = role::node, .name = "node-1"};
  const identity client{.cluster = "eu.prod_2", .kind = role::client, .name = "Till.7"};
  EXPECT_EQ(uri_of(node), "ducat://test/node/node-1");
  EXPECT_EQ(uri_of(client), "ducat://eu.prod_2/client/Till.7");
  EXPECT_EQ(parse_identity(uri_of(node)), node);
  EXPECT_EQ(parse_identity(uri_of(client)), client);
}

TEST(Identity, IsReadBackWhateverTheRole) {
  for (const role each : all_roles) {
    const identity who{.cluster = "test", .kind = each, .name = "anna"};
    EXPECT_EQ(parse_identity(uri_of(who)), who) << uri_of(who);
  }
  EXPECT_EQ(uri_of({"test", role::operator_, "anna"}), "ducat://test/operator/anna");
}

TEST(Identity, HasNamesOfOneToSixtyFourCharacters) {
  const std::string longest(64, 'x');
  EXPECT_TRUE(parse_identity("ducat://" + longest + "/node/" + longest));
  EXPECT_FALSE(parse_identity("ducat://" + longest + "/node/" + longest + "x"));
  EXPECT_FALSE(parse_identity("ducat://x" + longest + "/node/" + longest));
  EXPECT_TRUE(is_name("a"));
  EXPECT_FALSE(is_name(""));
}

class BadIdentity : public ::testing::TestWithParam<std::string> {};

TEST_P(BadIdentity, IsRefused) {
  const auto parsed = parse_identity(GetParam());
  ASSERT_FALSE(parsed) << GetParam();
  EXPECT_EQ(parsed.error().code, errc::invalid_argument);
}

using namespace std::string_literals;

INSTANTIATE_TEST_SUITE_P(
    Identity, BadIdentity,
    ::testing::Values("", "ducat://", "ducat:", "test/node/n1", "//test/node/n1",
                      "ducat:/test/node/n1", "ducat:///node/n1", "ducat://test//n1",
                      "ducat://test/node/", "ducat://test/node", "ducat://test", "ducat://test/n1",
                      "ducat://test/node/n1/", "ducat://test/node/n1/n2", "ducat://test//node/n1",
                      "ducat://test/root/n1", "ducat://test/Node/n1", "ducat://test/nodes/n1",
                      "DUCAT://test/node/n1", "https://test/node/n1", " ducat://test/node/n1",
                      "ducat://test/node/n1 ", "ducat://test/node/n1\n", "ducat://te st/node/n1",
                      "ducat://test/node/n%31", "ducat://test/node/n1?x=1",
                      "ducat://test/node/n1#x", "ducat://user@test/node/n1",
                      "ducat://test:1/node/n1", "ducat://test/node/n\xc3\xa4",
                      "ducat://test/node/n1\0"s, "ducat://test/node/n\0001"s,
                      "ducat://te\0st/node/n1"s));

} // namespace
} // namespace ducat::security
