/// What nodes suffer that takes longer, or more, than a crash.

#include "network/broken_world.hpp"

#include <signal.h>

#include <chrono>

namespace ducat::testing {
namespace {

using namespace std::chrono_literals;

constexpr duration limit = 60s;

class HostedNode : public BrokenWorld {};

// Its lease in etcd has run out, it is no member any more and another one writes. It must answer
// nothing of what it remembers when it wakes, and be a member again.
TEST_F(HostedNode, ThatSleptLongerThanItsLeaseIsTrustedOnlyWhenItIsBack) {
  const std::size_t host = writer();
  const auto others = cluster().all_but(host);
  const reader watcher{host_cluster::api(host), clients()};
  ASSERT_TRUE(watcher.wait_for_answer(limit));
  const std::uint64_t readies = cluster().readies(host);

  cluster().signal_node(host, SIGSTOP);
  const auto& inside = clients().add("inside", host_cluster::api(host));
  const auto& beside = clients().add("beside", host_cluster::apis(others));
  EXPECT_TRUE(clients().wait_for(beside, 50, limit));
  cluster().wait_until_gone(host, others.front());
  EXPECT_EQ(inside.acknowledged, 0u);
  cluster().signal_node(host, SIGCONT);

  EXPECT_TRUE(watcher.wait_for_answer(limit));
  EXPECT_TRUE(clients().wait_for(inside, 10, limit));
  EXPECT_EQ(watcher.stale(), 0u);
  EXPECT_EQ(cluster().readies(host), readies); // The same process.
  expect_nothing_lost_or_doubled();
}

TEST_F(HostedNode, ThatWasWipedIsLikeTheOthersAgain) {
  const std::size_t host = writer();
  const auto& beside = clients().add("beside", host_cluster::apis(cluster().all_but(host)));
  ASSERT_TRUE(clients().wait_for(beside, 50, limit));
  cluster().kill_node(host);
  std::filesystem::remove_all(cluster().node_data(host));
  EXPECT_TRUE(clients().wait_for(beside, 50, limit));
  cluster().start_node(host);
  cluster().wait_until_ready(host, 1);
  EXPECT_TRUE(clients().wait_for(beside, 50, limit));
  expect_nothing_lost_or_doubled();
}

// The member that it asks first takes connections and answers nothing.
TEST_F(HostedNode, StartsWhileAMemberOfEtcdStandsStill) {
  for (const std::size_t host : cluster().all()) {
    cluster().signal_member(host, SIGSTOP);
    cluster().kill_node(host);
    cluster().start_node(host);
    cluster().wait_until_ready(host, 1);
    cluster().signal_member(host, SIGCONT);
    cluster().wait_until_whole();
  }
}

} // namespace
} // namespace ducat::testing
