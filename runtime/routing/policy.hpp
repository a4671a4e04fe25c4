/// Which worker gets the next request. Pure: chance and the state of the workers come in.
#pragma once

#include "routing/roster.hpp"

#include <ducat/child_spec.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace ducat::routing {

/// Chooses among the workers of one pool. Not thread-safe. Only weighted_round_robin and by_key go
/// through all workers for a choice.
class policy {
public:
  virtual ~policy() = default;

  /// Returns an eligible worker for a request with `key`, or nothing if there is none. `workers` is
  /// the same roster at each call. Workers of a smaller share get less, except with
  /// weighted_round_robin and by_key: there the weights and the keys say who gets what.
  virtual std::optional<std::size_t> choose(const roster& workers, std::uint64_t key) = 0;
};

/// Returns the policy that `pool` asks for; check() has accepted it.
std::unique_ptr<policy> make_policy(const pool_spec& pool);

} // namespace ducat::routing
