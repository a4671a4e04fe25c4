#include "api/attribution.hpp"

#include <gtest/gtest.h>

namespace ducat::api {
namespace {

using security::role;

TEST(Attribution, MakesAMerchantsKeyTheirOwn) {
  EXPECT_EQ(key_of("kiosk", "k"), "kiosk/k");
  EXPECT_NE(key_of("a", "b/c"), key_of("b", "a/c"));
  EXPECT_EQ(key_of("kiosk", std::string(249, 'x')).size(), 255u);
  const std::string longest(255, 'x');
  const std::string other = std::string(254, 'x') + 'y';
  EXPECT_EQ(key_of("kiosk", longest).size(), 71u);
  EXPECT_NE(key_of("kiosk", longest), key_of("kiosk", other));
  EXPECT_NE(key_of("kiosk", longest), key_of("bakery", longest));
}

TEST(Attribution, LeavesWhatIsNoKeyToBeRefused) {
  EXPECT_EQ(key_of("kiosk", ""), "");
  EXPECT_EQ(key_of("kiosk", "\x01"), "\x01");
  EXPECT_EQ(key_of("kiosk", std::string(256, 'x')), std::string(256, 'x'));
}

TEST(Attribution, SaysWhoDecidesWhateverTheRequestSays) {
  const access::principal anna{.role = role::operator_, .name = "anna"};
  v1::Command command;
  command.mutable_decide_payment();
  command.set_by("berta");
  attribute(command, anna, "node1");
  EXPECT_EQ(command.by(), "anna");
  command.mutable_resolve_advice();
  command.set_by("berta");
  attribute(command, anna, "node1");
  EXPECT_EQ(command.by(), "anna");
  command.mutable_settlement_exception()->mutable_dispose()->set_by("berta");
  attribute(command, anna, "node1");
  EXPECT_EQ(command.settlement_exception().dispose().by(), "anna");
  command.mutable_settlement_exception()->mutable_dispose()->set_by("berta");
  attribute(command, std::nullopt, "node1");
  EXPECT_EQ(command.settlement_exception().dispose().by(), "berta");
}

TEST(Attribution, SaysWhetherOnePersonIsEnough) {
  v1::Command command;
  command.mutable_decide_payment();
  attribute(command, access::principal{.role = role::operator_, .name = "anna"}, "node1");
  EXPECT_FALSE(command.principal().alone());
  attribute(command, access::principal{.role = role::operator_, .name = "anna", .alone = true},
            "node1");
  EXPECT_TRUE(command.principal().alone());
}

TEST(Attribution, SaysWhoAsks) {
  v1::Command command;
  command.mutable_refund_payment()->set_idempotency_key("k");
  attribute(command, std::nullopt, "node1");
  EXPECT_FALSE(command.has_principal());
  EXPECT_EQ(command.refund_payment().idempotency_key(), "k");
  attribute(command, access::principal{.role = role::operator_, .name = "anna"}, "node1");
  EXPECT_EQ(command.principal().node(), "node1");
  EXPECT_EQ(command.principal().role(), "operator");
  EXPECT_EQ(command.principal().name(), "anna");
  EXPECT_EQ(command.refund_payment().idempotency_key(), "k");
  attribute(command, access::principal{.role = role::merchant, .name = "kiosk"}, "node1");
  EXPECT_EQ(command.refund_payment().idempotency_key(), "kiosk/k");
  v1::Question question;
  attribute(question, access::principal{.role = role::viewer, .name = "anna"});
  EXPECT_EQ(question.principal().role(), "viewer");
}

} // namespace
} // namespace ducat::api
