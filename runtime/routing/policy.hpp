/// Which worker gets the next request. Pure: time, chance and the state of the workers come in.
#pragma once

#include <ducat/child_spec.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace ducat::routing {

/// A worker as a policy sees it.
struct candidate {
  bool eligible = true;      ///< It may get something.
  std::size_t in_flight = 0; ///< Requests it has not answered yet.
};

/// Chooses among the workers of one pool. Not thread-safe.
class policy {
public:
  virtual ~policy() = default;

  /// Returns the index of an eligible worker for a request with `key`, or nothing if there is none.
  /// `workers` has the same size and order at each call.
  virtual std::optional<std::size_t> choose(const std::vector<candidate>& workers,
                                            std::uint64_t key) = 0;
};

/// Returns the policy that `pool` asks for; check() has accepted it.
std::unique_ptr<policy> make_policy(const pool_spec& pool);

} // namespace ducat::routing
