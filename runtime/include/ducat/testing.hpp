/// The testing kit: a tree on virtual time (virtual_tree), and a node for tests (local_node): in
/// this process, in a directory of its own, gone at the end.
#pragma once

#include <ducat/ask.hpp>
#include <ducat/fault.hpp>
#include <ducat/node.hpp>
#include <ducat/testing/virtual_tree.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace ducat::testing {

/// Runs what `describe` says, from construction to destruction. Throws if it cannot start.
class local_node {
public:
  explicit local_node(std::function<void(node&)> describe);
  local_node(const local_node&) = delete;
  local_node& operator=(const local_node&) = delete;
  ~local_node();

  /// Arms `point`; throws if the fault is impossible.
  void arm(const fault_point& point, const fault& what = {});

  /// Asks the child at `path`, again and again with the same message, until the answer is known.
  template <class T, class... Args>
  result<T> ask(const std::string& path, const Args&... args) {
    return ask_until_known<T>(node_->system(), node_->find(path), std::chrono::seconds{30},
                              args...);
  }

  /// Crashes the life of `path` that runs, and returns its number at once. Of a pool it crashes the
  /// supervisor. Throws if `path` does not run.
  std::uint64_t crash(const std::string& path);

  /// Waits until `path` has a life after `life`, at most for `timeout`; returns the number of that
  /// life. Errors: unavailable.
  result<std::uint64_t> wait_until_restarted(const std::string& path, std::uint64_t life,
                                             duration timeout = std::chrono::seconds{30}) const;

  /// Returns how often the child at `path`, or any below it, was restarted.
  std::uint64_t restarts(const std::string& path) const;

  /// Stops the node and starts it again on the same data.
  void restart();

  node& get() const noexcept { return *node_; }

private:
  struct lives;

  void start();

  std::function<void(node&)> describe_;
  std::filesystem::path directory_;
  std::unique_ptr<lives> lives_; // Outlives the node, whose threads write it.
  std::unique_ptr<node> node_;
};

} // namespace ducat::testing
