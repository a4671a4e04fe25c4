/// What a router decides: who gets a request, and what becomes of it when its worker goes down or
/// its deadline passes. Pure: time and what happens to the workers come in, effects come out.
#pragma once

#include "routing/deadline_queue.hpp"
#include "routing/health.hpp"
#include "routing/policy.hpp"
#include "routing/request_table.hpp"
#include "routing/roster.hpp"

#include <ducat/breaker.hpp>
#include <ducat/child_spec.hpp>
#include <ducat/error.hpp>
#include <ducat/time.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace ducat::routing {

/// What has become of a request that was in hand, or waited to be tried again.
struct effect {
  enum class kind : std::uint8_t {
    send,       ///< Goes to `worker`, under its new `id`.
    expire,     ///< Its deadline has passed. As all below: it is no more.
    lose,       ///< Its worker went down with it.
    quarantine, ///< It was in hand at `crashes` crashes: more than the pool's retries_max.
    idle,       ///< Of a worker that is retired: it has no request any more.
  };
  kind what;
  request_id id = 0;
  std::size_t worker = 0;
  std::uint32_t crashes = 0;
};

/// Workers are known by their index, which they keep for ever, and a life of one by its
/// incarnation. `now` never goes back. Not thread-safe.
class router_core {
public:
  /// `pool` has been accepted by check(). Its workers run once life_began() says so.
  router_core(const pool_spec& pool, time_point now);

  struct sent {
    request_id id;
    std::size_t worker;
  };

  /// A new request. Returns to whom it goes; nothing is kept of one that is refused.
  /// Errors: deadline_exceeded, unavailable, overloaded; see ducat::routed.
  result<sent> admit(time_point deadline, std::uint64_t key, time_point now);

  /// The worker has answered; `failed`: that it does not know the outcome. Returns whether the
  /// caller waits for that answer: not if the deadline has passed or the request was given on.
  bool answered(request_id id, bool failed, time_point now);

  /// The request came back: its worker is down and never had it in hand.
  void bounced(request_id id, time_point now);

  void life_began(std::size_t worker, std::uint64_t life, time_point now);

  /// The worker gets nothing until its next life; answers that it has sent may still come.
  void life_over(std::size_t worker, std::uint64_t life, time_point now);

  /// Returns whether the request waits for settle() to decide what becomes of it.
  bool is_settling(request_id id) const;

  /// No more answers come from that life, which is over: what it has in hand is given on or lost.
  void settle(std::size_t worker, std::uint64_t life, time_point now);

  /// It is wake_at(), or later.
  void wake(time_point now);

  /// Returns when wake() is needed, perhaps sooner than that.
  std::optional<time_point> wake_at() const;

  /// Adds a worker and returns its index.
  std::size_t add_worker();

  /// The worker gets nothing any more; effect::idle says when it has nothing left. Until that,
  /// life_began() and the rest are told of it as of the others.
  void retire(std::size_t worker, time_point now);

  /// Returns whether no life of the worker has a request.
  bool is_idle(std::size_t worker) const { return members_[worker].held == 0; }

  /// The worker is no longer retired.
  void reinstate(std::size_t worker, time_point now);

  /// Returns what has to be done, in this order.
  std::vector<effect> take_effects() { return std::exchange(effects_, {}); }

  bool has_effects() const noexcept { return !effects_.empty(); }

  /// Returns how many workers may get a request, apart from their bound.
  std::size_t workers_able() const noexcept { return able_count_; }

  /// Returns how many workers have a breaker that is not closed.
  std::size_t breakers_open() const noexcept { return broken_count_; }

  /// Returns how many requests are unanswered.
  std::size_t pending() const noexcept { return table_.size(); }

private:
  struct member {
    breaker its_breaker;
    std::uint64_t life = 0; // 0: it does not run.
    std::size_t held = 0;   // Requests of any of its lives.
    bool retired = false;
    bool able = false;   // It runs, and its breaker lets a request through.
    bool broken = false; // Its breaker is not closed.
  };

  sent send(request_id id, std::size_t worker, time_point now);
  void take_back(const request& what, bool failed, time_point now);
  void count(const request& what, bool failed, time_point now);
  void end(request_id id, effect::kind how);
  void give_on(request_id id, time_point now);
  void give_on_waiting(time_point now);
  void refresh(std::size_t worker, time_point now);
  void refresh_breakers(time_point now);
  void judge(time_point now);

  bool is_live(request_id id) { return table_.find(id) != nullptr; }

  breaker_spec breaker_spec_;
  std::size_t in_flight_max_; // Of one worker.
  std::size_t pending_max_;   // Invariant: table_.size() <= pending_max_.
  std::uint32_t retries_max_;
  bool is_health_aware_;
  std::unique_ptr<policy> policy_;
  std::vector<member> members_;
  roster roster_; // In flight there: of the current life. Eligible: able, not at its bound.
  std::size_t able_count_ = 0;
  std::size_t broken_count_ = 0;
  health health_;
  request_table table_;
  deadline_queue deadlines_;
  std::deque<request_id> waiting_; // May hold ids that are no more.
  std::deque<std::pair<time_point, std::size_t>>
      reopening_; // Breakers by when their pause is over.
  std::vector<effect> effects_;
};

} // namespace ducat::routing
