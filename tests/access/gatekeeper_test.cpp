#include "access/gatekeeper.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace ducat::access {
namespace {

using namespace std::chrono_literals;
using security::role;
using kind = denial::kind;

constexpr security::calendar_time noon =
    std::chrono::sys_days{std::chrono::year{2031} / 5 / 1} + 12h;

class Gatekeeper : public ::testing::Test {
protected:
  Gatekeeper() {
    (void)security::make_token_key(home_.path(), "k1");
    keeper_ = gatekeeper::start({.cluster = "test",
                                 .token_keys = home_.path(),
                                 .limits = {.per_second = 1, .burst = 3},
                                 .now = [] { return noon; }})
                  .value();
  }

  std::string token(role who, const std::string& name, const std::string& cluster = "test") const {
    return "Bearer " + security::sign_token(
                           home_.path() / "k1.key",
                           {.who = {cluster, who, name}, .issued = noon, .expires = noon + 15min})
                           .value();
  }

  std::optional<kind> why_not(const shown& what, std::string_view request) {
    const auto who = keeper_->admit(what, request);
    return who ? std::nullopt : std::optional{who.error().why};
  }

  ::ducat::testing::temporary_directory home_;
  std::unique_ptr<gatekeeper> keeper_;
};

shown certificate(role who, const std::string& name, const std::string& cluster = "test") {
  return {.certificate = security::identity{cluster, who, name}};
}

TEST_F(Gatekeeper, KnowsWhoeverShowsACertificate) {
  const auto who = keeper_->admit(certificate(role::merchant, "kiosk"), "CreatePaymentRequest");
  ASSERT_TRUE(who);
  EXPECT_EQ(*who, (principal{.role = role::merchant, .name = "kiosk"}));
}

TEST_F(Gatekeeper, KnowsThoseWhoMayNotAskForAThing) {
  const auto who = keeper_->know(certificate(role::client, "terminal"));
  ASSERT_TRUE(who);
  EXPECT_EQ(*who, (principal{.role = role::client, .name = "terminal"}));
  EXPECT_EQ(keeper_->know({}).error().why, kind::unauthenticated);
  EXPECT_EQ(keeper_->know({.authorization = "Bearer x"}).error().why, kind::unauthenticated);
}

TEST_F(Gatekeeper, KnowsWhoeverShowsAToken) {
  const auto who =
      keeper_->admit({.authorization = token(role::settler, "anna")}, "SettlementCommand");
  ASSERT_TRUE(who) << who.error().message;
  EXPECT_EQ(*who, (principal{.role = role::settler, .name = "anna"}));
}

TEST_F(Gatekeeper, TakesTheTokenIfBothAreShown) {
  shown both = certificate(role::admin, "root");
  both.authorization = token(role::viewer, "anna");
  EXPECT_EQ(why_not(both, "CreateAccountRequest"), kind::not_allowed);
  both.authorization = "Bearer x";
  EXPECT_EQ(why_not(both, "CreateAccountRequest"), kind::unauthenticated)
      << "a bad token is not made good by a certificate";
}

TEST_F(Gatekeeper, LetsNobodyInWhomItDoesNotKnow) {
  EXPECT_EQ(why_not({}, "GetPaymentRequest"), kind::unauthenticated);
  EXPECT_EQ(why_not(certificate(role::node, "node1"), "GetPaymentRequest"), kind::unauthenticated);
  EXPECT_EQ(why_not(certificate(role::admin, "root", "other"), "GetPaymentRequest"),
            kind::unauthenticated);
  EXPECT_EQ(why_not({.authorization = token(role::admin, "root", "other")}, "GetPaymentRequest"),
            kind::unauthenticated);
  const std::string good = token(role::admin, "root");
  for (const std::string& header :
       {std::string{"Basic YTpi"}, std::string{"Bearer"}, std::string{"Bearer "}, good.substr(7),
        "Bearer  " + good.substr(7), good + " ", good + "=", "Bearer\t" + good.substr(7)})
    EXPECT_EQ(why_not({.authorization = header}, "GetPaymentRequest"), kind::unauthenticated)
        << header;
  EXPECT_EQ(why_not({.authorization = "bEARER " + good.substr(7)}, "GetPaymentRequest"),
            std::nullopt);
}

TEST_F(Gatekeeper, LetsARoleAskForItsOwn) {
  EXPECT_EQ(why_not(certificate(role::client, "till"), "GetPaymentRequest"), kind::not_allowed);
  EXPECT_EQ(why_not(certificate(role::viewer, "anna"), "CrashRequest"), kind::not_allowed);
  EXPECT_EQ(why_not(certificate(role::chaos, "anna"), "CrashRequest"), std::nullopt);
}

TEST(GatekeeperOfDualControl, SaysWhetherOnePersonIsEnough) {
  for (const bool needs_two : {true, false}) {
    gatekeeper keeper{{.cluster = "test", .dual_control = needs_two}, {}};
    const auto who = keeper.admit(certificate(role::settler, "sam"), "SettlementCommand");
    ASSERT_TRUE(who);
    EXPECT_EQ(who->alone, !needs_two);
  }
}

TEST_F(Gatekeeper, ReportsWhoeverAsksForWhatTheyMayNot) {
  std::vector<noticed> seen;
  keeper_->report_to([&](const noticed& what) { seen.push_back(what); });
  EXPECT_EQ(why_not({}, "CrashRequest"), kind::unauthenticated);
  EXPECT_EQ(why_not(certificate(role::viewer, "vera"), "StatusRequest"), std::nullopt);
  EXPECT_TRUE(seen.empty()) << "nobody, and what is allowed";
  EXPECT_EQ(why_not(certificate(role::viewer, "vera"), "CrashRequest"), kind::not_allowed);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].who, (principal{.role = role::viewer, .name = "vera"}));
  EXPECT_EQ(seen[0].action, "denied");
  EXPECT_EQ(seen[0].target, "CrashRequest");
  EXPECT_EQ(seen[0].outcome, "role_not_allowed");
  EXPECT_EQ(seen[0].detail, "");
}

TEST_F(Gatekeeper, ReportsWhoAsksAgainOnce) {
  std::vector<noticed> seen;
  keeper_->report_to([&](const noticed& what) { seen.push_back(what); });
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(why_not(certificate(role::viewer, "vera"), "CrashRequest"), kind::not_allowed);
  EXPECT_EQ(seen.size(), 1u);
  EXPECT_EQ(why_not(certificate(role::viewer, "anna"), "CrashRequest"), kind::not_allowed);
  EXPECT_EQ(seen.size(), 2u) << "nobody is hidden by another one";
}

TEST_F(Gatekeeper, ReportsKeysThatComeAndGo) {
  std::vector<noticed> seen;
  keeper_->report_to([&](const noticed& what) { seen.push_back(what); });
  const std::string shown_token = token(role::viewer, "anna");
  std::filesystem::remove(home_.path() / "k1.pub");
  ASSERT_TRUE(security::make_token_key(home_.path(), "k2"));
  while (seen.empty())
    (void)why_not({.authorization = shown_token}, "StatusRequest");
  EXPECT_EQ(seen[0].who, std::nullopt) << "the node has noticed it";
  EXPECT_EQ(seen[0].action, "token_keys");
  EXPECT_EQ(seen[0].outcome, "changed");
  EXPECT_EQ(seen[0].detail, "came: k2; went: k1");
}

TEST_F(Gatekeeper, LetsWhoeverCallsTooOftenWait) {
  int let_in = 0; // One more for each second that this takes.
  while (why_not(certificate(role::viewer, "anna"), "StatusRequest") != kind::too_often)
    ++let_in;
  EXPECT_GE(let_in, 3);
  EXPECT_EQ(why_not(certificate(role::viewer, "berta"), "StatusRequest"), std::nullopt);
}

TEST_F(Gatekeeper, NoticesKeysThatComeAndGo) {
  const std::string before = token(role::viewer, "anna");
  std::filesystem::remove(home_.path() / "k1.pub");
  while (why_not({.authorization = before}, "StatusRequest") != kind::unauthenticated) {
  }
}

TEST_F(Gatekeeper, NeedsTheKeysThatItIsTold) {
  const auto refused = gatekeeper::start({.cluster = "test", .token_keys = home_.path() / "none"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::not_found);
}

} // namespace
} // namespace ducat::access
