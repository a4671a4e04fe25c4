/// Nodes that join a cluster, on a real etcd: how they see each other.

#include "etcd/etcd_server.hpp"
#include "link_world.hpp"

#include <ducat/cluster.hpp>

#include <functional>
#include <future>
#include <map>
#include <thread>

namespace ducat::cluster {
namespace {

using namespace ducat::testing;
using state = member_status::state;

class MemberJoin : public ::testing::Test {
protected:
  cluster_options options_of(const std::string& id) const {
    cluster_options made;
    made.node = id;
    made.cluster = "shop";
    made.tls = ca_.node(id);
    made.etcd.endpoints = {server_.endpoint()};
    made.etcd.give_up = patience;
    return made;
  }

  std::unique_ptr<member> join(const std::string& id) const {
    auto joined = member::join(options_of(id));
    EXPECT_TRUE(joined) << joined.error();
    return joined ? std::move(*joined) : nullptr;
  }

  /// Waits until `seer` sees `id` so; returns whether it came to it.
  static bool comes_to_see(const member& seer, const std::string& id,
                           const std::function<bool(const member_status&)>& so) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
      for (const member_status& each : seer.members())
        if (each.id == id && so(each))
          return true;
      std::this_thread::yield();
    }
    return false;
  }

  static bool is_linked(const member_status& of) { return of.now == state::alive && of.is_linked; }

  const link_authority ca_;
  const etcd_server server_;
};

TEST_F(MemberJoin, NodesSeeEachOtherAndAreLinked) {
  const auto one = join("n1");
  const auto other = join("n2");
  ASSERT_TRUE(one && other);
  EXPECT_TRUE(comes_to_see(*one, "n2", is_linked));
  EXPECT_TRUE(comes_to_see(*other, "n1", is_linked));
  EXPECT_TRUE(comes_to_see(*one, "n1", is_linked)) << "itself too";
}

TEST_F(MemberJoin, OneThatLeavesIsGoneAtOnce) {
  const auto one = join("n1");
  auto other = join("n2");
  ASSERT_TRUE(one && other);
  ASSERT_TRUE(comes_to_see(*one, "n2", is_linked));
  other.reset();
  EXPECT_TRUE(comes_to_see(*one, "n2", [](const auto& of) { return of.now == state::gone; }));
}

TEST_F(MemberJoin, OneThatDrainsIsSeenToAndResumes) {
  const auto one = join("n1");
  const auto other = join("n2");
  ASSERT_TRUE(one && other);
  ASSERT_TRUE(other->drain());
  EXPECT_TRUE(comes_to_see(*one, "n2", [](const auto& of) { return of.now == state::draining; }));
  std::promise<result<void>> resumed;
  one->change("n2", member_change::resume,
              std::chrono::steady_clock::now() + std::chrono::seconds{30},
              [&](result<void> done) { resumed.set_value(std::move(done)); });
  EXPECT_TRUE(resumed.get_future().get());
  EXPECT_TRUE(comes_to_see(*one, "n2", is_linked));
}

TEST_F(MemberJoin, AnIdThatIsAliveIsRefused) {
  const auto one = join("n1");
  ASSERT_TRUE(one);
  const auto again = member::join(options_of("n1"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, errc::in_use);
}

TEST_F(MemberJoin, AnIdThatHasLeftMayJoinAgain) {
  ASSERT_TRUE(join("n1"));
  EXPECT_TRUE(join("n1"));
}

} // namespace
} // namespace ducat::cluster
