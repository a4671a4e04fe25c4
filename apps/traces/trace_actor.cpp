#include "traces/trace_actor.hpp"

#include "device/io_thread.hpp"
#include "traces/post_pace.hpp"
#include "webhook/http_post.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace ducat::traces {
namespace {

/// Sent by the actor to itself.
struct post_more {};

struct spans_posted {
  webhook::attempt_answer answer;
};

} // namespace
} // namespace ducat::traces

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::traces::post_more)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::traces::spans_posted)

namespace ducat::traces {
namespace {

constexpr std::size_t batch_max = 512;

log_time steady_now() {
  return {static_cast<std::uint64_t>(
      std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()}.count())};
}

/// The state of one life. Only the actor's thread uses it.
class exporter {
public:
  exporter(caf::event_based_actor* self, const trace_options& options)
      : self_{self}, options_{options},
        posting_{.timeout = std::chrono::seconds{10},
                 .allow_private = true,
                 .tls = webhook::client_tls_or_throw(options.ca, options.allows_tls_1_2)},
        io_{std::make_shared<device::io_thread>()} {}

  exporter(const exporter&) = delete;
  exporter& operator=(const exporter&) = delete;

  ~exporter() { options_.spans->note_dropped(batch_size_); }

  void post_now_and_then() {
    self_->delayed_send(self_, options_.every, post_more{});
    post_next();
  }

  void on_posted(const webhook::attempt_answer& answer) {
    const fate what = fate_of(answer.status);
    note(what, answer);
    pace_.heard(what, answer.retry_after_s, steady_now());
    if (what != fate::again)
      batch_size_ = 0;
    post_next();
  }

private:
  void note(fate what, const webhook::attempt_answer& answer) {
    if (what == fate::sent && pace_.failures() > 0)
      spdlog::info("traces_posted_again failures={}", pace_.failures());
    if (what != fate::sent && pace_.failures() == 0)
      spdlog::warn("traces_not_posted status={} problem={}", answer.status, answer.problem);
    if (what == fate::sent)
      options_.spans->note_sent(batch_size_);
    if (what == fate::dropped)
      options_.spans->note_dropped(batch_size_);
  }

  void post_next() {
    if (!pace_.may_post(steady_now()) || !has_batch())
      return;
    pace_.posted();
    webhook::post(io_->context(),
                  {.url = options_.url, .body = batch_, .content_type = "application/x-protobuf"},
                  posting_,
                  [to = caf::actor_cast<caf::actor_addr>(self_)](webhook::attempt_answer heard) {
                    if (const auto actor = caf::actor_cast<caf::actor>(to))
                      caf::anon_send(actor, spans_posted{std::move(heard)});
                  });
  }

  /// Returns whether there is something to post: what was not taken, or else what waits.
  bool has_batch() {
    if (batch_size_ != 0)
      return true;
    const auto spans = options_.spans->take(batch_max);
    if (spans.empty())
      return false;
    batch_size_ = spans.size();
    batch_ = message_of(spans, options_.from);
    return true;
  }

  caf::event_based_actor* self_;
  trace_options options_;
  webhook::post_options posting_;
  std::shared_ptr<device::io_thread> io_;
  post_pace pace_;
  std::string batch_;
  std::size_t batch_size_ = 0; ///< In spans; 0: there is none.
};

} // namespace

result<void> check(const trace_options& options) {
  if (auto usable = webhook::client_tls(options.ca, options.allows_tls_1_2); !usable)
    return fail(usable.error().code, "traces: " + usable.error().message);
  return {};
}

caf::behavior trace_actor(caf::event_based_actor* self, const trace_options& options) {
  auto state = std::make_shared<exporter>(self, options);
  self->attach_functor([state]() mutable { state.reset(); });
  state->post_now_and_then();
  const std::weak_ptr alive{state};
  return {
      [alive](post_more) {
        if (const auto me = alive.lock())
          me->post_now_and_then();
      },
      [alive](const spans_posted& what) {
        if (const auto me = alive.lock())
          me->on_posted(what.answer);
      },
  };
}

} // namespace ducat::traces
