/// How each child of a tree is, from its events. Pure.
#pragma once

#include <ducat/availability.hpp>
#include <ducat/supervisor.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ducat::monitor {

/// What has changed. The path of the node is empty, as that of the root.
struct tree_fact {
  std::string path;
  std::optional<condition> now{}; ///< Nothing: there is no such child any more.
  bool is_pool = false;           ///< From now on; `now` does not count then.

  friend bool operator==(const tree_fact&, const tree_fact&) = default;
};

class tree_conditions {
public:
  tree_conditions(std::vector<std::string> needed, std::size_t children_max);

  /// Returns what has changed by it, in order.
  std::vector<tree_fact> on_event(const supervision_event& event);

  std::vector<tree_fact> set_draining(bool draining);

  std::uint64_t left_out() const noexcept { return left_out_; }

private:
  enum class life : std::uint8_t { never = 0, running = 1, stopped = 2, failed = 3 };

  struct child {
    life now = life::never;
    bool is_pool = false;
    bool router_runs = false;          ///< Of a pool.
    std::uint32_t zombies = 0;         ///< Lives that were given up and still exist.
    std::uint32_t workers_running = 0; ///< Children that run, but for the router.
    std::uint32_t faults_below = 0;    ///< Children in which a fault is present.
    std::uint32_t failed_below = 0;    ///< Children that have failed.
    std::uint64_t changed = 0;         ///< The number of the last event that was about it.
    std::uint64_t ended = 0;           ///< The number of the one that told its last end.
    std::optional<condition> told{};   ///< Nothing until it has served once.
  };

  child* find(const std::string& path);
  child* follow(const supervision_event& event);
  child* add(const std::string& path, std::size_t most);
  void count_at_parent(const supervision_event& event);
  void apply(const supervision_event& event, child& about);
  void on_down(const supervision_event& event, child& about);

  std::vector<std::string> below(const std::string& path) const;
  void forget(const std::string& path);
  void forget_vanished(const std::string& supervisor, std::uint64_t before);
  void stop_failed_below(const std::string& supervisor);

  static condition condition_of(const child& it);
  condition node_condition() const;
  void update(const std::string& path);
  void tell(const std::string& path, child& it, std::optional<condition> now);
  void update_node();

  std::vector<std::string> needed_;
  std::size_t children_max_;
  std::map<std::string, child> children_; ///< By path; the root is there, at the empty one.
  bool draining_ = false;
  std::optional<condition> node_{}; ///< As told.
  std::uint64_t events_ = 0;
  std::uint64_t left_out_ = 0;
  std::vector<tree_fact> facts_; ///< Of the event in hand.
};

} // namespace ducat::monitor
