/// A pool as the supervisor that it is.
#pragma once

#include <ducat/child_spec.hpp>
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

/// Returns the supervisor that the pool `spec` at `path` stands for: its workers, then its router.
/// The workers get the pool's start, restart type and shutdown policy; requests that the router
/// quarantines go to `letters`.
supervisor_spec expand_pool(const child_spec& spec, const std::string& path, directory& names,
                            std::shared_ptr<dead_letters> letters);

} // namespace ducat
