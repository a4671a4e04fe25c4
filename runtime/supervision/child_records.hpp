/// The children of one supervisor in start order, found by key, id or life at once.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/time.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace ducat::supervision {

using child_key = std::uint64_t; ///< Names a child spec; never used twice in one supervisor.
using life_id = std::uint64_t;   ///< Names one life of a child; never used twice in one supervisor.

/// What the decisions depend on.
struct child_traits {
  child_key key = 0;
  std::string id; ///< Empty for an instance under simple_one_for_one.
  restart_type restart = permanent;
  shutdown_policy shutdown{};
  bool significant = false;
  bool is_supervisor = false; ///< Or a pool; for count_children.
  backoff_spec backoff{};
};

struct child_record {
  enum class state : std::uint8_t { undefined, restarting, running };
  child_traits traits;
  state now = state::undefined;
  life_id life = 0; ///< Of the current or last life.

  std::uint64_t attempt = 0; ///< Which retry is awaited while it is restarting.
  bool counted = false;      ///< That retry has been counted as a restart already.
  std::uint32_t waits = 0;   ///< Backoffs since a life lasted long enough.
  time_point began{};        ///< The current or last life.
};

class child_records {
public:
  using list = std::list<child_record>;

  child_records() = default;
  child_records(child_records&&) = default;
  child_records& operator=(child_records&&) = default;

  /// Adds a child at the end.
  child_record& append(child_traits traits);

  /// Returns the child, or nullptr. It stays where it is until it is removed.
  child_record* find(child_key key);
  child_record* find(const std::string& id);

  /// Returns the child whose current or last life `life` is, or nullptr.
  child_record* find_life(life_id life);

  /// `life` is the child's current life from now on.
  void begin_life(child_record& child, life_id life);

  void remove(child_key key);

  /// Returns the keys from the child at `first` (0: from the first child) to the end.
  std::deque<child_key> keys_from(child_key first = 0) const;

  /// Gives the children with `order` these traits, in that order, before those that are not in it.
  void arrange(const std::vector<child_traits>& order);

  std::size_t size() const noexcept { return children_.size(); }

  list::const_iterator begin() const noexcept { return children_.begin(); }

  list::const_iterator end() const noexcept { return children_.end(); }

private:
  list children_;
  std::unordered_map<child_key, list::iterator> by_key_;
  std::unordered_map<std::string, child_key> by_id_; // Of those that have an id.
  std::unordered_map<life_id, child_key> by_life_;
};

} // namespace ducat::supervision
