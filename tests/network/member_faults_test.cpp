/// What members of etcd suffer while a cluster works, and two faults at once.

#include "network/broken_world.hpp"
#include "network/faults.hpp"

#include <signal.h>
#include <sys/mount.h>

#include <chrono>
#include <fstream>
#include <functional>

namespace ducat::testing {
namespace {

using namespace std::chrono_literals;

constexpr duration limit = 60s;

class Members : public BrokenWorld {};

TEST_F(Members, WithoutTheirQuorumAcknowledgeNothingAndComeBack) {
  const auto& client = clients().add("client", host_cluster::apis(cluster().all()));
  ASSERT_TRUE(clients().wait_for(client, 10, limit));
  for (const std::size_t host : {1u, 2u})
    cluster().kill_member(host);
  EXPECT_TRUE(clients().wait_for_failures(client, 1, limit));
  const std::uint64_t taken = client.acknowledged;
  EXPECT_TRUE(clients().wait_for_failures(client, 3, limit));
  EXPECT_EQ(client.acknowledged, taken);
  for (const std::size_t host : {1u, 2u})
    cluster().start_member(host);
  EXPECT_TRUE(clients().wait_for(client, 10, limit));
  expect_nothing_lost_or_doubled();
}

TEST_F(Members, MayDieWhileTheWriterIsCutOffElsewhere) {
  const std::size_t host = writer();
  const auto others = cluster().all_but(host);
  const auto& beside = clients().add("beside", host_cluster::apis(others));
  clients().add("inside", host_cluster::api(host));
  ASSERT_TRUE(clients().wait_for(beside, 10, limit));
  node_isolated.make(net(), host);
  cluster().kill_member(others.front());
  EXPECT_TRUE(clients().wait_for(beside, 50, limit));
  net().heal(host);
  cluster().start_member(others.front());
  EXPECT_TRUE(clients().wait_for(beside, 50, limit));
  expect_nothing_lost_or_doubled();
}

/// The first member's data is on a disk of its own, and the first node writes the log.
class MemberDisk : public BrokenWorld {
protected:
  void prepare() override { std::filesystem::create_directories(data()); }

  void TearDown() override {
    BrokenWorld::TearDown();
    ::umount2(data().c_str(), MNT_DETACH);
  }

  std::filesystem::path data() const { return directory() / "etcd1"; }

  /// Breaks the disk while clients pay, and shows that the member ends and the others go on.
  void break_disk(const std::function<void()>& how) {
    cluster().hand_over_to(0);
    const auto& client = clients().add("client", host_cluster::apis(cluster().all()));
    ASSERT_TRUE(clients().wait_for(client, 10, limit));
    how();
    EXPECT_TRUE(cluster().wait_until_member_ended(0, limit));
    EXPECT_TRUE(clients().wait_for(client, 50, limit));
  }

  /// Starts the member on the disk that was mended.
  void go_on() {
    cluster().start_member(0);
    expect_nothing_lost_or_doubled();
  }
};

class FullDisk : public MemberDisk {
protected:
  void prepare() override {
    MemberDisk::prepare();
    // etcd sets 64 MB aside twice, for what it writes next.
    ASSERT_EQ(::mount("none", data().c_str(), "tmpfs", 0, "size=160m"), 0);
  }
};

TEST_F(FullDisk, EndsAMemberOnly) {
  const auto filler = data() / "filler";
  break_disk([&] {
    std::ofstream out{filler, std::ios::binary};
    const std::string block(1 << 20, 'x');
    while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  });
  std::filesystem::remove(filler);
  go_on();
}

class ReadOnlyDisk : public MemberDisk {
protected:
  void prepare() override {
    MemberDisk::prepare();
    run_program({"truncate", "--size", "300M", image()});
    run_program({"mkfs.ext4", "-q", image()});
    mount();
  }

  std::string image() const { return (directory() / "image").string(); }

  void mount() const { run_program({"mount", "-o", "loop", image(), data().string()}); }
};

TEST_F(ReadOnlyDisk, EndsAMemberOnly) {
  break_disk([&] { run_program({"mount", "-o", "remount,abort", data().string()}); });
  cluster().kill_member(0);
  run_program({"umount", data().string()});
  mount();
  go_on();
}

} // namespace
} // namespace ducat::testing
