#include "alerts/alert_actor.hpp"

#include "alerts/conditions.hpp"
#include "alerts/figure_source.hpp"
#include "alerts/outbox.hpp"
#include "device/io_thread.hpp"
#include "webhook/http_post.hpp"

#include <ducat/wall_clock.hpp>
#include <ducat/webhook/signature.hpp>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace ducat::alerts {
namespace {

/// Sent by the actor to itself.
struct look_again {};

struct figures_came {
  metrics::node_figures figures;
};

struct notice_posted {
  webhook::attempt_answer answer;
};

struct heartbeat_posted {
  webhook::attempt_answer answer;
};

} // namespace
} // namespace ducat::alerts

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::alerts::look_again)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::alerts::figures_came)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::alerts::notice_posted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::alerts::heartbeat_posted)

namespace ducat::alerts {
namespace {

/// For spans of time: the machine's clock may go back, and notices would wait for that long.
log_time steady_now() {
  return {static_cast<std::uint64_t>(
      std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()}.count())};
}

bool is_taken(const webhook::attempt_answer& answer) {
  return answer.status >= 200 && answer.status < 300;
}

/// The state of one life. Only the actor's thread uses it.
class watch {
public:
  watch(caf::event_based_actor* self, const alert_options& options)
      : self_{self}, options_{options},
        posting_{.timeout = std::chrono::seconds{5},
                 .allow_private = options.allow_private,
                 .tls = webhook::client_tls_or_throw(options.ca, options.allows_tls_1_2)},
        io_{std::make_shared<device::io_thread>()}, conditions_{options.from.node} {}

  /// What does not come within the time of a look is missing from it.
  void look() {
    self_->delayed_send(self_, options_.look_every, look_again{});
    if (!std::exchange(is_asking_, true))
      is_asking_ = options_.figures->gather(
          std::chrono::steady_clock::now() + options_.look_every,
          [to = caf::actor_cast<caf::actor_addr>(self_)](metrics::node_figures found) {
            if (const auto actor = caf::actor_cast<caf::actor>(to))
              caf::anon_send(actor, figures_came{std::move(found)});
          });
    post_next();
  }

  void take(const metrics::node_figures& figures) {
    is_asking_ = false;
    const log_time now = wall_clock();
    for (const notice& each : options_.board->look(conditions_.look(figures, now), now))
      tell(each);
    post_next();
    beat();
  }

  void on_notice_posted(const webhook::attempt_answer& answer) {
    outbox_.heard(is_taken(answer), steady_now());
    if (!is_taken(answer))
      spdlog::warn("alert_not_posted status={} problem={}", answer.status, answer.problem);
    post_next();
  }

  void on_heartbeat_posted(const webhook::attempt_answer& answer) {
    if (!is_taken(answer))
      spdlog::warn("heartbeat_not_posted status={} problem={}", answer.status, answer.problem);
  }

private:
  void tell(const notice& what) {
    const auto level =
        what.what == notice::kind::resolved ? spdlog::level::info : spdlog::level::warn;
    spdlog::log(level, "alert_{} rule={} subject={} severity={} text=\"{}\"", to_string(what.what),
                what.about.rule, what.about.subject, to_string(what.about.how), what.about.text);
    if (options_.url && outbox_.put(body_of(what, options_.from)))
      spdlog::error("alert_given_up: too many wait to be posted");
  }

  void post_next() {
    if (const auto letter = outbox_.next(steady_now()))
      post<notice_posted>(*options_.url, letter->body, life_ + "-" + std::to_string(letter->id));
  }

  void beat() {
    const log_time now = steady_now();
    const auto every = static_cast<std::uint64_t>(options_.heartbeat_every.count());
    if (!options_.heartbeat || now.nanoseconds - beaten_at_.nanoseconds < every)
      return;
    beaten_at_ = now;
    post<heartbeat_posted>(*options_.heartbeat, heartbeat_body(options_.from, wall_clock()),
                           life_ + "-beat-" + std::to_string(now.nanoseconds));
  }

  template <class Posted>
  void post(const payment::webhook_url& url, std::string body, std::string id) {
    constexpr std::uint64_t second_ns = 1'000'000'000;
    const std::uint64_t at = wall_clock().nanoseconds / second_ns;
    webhook::post_request what{
        .url = url,
        .headers = {{"webhook-id", id}, {"webhook-timestamp", std::to_string(at)}},
        .body = std::move(body)};
    if (!options_.secret.empty())
      what.headers.emplace_back(
          "webhook-signature",
          webhook::signature_of({.id = id, .timestamp_s = at, .body = what.body}, options_.secret));
    webhook::post(io_->context(), std::move(what), posting_,
                  [to = caf::actor_cast<caf::actor_addr>(self_)](webhook::attempt_answer heard) {
                    if (const auto actor = caf::actor_cast<caf::actor>(to))
                      caf::anon_send(actor, Posted{std::move(heard)});
                  });
  }

  caf::event_based_actor* self_;
  alert_options options_;

  /// Begins the ids of what this life posts: those of another one are others.
  const std::string life_ = options_.from.node + "-" + std::to_string(wall_clock().nanoseconds);
  webhook::post_options posting_;
  std::shared_ptr<device::io_thread> io_;
  conditions conditions_;
  outbox outbox_;
  log_time beaten_at_{};
  bool is_asking_ = false;
};

} // namespace

result<void> check(const alert_options& options) {
  if (auto usable = webhook::client_tls(options.ca, options.allows_tls_1_2); !usable)
    return fail(usable.error().code, "alerts: " + usable.error().message);
  return {};
}

caf::behavior alert_actor(caf::event_based_actor* self, const alert_options& options) {
  auto state = std::make_shared<watch>(self, options);
  self->attach_functor([state]() mutable { state.reset(); });
  state->look();
  const std::weak_ptr alive{state};
  return {
      [alive](look_again) {
        if (const auto me = alive.lock())
          me->look();
      },
      [alive](const figures_came& what) {
        if (const auto me = alive.lock())
          me->take(what.figures);
      },
      [alive](const notice_posted& what) {
        if (const auto me = alive.lock())
          me->on_notice_posted(what.answer);
      },
      [alive](const heartbeat_posted& what) {
        if (const auto me = alive.lock())
          me->on_heartbeat_posted(what.answer);
      },
  };
}

} // namespace ducat::alerts
