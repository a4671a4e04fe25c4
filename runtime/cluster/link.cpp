#include "cluster/link.hpp"

#include "cluster/link_server.hpp"
#include "cluster/tls.hpp"
#include "link.grpc.pb.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
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
  arguments.SetMaxReceiveMessageSize(4 << 20);
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
  return fail(static_cast<errc>(answer.error()), std::move(*answer.mutable_message()));
}

} // namespace

/// Shared by the link and its stream.
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
  stream* open = nullptr; ///< Null while there is none.
  time_point connect_at{};
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

  void note(link_state now) {
    {
      const std::lock_guard lock{guard};
      if (std::exchange(state, now) == now)
        return;
    }
    options.on_change(now);
  }

  /// The stream is gone: what became of the asks that it carried is not known.
  void ended(const grpc::Status& status) {
    std::map<std::uint64_t, pending> lost;
    {
      const std::lock_guard lock{guard};
      lost.swap(answers_awaited);
      connect_at = steady_clock::now() + pause_between_connects;
    }
    note(is_refused(status) ? link_state::refused : link_state::broken);
    for (auto& [id, each] : lost)
      each.done(fail(errc::outcome_unknown, "the link to node " + options.peer + " was lost"));
  }

  /// Nothing is left of the stream.
  void released() {
    const std::lock_guard lock{guard};
    open = nullptr;
    changed.notify_all();
  }
};

/// One connection's stream. Deletes itself when gRPC is done with it.
class link::stream final : public grpc::ClientBidiReactor<pb::Ask, pb::Answer> {
public:
  explicit stream(std::shared_ptr<core> of) : core_{std::move(of)} {}

  void start() {
    context_.AddMetadata("ducat-link-version", std::to_string(link_version));
    core_->stub->async()->Carry(&context_, this);
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
    if (ok)
      core_->note(link_state::up);
  }

  void OnReadDone(bool ok) override {
    if (!ok)
      return release();
    if (auto asked = core_->take(answer_.id()))
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
    core_->ended(status);
    const auto kept = std::move(core_);
    delete this;
    kept->released();
  }

private:
  /// Nothing more is written.
  void release() {
    {
      const std::lock_guard lock{writing_};
      if (std::exchange(ended_, true))
        return;
    }
    RemoveHold();
  }

  std::shared_ptr<core> core_;
  grpc::ClientContext context_;
  pb::Answer answer_;
  std::mutex writing_;
  std::deque<pb::Ask> waiting_; ///< The first one is being written.
  bool ended_ = false;
};

link::link(const link_options& options) : core_{std::make_shared<core>(options)} {
  tick(steady_clock::now());
}

link::~link() {
  std::unique_lock lock{core_->guard};
  core_->ending = true;
  if (core_->open != nullptr)
    core_->open->cancel();
  core_->changed.wait(lock, [this] { return core_->open == nullptr; });
}

void link::ask(outgoing_ask what, time_point deadline, ask_callback done) {
  const auto left =
      std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now()).count();
  std::unique_lock lock{core_->guard};
  if (core_->state != link_state::up || core_->ending) {
    lock.unlock();
    return done(fail(errc::unavailable, "node " + core_->options.peer + " cannot be reached now"));
  }
  pb::Ask ask;
  ask.set_id(++core_->asks);
  ask.set_timeout_ms(static_cast<std::uint64_t>(std::max<std::int64_t>(left, 0)));
  *ask.mutable_to() = std::move(what.to);
  *ask.mutable_type() = std::move(what.type);
  *ask.mutable_body() = std::move(what.body);
  core_->answers_awaited.emplace(ask.id(), core::pending{std::move(done), deadline});
  core_->open->write(std::move(ask));
}

link_state link::state() const {
  const std::lock_guard lock{core_->guard};
  return core_->state;
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
    if (core_->open == nullptr && !core_->ending && now >= core_->connect_at) {
      opened = new stream{core_};
      core_->open = opened;
    }
  }
  if (opened != nullptr)
    opened->start();
  for (const ask_callback& each : late)
    each(fail(errc::outcome_unknown, "node " + core_->options.peer + " did not answer in time"));
}

} // namespace ducat::cluster
