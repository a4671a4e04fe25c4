/// What is broken during a demo, and when: decided beforehand, from a seed.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace ducat::cli {

struct blow {
  enum class kind : std::uint8_t {
    child = 1,   ///< The child at `target` is crashed.
    point = 2,   ///< The fault point `target` is armed once.
    process = 3, ///< The node is killed and started again.
    member = 4,  ///< The etcd member `node` is.
  };
  std::uint64_t after = 0; ///< Operations that are finished before it falls.
  kind what = kind::child;
  std::string target{};
  std::string node{}; ///< Of a cluster.

  friend bool operator==(const blow&, const blow&) = default;
};

struct nemesis_options {
  std::uint64_t operations = 0; ///< That will be sent in all.
  std::uint64_t seed = 1;
  std::uint32_t workers = 8; ///< Of the pool at `payments`.
  std::uint32_t process_kills = 3;
  std::uint32_t worker_crashes = 60;
  std::uint32_t other_crashes = 3; ///< Of each: the whole pool, its router, ledger, gateway.
  std::uint32_t points_armed = 24;
  std::uint32_t member_kills = 0;
  std::vector<std::string> points{};  ///< To choose from.
  std::vector<std::string> nodes{};   ///< Of a cluster, to choose from.
  std::vector<std::string> members{}; ///< Of etcd, to choose from.
};

/// Returns the blows in the order in which they fall, spread over all operations. Pure: equal
/// options give equal plans.
std::vector<blow> plan_blows(const nemesis_options& options);

} // namespace ducat::cli
