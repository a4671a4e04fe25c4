/// A cluster with an etcd member and a node on each host of a network.
#pragma once

#include "client/connection.hpp"
#include "hosts/hosted_process.hpp"
#include "hosts/network.hpp"

#include <ducat/etcd_log.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ducat::cli {

struct host_cluster_options {
  std::filesystem::path program;   ///< The program `ducat`.
  std::filesystem::path directory; ///< Of everything that it writes.
  bool allow_faults = false;
  std::uint64_t entries_kept = 10'000; ///< Of the log.
  bool home_of_each = false;           ///< The data of a host is in a folder of its own.
};

/// Hosts are numbered from 0; a node is called "node1" on the first. Everything speaks mutual TLS.
/// Throws what goes wrong. For the main thread, but for what is const.
class host_cluster {
public:
  static constexpr const char* name = "hosts";

  /// The ports that a node uses of others, and those that others use of it.
  static constexpr const char* etcd_port = "2379";
  static constexpr const char* link_port = "7412";

  /// Makes certificates and configurations. Nothing runs yet.
  host_cluster(const network& on, host_cluster_options options);

  /// Starts what does not run, and waits until every node is ready.
  void start();

  void start_member(std::size_t host);
  void start_node(std::size_t host);

  /// Signals the runtime of the node, or the member.
  void signal_node(std::size_t host, int number) const { nodes_.at(host)->signal(number); }

  void signal_member(std::size_t host, int number) const { members_.at(host)->signal(number); }

  /// SIGKILL; of a node also its guardian.
  void kill_node(std::size_t host) { nodes_.at(host).reset(); }

  void kill_member(std::size_t host) { members_.at(host).reset(); }

  /// SIGKILL to both, and to the guardian of the node; neither is gone at once.
  void end_all_on(std::size_t host) const {
    nodes_.at(host)->kill();
    members_.at(host)->kill();
  }

  /// Waits until the member has ended by itself; returns whether it has.
  bool wait_until_member_ended(std::size_t host, duration limit) const {
    return members_.at(host)->wait_until_ended(limit);
  }

  bool wait_until_node_ended(std::size_t host, duration limit) const {
    return nodes_.at(host)->wait_until_ended(limit);
  }

  /// Returns whether a signal ended the node's guardian, for want of a runtime that takes it.
  bool was_node_ended_early(std::size_t host) const { return nodes_.at(host)->was_ended_early(); }

  /// Returns where the data of a host is, of its member, or of its node.
  std::filesystem::path home(std::size_t host) const;
  std::filesystem::path member_data(std::size_t host) const;
  std::filesystem::path node_data(std::size_t host) const;

  std::uint64_t readies(std::size_t host) const { return nodes_.at(host)->readies(); }

  /// Waits until the node has said for the `count`th time that it is ready.
  void wait_until_ready(std::size_t host, std::uint64_t count) const;

  /// Returns where clients reach a node, some nodes, or all but one.
  static std::string api(std::size_t host);
  static std::string apis(const std::vector<std::size_t>& hosts);
  std::vector<std::size_t> all() const;
  std::vector<std::size_t> all_but(std::size_t host) const;

  /// Waits until all nodes are alive and linked, as each of them sees it, and one writes; returns
  /// its host.
  std::size_t wait_until_whole() const;

  /// Waits until one of these nodes says that one of them writes; returns its host.
  std::size_t wait_for_writer_among(const std::vector<std::size_t>& hosts) const;

  /// Waits until the node is no member any more, as another one sees it.
  void wait_until_gone(std::size_t host, std::size_t seen_by) const;

  /// Makes the node write the log.
  void hand_over_to(std::size_t host) const;

  /// Returns what the node says of itself. Nothing if it does not answer.
  std::optional<v1::StatusReply> status(std::size_t host) const;

  /// Opens the log through the member of one host.
  std::unique_ptr<shared_log> log_through(std::size_t host) const;

private:
  std::string certificate(const std::string& who, const char* ending) const;
  std::vector<std::string> member_words(std::size_t host) const;
  std::string node_config(std::size_t host) const;
  std::optional<v1::ListNodesReply> nodes_seen_by(std::size_t host) const;

  const network& network_;
  host_cluster_options options_;
  std::vector<std::unique_ptr<hosted_process>> members_;
  std::vector<std::unique_ptr<hosted_process>> nodes_;
};

} // namespace ducat::cli
