#include "chaos/cluster_stage.hpp"
#include "hosts/host_cluster.hpp"
#include "hosts/loop_disk.hpp"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <mutex>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

constexpr unsigned slow_kbit_per_s = 2'000;
constexpr std::uint64_t entries_kept = 10'000'000; ///< All: the log is checked from its first.
constexpr duration stop_limit = 60s;
constexpr duration pause_before_restart = 300ms; ///< Of a member; its disk may still be full.
constexpr std::uint64_t disk_bytes = std::uint64_t{8} << 30U;

/// Turns what the hosts throw into an error.
template <class Work>
result<void> tried(Work work) {
  try {
    work();
    return {};
  } catch (const std::exception& why) {
    return fail(errc::io, why.what());
  }
}

class hosts_stage final : public stage {
public:
  explicit hosts_stage(const cluster_stage_options& options)
      : network_{options.nodes}, cluster_{network_,
                                          {.program = options.program,
                                           .directory = options.directory,
                                           .allow_faults = true,
                                           .entries_kept = entries_kept,
                                           .home_of_each = options.disks}},
        ended_at_(options.nodes), lives_before_(options.nodes), is_dark_(options.nodes) {
    if (options.disks)
      for (const std::size_t host : cluster_.all())
        disks_.push_back(std::make_unique<loop_disk>(cluster_.home(host), disk_bytes));
    cluster_.start();
    cluster_.wait_until_whole();
  }

  std::vector<std::string> nodes() const override { return named("node"); }

  std::vector<std::string> members() const override { return named("etcd"); }

  std::string endpoint(const std::string& node) const override {
    return host_cluster::api(host_of_part(node));
  }

  void signal(const std::string& part, int number) const override {
    const std::lock_guard lock{guard_};
    if (part.starts_with("etcd"))
      cluster_.signal_member(host_of_part(part), number);
    else
      cluster_.signal_node(host_of_part(part), number);
  }

  result<void> break_network(const std::string& node, fault_action how) const override {
    const std::size_t host = host_of_part(node);
    const std::lock_guard lock{guard_};
    return tried([&] {
      if (how == fault_action::partition)
        network_.isolate_ports(
            host, std::string{host_cluster::etcd_port} + ", " + host_cluster::link_port,
            host_cluster::link_port);
      else if (how == fault_action::deaf)
        network_.deafen(host);
      else
        network_.slow(host, slow_kbit_per_s);
    });
  }

  void mend_network(const std::string& node) const override {
    const std::size_t host = host_of_part(node);
    const std::lock_guard lock{guard_};
    (void)tried([&] { network_.heal(host); });
    (void)tried([&] { network_.quicken(host); }); // Complains unless it was slow.
  }

  std::uint64_t lives(const std::string& node) const override {
    const std::lock_guard lock{guard_};
    const std::size_t host = host_of_part(node);
    return lives_before_[host] + cluster_.readies(host);
  }

  void tend() override {
    const std::lock_guard lock{guard_};
    for (const std::size_t host : cluster_.all()) {
      if (is_dark_[host]) {
        (void)tried([&] { begin_again(host); });
        continue;
      }
      if (cluster_.was_node_ended_early(host)) // One that gives up by itself is not started again.
        (void)tried([&] { start_node(host); });
      if (!cluster_.wait_until_member_ended(host, duration{}))
        continue;
      const time_point now = std::chrono::steady_clock::now();
      if (ended_at_[host] == time_point{})
        ended_at_[host] = now;
      else if (now >= ended_at_[host] + pause_before_restart)
        (void)tried([&] { start_member(host); });
    }
  }

  /// The processes end here, on whichever thread; tend() begins anew, since what the main thread
  /// starts lives as long as that.
  result<void> lose_power(const std::string& node) const override {
    const std::size_t host = host_of_part(node);
    const std::lock_guard lock{guard_};
    return tried([&] {
      disks_.at(host)->lose_power();
      is_dark_[host] = true;
      cluster_.end_all_on(host);
    });
  }

  result<void> fill_disk(const std::string& node) const override {
    const std::lock_guard lock{guard_};
    return tried([&] { disks_.at(host_of_part(node))->fill(); });
  }

  void empty_disk(const std::string& node) const override {
    const std::lock_guard lock{guard_};
    disks_.at(host_of_part(node))->empty();
  }

  result<verdict> check(const std::filesystem::path& record) override {
    const auto log = cluster_.log_through(0);
    return check_log(*log, record, {});
  }

  bool stop() override {
    for (const std::size_t host : cluster_.all())
      cluster_.signal_node(host, SIGTERM);
    return std::ranges::all_of(cluster_.all(), [&](std::size_t host) {
      return cluster_.wait_until_node_ended(host, stop_limit);
    });
  }

private:
  std::vector<std::string> named(const std::string& what) const {
    std::vector<std::string> names;
    for (const std::size_t host : cluster_.all())
      names.push_back(what + std::to_string(host + 1));
    return names;
  }

  static std::size_t host_of_part(const std::string& part) {
    return std::stoul(part.substr(part.find_first_of("123456789"))) - 1;
  }

  void start_member(std::size_t host) {
    ended_at_[host] = {};
    cluster_.start_member(host);
  }

  /// Switches the power of a host on again.
  void begin_again(std::size_t host) {
    disks_.at(host)->power_up();
    is_dark_[host] = false;
    start_member(host);
    start_node(host);
  }

  void start_node(std::size_t host) {
    lives_before_[host] += cluster_.readies(host);
    cluster_.start_node(host);
  }

  mutable std::mutex guard_; ///< Of the rules of the network, and of which process is which.
  network network_;
  std::vector<std::unique_ptr<loop_disk>> disks_; ///< By host; empty: none has one.
  host_cluster cluster_;
  std::vector<time_point> ended_at_;        ///< Of the member on each host; zero: it runs.
  std::vector<std::uint64_t> lives_before_; ///< Of the node on each, before its guardian of now.
  mutable std::vector<bool> is_dark_;       ///< The power of each host is off.
};

} // namespace

result<std::unique_ptr<stage>> start_hosts_stage(const cluster_stage_options& options) {
  std::unique_ptr<stage> made;
  const auto started = tried([&] { made = std::make_unique<hosts_stage>(options); });
  if (!started)
    return tl::unexpected(started.error());
  return made;
}

} // namespace ducat::cli
