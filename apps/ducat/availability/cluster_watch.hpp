/// Tells a board how the cluster and its members are, as this node sees them.
#pragma once

#include <ducat/cluster.hpp>
#include <ducat/tree_availability.hpp>

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace ducat::cli {

struct cluster_watch_options {
  std::string node; ///< This one: it is followed by its tree, and only asked whether it drains.
  std::string cluster;
  duration switch_over{}; ///< How long it takes until a failure is noticed.
  duration every{};       ///< How often it looks; no failure that is shorter is seen for sure.
  std::function<std::vector<cluster::member_status>()> members;
  std::function<std::vector<cluster::group_status>()> groups;
};

/// Looks from construction to destruction, on a thread of its own.
class cluster_watch {
public:
  /// `board` and `own` must outlive it.
  cluster_watch(cluster_watch_options options, monitor::availability_board& board,
                monitor::tree_availability& own);
  cluster_watch(const cluster_watch&) = delete;
  cluster_watch& operator=(const cluster_watch&) = delete;
  ~cluster_watch();

private:
  void run();
  bool wait_for_end();
  void look();
  void look_at(const cluster::member_status& member);
  void look_at(const cluster::group_status& group,
               const std::vector<cluster::member_status>& members);
  void forget_the_removed(const std::vector<cluster::member_status>& all);

  cluster_watch_options options_;
  monitor::availability_board& board_;
  monitor::tree_availability& own_;
  const monitor::subject cluster_;
  std::map<std::string, monitor::condition> others_; ///< As told.
  std::set<std::string> groups_;                     ///< That have served.
  bool has_served_ = false;
  std::mutex mutex_;
  std::condition_variable end_;
  bool ending_ = false; // Needs the mutex.
  std::thread thread_;
};

} // namespace ducat::cli
