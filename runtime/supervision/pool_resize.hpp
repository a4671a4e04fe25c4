/// Changing how many workers a pool has while it runs.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/supervisor.hpp>

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace ducat::supervision {

/// A request to the resizer of a pool; the answer is a change_reply. One is done after the other.
struct resize_to {
  std::uint32_t size; ///< > 0.
};

struct resizer_link {
  caf::actor_addr supervisor; ///< Of the pool.
  std::string pool_path;
  child_spec worker;      ///< What w1 is; the others differ by their id.
  std::uint32_t size = 0; ///< How many there are.
  std::shared_ptr<ducat::directory> directory;
};

/// Starts the actor that resizes one pool: it asks the pool's supervisor to start, stop and forget
/// workers, and tells the router of them, also the next life of the router.
caf::actor spawn_resizer(caf::local_actor& by, resizer_link link);

} // namespace ducat::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::supervision::resize_to)
