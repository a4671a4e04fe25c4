#include "routing/router.hpp"

#include "routing/breaker.hpp"
#include "routing/policy.hpp"
#include "supervision/child_actor.hpp"

#include <ducat/router.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_view.hpp>
#include <caf/response_promise.hpp>
#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <limits>
#include <unordered_map>
#include <unordered_set>

namespace ducat::routing {

namespace {

/// The state of one router. Every request it has forwarded waits for one response: the worker's,
/// the clock's at the deadline, or the one the router sends itself when the worker goes down.
/// Whichever comes first answers the caller; CAF drops the others.
class router {
public:
  router(caf::event_based_actor* self, std::vector<handle> workers, const pool_spec& pool)
      : self_{self}, workers_{std::move(workers)}, policy_{make_policy(pool)},
        in_flight_max_{bound(pool.in_flight_max)}, pending_max_{bound(pool.pending_max)},
        breakers_(workers_.size(), breaker{pool.breaker}), candidates_(workers_.size()),
        lives_(workers_.size()) {}

  caf::response_promise on_request(const routed& request) {
    caf::response_promise caller = self_->make_response_promise();
    if (request.deadline <= self_->clock().now()) {
      caller.deliver(to_caf(error{errc::deadline_exceeded, "the deadline has passed"}));
      return caller;
    }
    const auto chosen = choose(request.key);
    if (!chosen) {
      caller.deliver(to_caf(chosen.error()));
      return caller;
    }
    const caf::actor worker = workers_[*chosen].current();
    if (worker)
      forward(request, *chosen, worker, caller);
    else // It went down just now.
      caller.deliver(to_caf(error{errc::unavailable, "no worker is running"}));
    return caller;
  }

  /// A request without an envelope.
  caf::result<caf::message> on_bare_request(caf::message body) {
    return on_request({.deadline = self_->clock().now() + bare_deadline, .body = std::move(body)});
  }

  /// Returns whether `element` was the response to a request of this router.
  bool on_response(caf::mailbox_element& element) {
    auto found = in_flight_.extract(element.mid);
    if (found.empty())
      return false;
    done(element.mid, found.mapped().worker);
    const caf::message response = as_answer(element.move_content_to_message());
    count(found.mapped(), response);
    found.mapped().caller.deliver(response);
    return true;
  }

  void on_worker_down(const caf::actor_addr& who) {
    const auto found = in_hand_.find(who);
    if (found == in_hand_.end())
      return;
    for (const caf::message_id id : found->second)
      respond_to_self(id, caf::sec::request_receiver_down);
    in_hand_.erase(found);
  }

  /// The router ends; nobody will tell the callers otherwise.
  void on_end() {
    for (auto& [id, waiting] : in_flight_)
      waiting.caller.deliver(to_caf(error{errc::outcome_unknown, "the router went down"}));
    in_flight_.clear();
  }

private:
  struct request_in_flight {
    caf::response_promise caller;
    caf::actor_addr worker;
    std::size_t index;            // Of the worker.
    breaker::round breaker_round; // Of the breaker of the worker.
  };

  static std::size_t bound(std::uint32_t max) {
    return max == 0 ? std::numeric_limits<std::size_t>::max() : max;
  }

  result<std::size_t> choose(std::uint64_t key) {
    const time_point now = self_->clock().now();
    bool anyone = false;
    for (std::size_t index = 0; index < workers_.size(); ++index) {
      const bool able = workers_[index].incarnation() != 0 && breakers_[index].lets_through(now);
      const std::size_t in_flight = in_flight_of(lives_[index]);
      candidates_[index] = {.eligible = able && in_flight < in_flight_max_, .in_flight = in_flight};
      anyone = anyone || able;
    }
    if (!anyone)
      return fail(errc::unavailable, "no worker is running with its breaker closed");
    if (in_flight_.size() >= pending_max_)
      return fail(errc::overloaded, "the pool is at its bound");
    if (const auto chosen = policy_->choose(candidates_, key))
      return *chosen;
    return fail(errc::overloaded, "each worker is at its bound");
  }

  std::size_t in_flight_of(const caf::actor_addr& worker) const {
    if (worker == nullptr)
      return 0;
    const auto hand = in_hand_.find(worker);
    return hand == in_hand_.end() ? 0 : hand->second.size();
  }

  void forward(const routed& request, std::size_t index, const caf::actor& worker,
               const caf::response_promise& caller) {
    watch(index, worker);
    const caf::message_id id = self_->new_request_id(caf::message_priority::normal);
    const caf::message_id response = id.response_id();
    in_hand_[worker.address()].insert(response);
    in_flight_[response] = {.caller = caller,
                            .worker = worker.address(),
                            .index = index,
                            .breaker_round = breakers_[index].sent()};
    self_->clock().set_request_timeout(request.deadline, self_, response);
    worker->enqueue(self_->ctrl(), id, request.body, self_->context());
  }

  /// Watches the life of the worker that runs now.
  void watch(std::size_t index, const caf::actor& worker) {
    lives_[index] = worker.address();
    if (in_hand_.try_emplace(worker.address()).second)
      self_->monitor<caf::message_priority::high>(worker);
  }

  void done(caf::message_id id, const caf::actor_addr& worker) {
    self_->clock().cancel_request_timeout(self_, id);
    if (const auto hand = in_hand_.find(worker); hand != in_hand_.end())
      hand->second.erase(id);
  }

  /// Tells the breaker of the worker what came of a request.
  void count(const request_in_flight& request, const caf::message& answer) {
    const bool failed = answer.match_elements<caf::error>() &&
                        error_of(answer.get_as<caf::error>(0)).code == errc::outcome_unknown;
    breaker& of_worker = breakers_[request.index];
    if (failed)
      of_worker.failed(request.breaker_round, self_->clock().now());
    else
      of_worker.succeeded(request.breaker_round);
  }

  /// Returns what the caller is told of `response`.
  static caf::message as_answer(caf::message response) {
    if (!response.match_elements<caf::error>())
      return response;
    const caf::error& failure = response.get_as<caf::error>(0);
    const bool lost =
        failure == caf::sec::request_timeout || failure == caf::sec::request_receiver_down;
    return lost ? caf::make_message(to_caf(error_of(failure))) : response;
  }

  void respond_to_self(caf::message_id id, caf::sec what) {
    self_->enqueue(nullptr, id, caf::make_message(caf::make_error(what)), self_->context());
  }

  caf::event_based_actor* self_;
  std::vector<handle> workers_;
  std::unique_ptr<policy> policy_;
  std::size_t in_flight_max_;     // Of one worker.
  std::size_t pending_max_;       // Invariant: in_flight_.size() <= pending_max_.
  std::vector<breaker> breakers_; // One a worker.
  std::vector<candidate> candidates_;
  std::vector<caf::actor_addr> lives_; // The watched life of each worker.
  // Invariant: holds the ids of in_flight_, by worker, except those of lives that have ended.
  std::unordered_map<caf::actor_addr, std::unordered_set<caf::message_id>> in_hand_;
  std::unordered_map<caf::message_id, request_in_flight> in_flight_;
};

} // namespace

child_start start_router(std::vector<handle> workers, const pool_spec& pool) {
  const auto body = [workers = std::move(workers), pool](caf::event_based_actor* self,
                                                         const caf::message&) {
    auto state = std::make_shared<router>(self, workers, pool);
    dynamic_cast<supervision::child_actor&>(*self).set_response_handler(
        [state](caf::mailbox_element& element) { return state->on_response(element); });
    self->set_down_handler([state](caf::down_msg& down) { state->on_worker_down(down.source); });
    self->set_default_handler([state](caf::scheduled_actor*, caf::message_view& bare) {
      return state->on_bare_request(bare.move_content_to_message());
    });
    self->attach_functor([state] { state->on_end(); });
    return caf::behavior{[state](const routed& request) { return state->on_request(request); }};
  };
  return {.body = body};
}

} // namespace ducat::routing
