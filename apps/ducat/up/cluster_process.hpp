/// A cluster of `ducat up` in a process of its own, to be broken on purpose.
#pragma once

#include "up/heard_process.hpp"
#include "up/layout.hpp"

#include <ducat/error.hpp>
#include <ducat/time.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace ducat::cli {

struct cluster_process_options {
  std::filesystem::path program; ///< The program `ducat`.
  std::filesystem::path directory;
  std::uint32_t nodes = 3;
  std::string payments = "own"; ///< As of `ducat up`.
  std::string alerts_to{};      ///< The same.
  std::string traces_to{};      ///< The same.
};

/// Runs `ducat up --quiet --allow-faults` on free ports. Start it from the main thread. Parts are
/// called as in the layout: "etcd1", "node1". Any thread may call the other members.
class cluster_process {
public:
  /// Returns when every node is ready. Errors: io, unavailable (it ended, or is not ready in time;
  /// its last words are in the message).
  static result<std::unique_ptr<cluster_process>> start(const cluster_process_options& options);

  const cluster_layout& layout() const noexcept { return layout_; }

  /// Returns where clients reach all nodes, or one.
  std::string endpoints() const;
  std::string endpoint(const std::string& node) const;

  /// Returns where the etcd members are.
  std::vector<std::string> etcd_endpoints() const;

  /// Sends a signal to a part; of a node to its runtime. A part that has ended is started again by
  /// its guardian, or by `ducat up`.
  void signal(const std::string& name, int number) const;

  /// Returns how often a node has said that it is ready.
  std::uint64_t readies(const std::string& node) const;

  /// Waits until a node has said for the `count`th time that it is ready. Returns whether it has
  /// before `limit` has passed.
  bool wait_until_ready(const std::string& node, std::uint64_t count, duration limit) const;

  /// Sends SIGTERM and waits for the end; returns whether it ended in order.
  bool stop();

private:
  struct part {
    pid_t pid = 0;
    std::uint64_t readies = 0;
  };

  explicit cluster_process(watched_process process);

  void note(const std::string& line);
  std::uint64_t readies_of(const std::string& node) const;
  result<void> wait_until_up() const;

  cluster_layout layout_;
  std::map<std::string, part> parts_;
  std::string last_words_;
  bool is_up_ = false;
  heard_process process_; ///< Its lock is that of all above but the layout.
};

} // namespace ducat::cli
