/// Who of a redundancy group serves, and whether this node is to take it. Pure.
#pragma once

#include "cluster/succession.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/cluster.hpp>
#include <ducat/grant.hpp>
#include <ducat/replica.hpp>
#include <ducat/time.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ducat::cluster {

/// A group, as it stands in a tree.
struct group_place {
  std::string path;
  pool_spec pool; ///< With a redundancy.
};

/// Returns the redundancy groups of a tree, in its order.
std::vector<group_place> groups_in(const supervisor_spec& tree);

/// The other nodes and this one, at one moment.
struct surroundings {
  std::string me;
  std::vector<member_status> members;
  bool is_heard = true; ///< What this node says in etcd has come back lately.

  const member_status* find(const std::string& node) const;

  /// Returns whether the node takes new work, as far as can be seen from here.
  bool is_able(const std::string& node) const;
};

class group_view {
public:
  group_view(std::string path, redundancy_spec spec)
      : path_{std::move(path)}, spec_{std::move(spec)} {}

  const redundancy_spec& spec() const noexcept { return spec_; }

  /// Returns whether requests may go to the group's workers of `node`.
  bool serves(const std::string& node, const grant& newest, const surroundings& now) const;

  /// Returns what this node is to ask the log for, if it is its turn. To be called often; says so
  /// again only after succession::step.
  std::optional<take_grant> wanted(const grant& newest, const surroundings& seen, time_point now);

private:
  std::size_t preference_of(const std::string& node) const;
  std::optional<std::size_t> rank_of_me(const grant& newest, const surroundings& seen) const;

  std::string path_;
  redundancy_spec spec_;
  succession succession_;
};

} // namespace ducat::cluster
