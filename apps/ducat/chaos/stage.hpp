/// Real processes that are broken on purpose: one node, or a cluster with its etcd members.
#pragma once

#include "check/checker.hpp"

#include <ducat/error.hpp>
#include <ducat/fault_schedule.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cli {

/// The node of a rule that means all nodes and all members at once.
inline constexpr std::string_view every_part = "everything";

/// Nodes are called as in their configuration ("node1"), members of etcd "etcd1" and so on; both
/// are parts. Make and destroy it on the main thread, whose end would be theirs. Any thread may
/// call what is const.
class stage {
public:
  stage() = default;
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;
  virtual ~stage() = default;

  virtual std::vector<std::string> nodes() const = 0;
  virtual std::vector<std::string> members() const = 0;

  /// Returns where clients reach a node.
  virtual std::string endpoint(const std::string& node) const = 0;

  /// Sends a signal to a part; of a node to its runtime. What ends is started again, at the latest
  /// by tend().
  virtual void signal(const std::string& part, int number) const = 0;

  /// Breaks the network of a node: `how` is partition, deaf or slow. mend() ends it. Errors: io,
  /// invalid_argument (the network of this stage cannot be broken).
  virtual result<void> break_network(const std::string& node, fault_action how) const = 0;
  virtual void mend_network(const std::string& node) const = 0;

  /// The disk of a node loses its power, with what was not synced, and every process on its host
  /// ends. tend() starts all of it again. Errors: io, invalid_argument (nodes have no disks of
  /// their own).
  virtual result<void> lose_power(const std::string& node) const;

  /// Leaves no space on the disk of a node, and gives it back. Errors: as above.
  virtual result<void> fill_disk(const std::string& node) const;
  virtual void empty_disk(const std::string& node) const;

  /// Returns how often a node has begun to live; the first time counts.
  virtual std::uint64_t lives(const std::string& node) const = 0;

  /// Starts again what has ended and what nothing else starts. To be called again and again.
  virtual void tend() = 0;

  /// Holds the log against the clients' record. One node is stopped for it. Errors: those of
  /// check_log(), unavailable.
  virtual result<verdict> check(const std::filesystem::path& record) = 0;

  /// Stops everything; returns whether it stopped in order.
  virtual bool stop() = 0;
};

/// Returns where clients reach all nodes, with commas between.
std::string endpoints_of(const stage& on);

/// Returns the node that writes the log, as the first node sees it that says one; empty if none
/// does.
std::string writer_of(const stage& on);

/// Returns whether every node is alive and linked, as each of them sees it, and one writes.
bool is_whole(const stage& on);

} // namespace ducat::cli
