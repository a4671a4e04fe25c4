/// The workers of a group that is granted to one node at a time, on this node.
#pragma once

#include "supervision/child_slot.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/grant.hpp>
#include <ducat/handle.hpp>

#include <caf/actor_addr.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace ducat::cluster {

/// What a worker was told last: its life goes on when whoever told it is gone.
struct told_grant {
  std::uint64_t incarnation = 0; ///< Of the life that was told; 0: none ever was.
  std::uint64_t epoch = 0;
};

/// One worker. Each of its lives serves under one grant at most, which it is told first, and ends
/// with it. While it serves it is published under the name that routers know. Owned by one actor,
/// and ends with it.
class granted_worker {
public:
  /// `group` is the pool, `worker` the child below it, `published` the name for routers. `by` is
  /// sent life_began and life_over with `watch`. `told` goes from one object for that worker to the
  /// next.
  granted_worker(caf::event_based_actor* by, handle group, handle worker,
                 std::shared_ptr<child_slot> published, standby_policy standby,
                 std::shared_ptr<told_grant> told, std::uint64_t watch);

  granted_worker(const granted_worker&) = delete;
  granted_worker& operator=(const granted_worker&) = delete;

  ~granted_worker() { withdraw("the node serves no group now"); }

  void on_life_began(const life_began& what);
  void on_life_over(const life_over& what);

  /// `epoch` is that of the grant under which it is to serve; 0: it is not to. To be called often.
  void arrange(std::uint64_t epoch);

private:
  std::uint64_t served_under() const noexcept;
  void serve(std::uint64_t epoch);
  void withdraw(const std::string& why);
  void change(bool runs);

  caf::event_based_actor* by_;
  handle group_;
  handle worker_;
  std::shared_ptr<child_slot> published_;
  standby_policy standby_;
  std::shared_ptr<told_grant> told_;
  std::uint64_t incarnation_ = 0; ///< Of the life that runs; 0: none does.
  caf::actor_addr life_;
  std::uint64_t publication_ = 0; ///< The number of the life that is published; 0: none.
  bool is_changing_ = false;      ///< It is being started or stopped.
};

} // namespace ducat::cluster
