/// What the nodes of a cluster say of themselves while they cannot commit.

#include "cluster_fixture.hpp"

#include <httplib.h>
#include <signal.h>

#include <thread>

namespace ducat::cli {
namespace {

class ClusterReadiness : public ClusterProgram {
protected:
  int readiness_of(const node_place& node) const {
    const auto answer = httplib::Client{"127.0.0.1", node.http}.Get("/readyz");
    return answer ? answer->status : 0;
  }

  /// Of every node.
  void wait_for(int status) const {
    for (const node_place& each : cluster_->layout().nodes)
      while (readiness_of(each) != status)
        std::this_thread::yield();
  }
};

// Those that do not write the log are ready, for they reach the one that does.
TEST_F(ClusterReadiness, IsOfEveryNodeAndOfNoneWithoutAQuorum) {
  wait_for(200);
  for (const char* member : {"etcd1", "etcd2"})
    cluster_->signal(member, SIGSTOP);
  wait_for(503);
  for (const char* member : {"etcd1", "etcd2"})
    cluster_->signal(member, SIGCONT);
  wait_for(200);
}

} // namespace
} // namespace ducat::cli
