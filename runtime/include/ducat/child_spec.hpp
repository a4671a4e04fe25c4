/// The supervision tree as data: what children there are, in which order, and what happens when one
/// ends. The words and the defaults are OTP's.
#pragma once

#include <ducat/error.hpp>

#include <caf/behavior.hpp>
#include <caf/fwd.hpp>
#include <caf/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ducat {

/// Who is stopped and started again when one child fails.
enum class strategy : std::uint8_t {
  one_for_one = 1,  ///< Only the failed child.
  one_for_all = 2,  ///< Every child.
  rest_for_one = 3, ///< The failed child and those after it.
  /// Only the failed child, of children that are all alike: the spec's one child is their template,
  /// none is started at boot, and start_instance() adds each.
  simple_one_for_one = 4,
};

/// Whether a child that ends is started again.
enum class restart_type : std::uint8_t {
  permanent = 1, ///< Always.
  transient = 2, ///< Only if it ended abnormally.
  temporary = 3, ///< Never; its spec is forgotten.
};

/// Whether a supervisor ends by itself, with `shutdown`, when significant children have ended by
/// themselves without being restarted.
enum class auto_shutdown : std::uint8_t {
  never = 1,
  any_significant = 2, ///< When the first one has.
  all_significant = 3, ///< When the last one has; one that is being restarted has not.
};

using enum strategy;
using enum restart_type;

/// How a child is stopped: told to `shutdown` and given some time, then killed.
struct shutdown_policy {
  enum class kind : std::uint8_t { timeout, infinity, brutal_kill };

  kind how = kind::timeout;
  std::chrono::milliseconds timeout{5'000}; ///< Only for kind::timeout; 0 is legal.

  constexpr shutdown_policy() = default;

  // Implicit, so that a spec may say `.shutdown = 2s`.
  template <class Rep, class Period>
  constexpr shutdown_policy(std::chrono::duration<Rep, Period> after) // NOLINT
      : timeout{std::chrono::duration_cast<std::chrono::milliseconds>(after)} {}

  constexpr explicit shutdown_policy(kind k) : how{k} {}

  friend bool operator==(const shutdown_policy&, const shutdown_policy&) = default;
};

inline constexpr shutdown_policy wait_forever{shutdown_policy::kind::infinity};
inline constexpr shutdown_policy brutal_kill{shutdown_policy::kind::brutal_kill};

/// How long a supervisor waits before it starts a failed child again. Each wait after the first is
/// twice as long, until a life has lasted for `max`. While it waits the child is `restarting`, and
/// each attempt counts as a restart. By default it does not wait, as in OTP.
struct backoff_spec {
  std::chrono::milliseconds initial{0};  ///< 0: never waits.
  std::chrono::milliseconds max{30'000}; ///< >= initial.
  std::uint32_t jitter_percent = 20;     ///< Each wait is shorter by up to that share, at random.
};

/// What becomes of the messages of a child that ends. With `drop` they are in CAF's mailbox and end
/// with it, as in OTP. With the others they wait outside the child, which gets `in_hand_max` of
/// them at a time, and more when it has answered; each message counts as a request.
enum class mailbox_fate : std::uint8_t {
  drop = 1,
  keep = 2,      ///< The next life gets all of them, the ones in hand first. Only for children
                 ///< to which the same message may come twice.
  keep_rest = 3, ///< The next life gets all but those in hand: their outcome is unknown.
};

/// Only for a worker that is no pool.
struct mailbox_spec {
  mailbox_fate fate = mailbox_fate::drop;
  std::uint32_t capacity = 10'000; ///< More than that and the sender is told `overloaded`; > 0.
  std::uint32_t in_hand_max = 1;   ///< > 0.
  std::uint32_t poison_after = 3; ///< Of `keep`: a message that was in hand at that many crashes is
                                  ///< quarantined as a dead letter; > 0.
};

/// How a life of a worker begins: `body` runs inside the new actor and returns its behaviour. The
/// start succeeds when body has returned, or has called ignore(), and fails if it throws or quits.
/// `extra` is what start_instance() gave, else empty.
struct child_start {
  std::function<caf::behavior(caf::event_based_actor*, const caf::message& extra)> body;
  bool detached = false; ///< On a thread of its own: for actors that block, on a disk for one.
};

/// Returns the start of the function-based actor `f(self, args...)`. `args` are copied for each
/// life: pass handles, never caf::actor.
template <class Function, class... Args>
child_start start(Function f, Args... args) {
  return {.body = [f, args...](caf::event_based_actor* self,
                               const caf::message&) { return f(self, args...); },
          .detached = false};
}

/// Returns the start of the function-based actor `f(self, extra...)`, for a template under
/// simple_one_for_one: `extra` is what start_instance() was given. The start of an instance fails
/// if those are no `Extra...`.
template <class... Extra, class Function>
child_start start_template(Function f) {
  return {.body =
              [f](caf::event_based_actor* self, const caf::message& extra) {
                if (!extra.match_elements<Extra...>())
                  throw std::invalid_argument{"the instance was given something else"};
                return [&]<std::size_t... I>(std::index_sequence<I...>) {
                  return f(self, extra.get_as<Extra>(I)...);
                }(std::index_sequence_for<Extra...>{});
              },
          .detached = false};
}

/// How a router chooses a worker.
enum class route : std::uint8_t {
  round_robin = 1,
  weighted_round_robin = 2, ///< Smooth: 3/1 gives a a b a, not a a a b.
  random = 3,
  least_requests = 4,       ///< Fewest in flight; ties go round.
  power_of_two_choices = 5, ///< Of two random ones, the one with fewer in flight.
  by_key = 6, ///< The same routed::key to the same worker. While that one may get nothing, only its
              ///< keys go to others. A request without a key has the key 0.
};

/// When a router stops giving requests to a worker that fails them. A request fails if its outcome
/// is unknown: its worker went down with it, missed its deadline, or answered so; any other answer
/// is a success. The breaker of a worker opens as told below; `pause` later the worker gets one
/// request, the probe, whose outcome closes the breaker or opens it again. It outlives the lives of
/// the worker, not those of the router. By default there is none.
struct breaker_spec {
  std::uint32_t failures_max = 0;         ///< Opens at that many failures in a row; 0: never.
  std::uint32_t failure_percent = 0;      ///< Opens at that share of the last `sample`; 0: never.
  std::uint32_t sample = 20;              ///< How many outcomes a share takes; > 0.
  std::chrono::milliseconds pause{5'000}; ///< > 0.
};

/// Which nodes of a redundancy group serve.
enum class redundancy_mode : std::uint8_t {
  primary_backup = 1, ///< One serves, the others are its backups.
  exclusive = 2, ///< The same, and whoever cannot tell whether it is still the one stops by itself.
  active_active = 3, ///< All serve, and the router balances.
};

/// What the workers do on a node that does not serve.
enum class standby_policy : std::uint8_t {
  cold = 1,   ///< They do not run.
  hot = 2,    ///< They run, and get no requests.
  active = 3, ///< There is no such node: all serve.
};

/// A redundancy group: the pool is one service of several nodes, each of which has its workers. All
/// of them start it with the same spec. Requests to the pool go, on whatever node, to workers of
/// the nodes that serve, by the pool's policy. A node that dies, falls silent or drains loses its
/// share at once. On a node that is alone it means nothing.
///
/// With primary_backup and exclusive one node has the group's grant. When that fails or drains the
/// next one of `nodes` is granted the group, in the log: from then on no command is committed with
/// the token of an older grant. Each life of a worker that may serve is sent `granted` first; it
/// ends with the grant.
struct redundancy_spec {
  std::vector<std::string> nodes{}; ///< The ids, each once; the preferred one first.
  redundancy_mode mode = redundancy_mode::active_active;
  standby_policy standby = standby_policy::active; ///< `active` with active_active, and only then.
  bool takeover = false; ///< Whether a node that is preferred takes over when it comes back.
};

/// A pool: `size` workers of the same kind behind a router. A child spec with a pool makes, under
/// the child's path P, a supervisor of the workers P/w1 .. P/wN and of the router P/router. The
/// handle of P is the router.
struct pool_spec {
  std::uint32_t size = 1;
  route policy = route::round_robin;
  std::vector<std::uint32_t> weights{}; ///< For weighted_round_robin: one a worker, each > 0.
  std::uint64_t seed = 1;               ///< For random and power_of_two_choices.
  std::uint32_t restarts_max = 100;     ///< The budget of the pool's own supervisor.
  std::chrono::milliseconds window{5'000};
  std::uint32_t in_flight_max = 0; ///< Unanswered requests a worker has at most; 0: no bound.
  std::uint32_t pending_max = 0; ///< The same of the whole pool, so >= in_flight_max; 0: no bound.
  /// How often a request whose worker went down with it is given to another one, as long as its
  /// deadline allows; then it is quarantined as a dead letter, and its outcome is unknown. Only for
  /// workers to which the same request may come twice, such as one that carries an id.
  /// With 0 no request reaches two workers, and the caller decides.
  std::uint32_t retries_max = 0;
  breaker_spec breaker{};
  /// Whether a worker that fails more often, or is slower, than is typical of the pool gets less:
  /// down to a twentieth of what the others get, until it does better or has hardly been asked for
  /// some seconds. Workers that behave alike share as without it. Not with weighted_round_robin
  /// and by_key, where the weights and the keys say who gets what.
  bool health_aware = true;
  /// If it is one service of several nodes. `size` and `weights` are of each node.
  std::optional<redundancy_spec> redundancy{};
};

struct supervisor_spec;

/// One child. Exactly one of `start` and `supervisor` is given; `pool` only with `start`.
struct child_spec {
  std::string id; ///< Unique among its siblings: 1 to 64 of a-z A-Z 0-9 . _ -
  child_start start{};
  restart_type restart = permanent;
  std::optional<shutdown_policy> shutdown{}; ///< Default: 5 s; of a supervisor: wait_forever.
  std::optional<pool_spec> pool{};
  std::shared_ptr<const supervisor_spec> supervisor{}; ///< A nested supervisor.
  backoff_spec backoff{};
  mailbox_spec mailbox{};
  std::chrono::milliseconds handler_budget{0}; ///< A handler that takes longer is hung: its life is
                                               ///< given up and replaced. 0: it may take for ever.
  bool significant = false; ///< Counts for auto_shutdown. Legal only if that is not `never`, and
                            ///< only for transient and temporary children.
};

/// More than `restarts_max` restarts within `window` and the supervisor gives up: it stops its
/// children in reverse order and ends with `shutdown`.
struct supervisor_flags {
  ducat::strategy strategy = one_for_one;
  std::uint32_t restarts_max = 1;
  std::chrono::milliseconds window{5'000}; ///< > 0.
  ducat::auto_shutdown auto_shutdown = ducat::auto_shutdown::never;
};

struct supervisor_spec {
  supervisor_flags flags;
  std::vector<child_spec> children; ///< In start order.
};

/// Returns nothing if the spec can be started, else the first thing that is wrong with it.
/// Errors: invalid_argument, naming the path of the child and the field.
result<void> check(const supervisor_spec& spec);

std::string_view to_string(strategy value) noexcept;
std::string_view to_string(restart_type value) noexcept;
std::string_view to_string(route value) noexcept;
std::string_view to_string(mailbox_fate value) noexcept;
std::string_view to_string(redundancy_mode value) noexcept;
std::string_view to_string(standby_policy value) noexcept;
std::string_view to_string(auto_shutdown value) noexcept;
std::string to_string(const shutdown_policy& value);
std::ostream& operator<<(std::ostream& out, strategy value);
std::ostream& operator<<(std::ostream& out, restart_type value);
std::ostream& operator<<(std::ostream& out, route value);
std::ostream& operator<<(std::ostream& out, const shutdown_policy& value);

} // namespace ducat
