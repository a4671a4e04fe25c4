/// What is checked before a node joins a cluster.

#include "link_world.hpp"

#include <ducat/cluster.hpp>

#include <filesystem>

namespace ducat::cluster {
namespace {

using namespace ducat::testing;

/// Node "n1" of the cluster "shop"; etcd is not there.
class Member : public ::testing::Test {
protected:
  Member() {
    options_.node = "n1";
    options_.cluster = "shop";
    options_.tls = ca_.node("n1");
    options_.etcd.endpoints = {"127.0.0.1:" + std::to_string(nobody_.number())};
    options_.etcd.attempt = 20ms;
    options_.etcd.give_up = 100ms;
  }

  std::optional<errc> refusal() const {
    const auto joined = member::join(options_);
    return joined ? std::nullopt : std::optional{joined.error().code};
  }

  const closed_port nobody_;
  const link_authority ca_;
  cluster_options options_;
};

TEST_F(Member, DoesNotJoinWithoutEtcd) {
  EXPECT_EQ(refusal(), errc::unavailable);
}

TEST_F(Member, DoesNotJoinWithANameThatIsNone) {
  for (const char* name : {"", "n/1", "n 1"}) {
    cluster_options other = options_;
    other.node = name;
    EXPECT_EQ(member::join(other).error().code, errc::invalid_argument) << name;
    other = options_;
    other.cluster = name;
    EXPECT_EQ(member::join(other).error().code, errc::invalid_argument) << name;
  }
}

TEST_F(Member, DoesNotJoinWithAnAddressThatIsNone) {
  options_.etcd.endpoints = {"etcd"};
  EXPECT_EQ(refusal(), errc::invalid_argument);
}

TEST_F(Member, DoesNotJoinWithTheCertificateOfSomebodyElse) {
  options_.tls = ca_.node("n2");
  EXPECT_EQ(refusal(), errc::not_permitted);
  options_.tls = ca_.client("till");
  EXPECT_EQ(refusal(), errc::not_permitted);
}

TEST_F(Member, DoesNotJoinAnotherClusterThanThatOfItsCertificate) {
  options_.cluster = "toys";
  EXPECT_EQ(refusal(), errc::not_permitted);
}

TEST_F(Member, DoesNotJoinWithACertificateThatHasExpired) {
  options_.tls = ca_.expired_node("n1");
  EXPECT_EQ(refusal(), errc::not_permitted);
}

TEST_F(Member, DoesNotJoinWithAKeyThatOthersCanRead) {
  std::filesystem::permissions(options_.tls.key, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  EXPECT_EQ(refusal(), errc::not_permitted);
}

TEST_F(Member, DoesNotJoinWithoutItsFiles) {
  options_.tls.key += ".missing";
  EXPECT_EQ(refusal(), errc::not_found);
}

} // namespace
} // namespace ducat::cluster
