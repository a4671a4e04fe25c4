#include "cluster/link.hpp"

#include "cluster/link_server.hpp"
#include "cluster/tls.hpp"
#include "link.grpc.pb.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace ducat::cluster {

namespace {

namespace pb = ducat::link::v1;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds pause_between_connects{50};

std::shared_ptr<grpc::Channel> channel_to(const link_options& options) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 500);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 500);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 500);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(static_cast<int>(message_bytes_max));
  arguments.SetSslTargetNameOverride(options.peer);
  return grpc::CreateCustomChannel("ipv4:" + options.address, channel_credentials(options.tls),
                                   arguments);
}

bool is_refused(const grpc::Status& status) {
  return status.error_message().find("Connection refused") != std::string::npos;
}

result<std::string> body_of(pb::Answer& answer) {
  if (answer.error() == 0)
    return std::move(*answer.mutable_body());
  if (answer.error() > std::numeric_limits<std::uint8_t>::max())
    return fail(errc::outcome_unknown, "an error of the other node is not known here");
  return fail(static_cast<errc>(answer.error()), std::move(*answer.mutable_message()));
}

} // namespace

/// What the link and its stream have in common.
struct link::core {
  explicit core(const link_options& how) : options{how}, stub{pb::Link::NewStub(channel_to(how))} {}

  struct pending {
    ask_callback done;
    time_point deadline;
  };

  const link_options options;
  const std::unique_ptr<pb::Link::Stub> stub;

  std::mutex guard;
  std::condition_variable changed;
  link_state state = link_state::connecting;
  stream* open = nullptr;  ///< That can be written to and cancelled; null if there is none.
  bool has_stream = false; ///< Until gRPC is done with it.
  time_point connect_at{};
  time_point cut_until{};
  bool ending = false;
  std::uint64_t asks = 0;
  std::map<std::uint64_t, pending> answers_awaited;

  std::optional<pending> take(std::uint64_t id) {
    const std::lock_guard lock{guard};
    const auto found = answers_awaited.find(id);
    if (found == answers_awaited.end())
      return std::nullopt;
    pending taken = std::move(found->second);
    answers_awaited.erase(found);
    return taken;
  }

  /// It was let in by the other node.
  void began() {
    {
      const std::lock_guard lock{guard};
      state = link_state::up;
    }
    options.on_change(link_state::up);
  }

  /// The stream is gone: what became of the asks that it carried is not known.
  void ended(const grpc::Status& status) {
    const link_state now = is_refused(status) ? link_state::refused : link_state::broken;
    std::map<std::uint64_t, pending> lost;
    bool is_news = false;
    {
      const std::lock_guard lock{guard}; // At once: no ask may come to a stream that has ended.
      open = nullptr;
      is_news = std::exchange(state, now) != now;
      lost.swap(answers_awaited);
      connect_at = steady_clock::now() + pause_between_connects;
    }
    if (is_news)
      options.on_change(now);
    for (auto& [id, each] : lost)
      each.done(fail(errc::outcome_unknown, "the link to node " + options.peer + " was lost"));
  }

  /// Nothing is left of the stream. The last that a thread of gRPC does here: the channel must not
  /// end on one, which would wait for itself.
  void released() {
    const std::lock_guard lock{guard};
    has_stream = false;
    changed.notify_all();
  }
};

/// One connection's stream. Deletes itself when gRPC is done with it.
class link::stream final : public grpc::ClientBidiReactor<pb::Ask, pb::Answer> {
public:
  explicit stream(core& of) : core_{of} {}

  void start() {
    context_.AddMetadata("ducat-link-version", std::to_string(link_version));
    core_.stub->async()->Carry(&context_, this);
    AddHold(); // Asks are written from other threads until the stream ends.
    StartRead(&answer_);
    StartCall();
  }

  void cancel() { context_.TryCancel(); }

  void write(pb::Ask ask) {
    const std::lock_guard lock{writing_};
    if (ended_)
      return;
    waiting_.push_back(std::move(ask));
    if (waiting_.size() == 1)
      StartWrite(&waiting_.front());
  }

  void OnReadInitialMetadataDone(bool ok) override {
    if (ok && !is_up_.exchange(true))
      core_.began();
  }

  void OnReadDone(bool ok) override {
    if (!ok)
      return release();
    if (auto asked = core_.take(answer_.id()))
      asked->done(body_of(answer_));
    StartRead(&answer_);
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock{writing_};
    waiting_.pop_front();
    if (ok && !ended_ && !waiting_.empty())
      StartWrite(&waiting_.front());
  }

  void OnDone(const grpc::Status& status) override {
    core& of = core_;
    of.ended(status);
    delete this;
    of.released();
  }

private:
  /// Nothing more is written. An answer that cannot be read does not end the stream by itself.
  void release() {
    if (is_up_)
      cancel();
    {
      const std::lock_guard lock{writing_};
      if (std::exchange(ended_, true))
        return;
    }
    RemoveHold();
  }

  core& core_; ///< Outlives this: the link waits for released().
  grpc::ClientContext context_;
  pb::Answer answer_;
  std::atomic<bool> is_up_{false};
  std::mutex writing_;
  std::deque<pb::Ask> waiting_; ///< The first one is being written.
  bool ended_ = false;
};

link::link(const link_options& options) : core_{std::make_unique<core>(options)} {
  tick(steady_clock::now());
}

link::~link() {
  std::unique_lock lock{core_->guard};
  core_->ending = true;
  if (core_->open != nullptr)
    core_->open->cancel();
  core_->changed.wait(lock, [this] { return !core_->has_stream; });
}

void link::ask(outgoing_ask what, time_point deadline, ask_callback done) {
  const auto left =
      std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now()).count();
  pb::Ask ask;
  ask.set_id(std::numeric_limits<std::uint64_t>::max()); // Of the largest size.
  ask.set_timeout_ms(static_cast<std::uint64_t>(std::max<std::int64_t>(left, 0)));
  *ask.mutable_to() = std::move(what.to);
  *ask.mutable_type() = std::move(what.type);
  *ask.mutable_body() = std::move(what.body);
  if (ask.ByteSizeLong() > message_bytes_max)
    return done(fail(errc::invalid_argument, "the message is too large for a link"));
  std::unique_lock lock{core_->guard};
  if (core_->state != link_state::up || core_->ending) {
    lock.unlock();
    return done(fail(errc::unavailable, "node " + core_->options.peer + " cannot be reached now"));
  }
  ask.set_id(++core_->asks);
  core_->answers_awaited.emplace(ask.id(), core::pending{std::move(done), deadline});
  core_->open->write(std::move(ask));
}

link_state link::state() const {
  const std::lock_guard lock{core_->guard};
  return core_->state;
}

bool link::cut(time_point until) {
  const std::lock_guard lock{core_->guard};
  core_->cut_until = until;
  if (core_->open != nullptr)
    core_->open->cancel();
  return core_->state == link_state::up;
}

void link::tick(time_point now) {
  std::vector<ask_callback> late;
  stream* opened = nullptr;
  {
    const std::lock_guard lock{core_->guard};
    for (auto each = core_->answers_awaited.begin(); each != core_->answers_awaited.end();) {
      if (each->second.deadline > now) {
        ++each;
        continue;
      }
      late.push_back(std::move(each->second.done));
      each = core_->answers_awaited.erase(each);
    }
    if (!core_->has_stream && !core_->ending &&
        now >= std::max(core_->connect_at, core_->cut_until)) {
      opened = new stream{*core_};
      core_->open = opened;
      core_->has_stream = true;
    }
  }
  if (opened != nullptr)
    opened->start();
  for (const ask_callback& each : late)
    each(fail(errc::outcome_unknown, "node " + core_->options.peer + " did not answer in time"));
}

} // namespace ducat::cluster
