/// Three nodes with one ledger, whose log is in three etcd members, to be measured.
#pragma once

#include "bench/benched_ledger.hpp"
#include "up/layout.hpp"
#include "up/watched_process.hpp"

#include <ducat/cluster.hpp>

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ducat::bench {

/// A node of the cluster that `directory` holds, in this process.
class replicated_node {
public:
  /// Joins, and returns when the node has started. If the log is empty accounts 1 to `accounts` are
  /// made. Errors: those of member::join() and benched_ledger::start().
  static result<std::unique_ptr<replicated_node>>
  start(const std::filesystem::path& directory, const std::string& name, std::uint64_t accounts);

  const benched_ledger& ledger() const noexcept { return *ledger_; }

  cluster::member& member() noexcept { return *member_; }

private:
  replicated_node() = default;

  std::unique_ptr<cluster::member> member_;
  std::unique_ptr<benched_ledger> ledger_; ///< Stops before the member leaves.
};

/// What the parts have computed so far, in seconds of a core.
struct cpu_times {
  double etcd = 0;      ///< All members.
  double writer = 0;    ///< With the clients, which are in its process.
  double followers = 0; ///< Both.
};

/// The node that writes is in this process, the two others and the members have their own. Use it
/// from the main thread.
class replicated_cluster {
public:
  struct options {
    std::filesystem::path program; ///< The program `ducat`.
    std::filesystem::path directory;
    std::uint64_t accounts = 10'000;
  };

  /// Returns when every node follows. Errors: unavailable (etcd is not installed, or does not
  /// start; a node does not), io.
  static result<std::unique_ptr<replicated_cluster>> start(const options& how);

  const benched_ledger& ledger() const noexcept { return writer_->ledger(); }

  /// Waits until every node says that it has applied everything. Errors: unavailable.
  result<void> wait_until_equal();

  /// Lets every node write the log in turn, and returns what each then answers, in that order.
  /// Errors: unavailable (none takes over), and what the ledger answers.
  result<std::vector<book_copy>> books();

  cpu_times cpu() const;

  /// Returns the nodes that do not write.
  std::vector<std::string> followers() const;

  std::filesystem::path data_of(const std::string& node) const { return options_.directory / node; }

  /// Kills a node that follows, removes what it keeps if `wipe`, and starts it again; returns at
  /// once. Errors: unavailable (it cannot be started).
  result<void> restart_follower(const std::string& name, bool wipe);

  /// Waits until a node that follows has applied what the log had half a second before, and returns
  /// the newest entry then. Errors: unavailable.
  result<std::uint64_t> wait_until_following(const std::string& name);

private:
  struct part {
    std::string name;
    cli::watched_process process;
    bool is_ready = false;
    std::string last_words{};
  };

  explicit replicated_cluster(const options& how) : options_{how} {}

  result<void> prepare();
  result<void> start_members();
  result<void> start_followers();
  std::vector<std::string> words_of(const std::string& follower) const;
  result<void> start_part(std::vector<part>& into, const std::string& name,
                          const std::vector<std::string>& words);
  result<void> look_at_followers();
  bool is_ready(const std::string& follower) const;
  result<std::string> next_writer(const std::vector<std::string>& before);

  options options_;
  cli::cluster_layout layout_;
  std::vector<part> members_;
  std::vector<part> followers_;
  std::unique_ptr<replicated_node> writer_; ///< Last: it ends first.
};

/// Returns an error unless all are the same. Errors: corrupt.
result<void> check_equal(std::span<const book_copy> books);

/// Is one of the other nodes: says "ready", and runs until it is killed. Returns only if it cannot
/// start; then it has said why on `out`.
int run_follower(const std::filesystem::path& directory, const std::string& name,
                 std::ostream& out);

} // namespace ducat::bench
