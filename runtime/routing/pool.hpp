/// A pool as the supervisor that it is.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/grant.hpp>
#include <ducat/supervisor.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace ducat {

inline constexpr const char* router_id = "router";

/// Returns the id of a worker of a pool; `number` is from 1 to the size of the pool.
std::string worker_id(std::uint32_t number);

/// Returns the path of the router of the pool at `pool_path`.
std::string router_path(const std::string& pool_path);

/// Returns the flags of the supervisor of a pool.
supervisor_flags flags_of(const pool_spec& pool) noexcept;

/// Returns the name of the child at `path` of another node, or of this one as other nodes see it.
std::string path_at(const std::string& path, const std::string& node);

/// Returns whether one node at a time serves.
bool is_granted(const redundancy_spec& group) noexcept;

/// What a pool needs to know of where it is.
struct pool_place {
  std::string path;
  std::shared_ptr<dead_letters> letters;     ///< Where requests go that the router quarantines.
  std::shared_ptr<const grant_board> grants; ///< Null of a node that is alone.
};

/// Returns the supervisor that the pool `spec` stands for: its workers, then its router. The
/// workers get the pool's start, restart type and shutdown policy. The router of a group that
/// is_granted() knows its workers by their path_at(), which live while they may serve.
supervisor_spec expand_pool(const child_spec& spec, const pool_place& place, directory& names);

} // namespace ducat
