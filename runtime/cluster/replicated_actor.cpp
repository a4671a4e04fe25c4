#include "cluster/replicated_actor.hpp"

#include "cluster/durable_messages.hpp"

#include <ducat/durable.hpp>
#include <ducat/handle.hpp>
#include <ducat/log_probe.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>

#include <utility>

namespace ducat::cluster {

namespace {

/// Sent to the actor from any thread.
struct posted {
  std::function<void()> run;
};

/// Sent by the actor to itself: what was in its mailbox before is in the group.
struct flush {};

constexpr duration hang = std::chrono::seconds{1};

/// How long the first life may take to begin: longer than the start of a node whose state is there.
constexpr duration beginning = std::chrono::seconds{5};

} // namespace
} // namespace ducat::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::cluster::posted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::cluster::flush)

namespace ducat::cluster {

bool replicated_port::post(std::function<void(replicated&)> what) const {
  const std::lock_guard lock{guard_};
  if (!to_life_)
    return false;
  to_life_(std::move(what));
  return true;
}

void replicated_port::note_beginning() {
  const std::lock_guard lock{guard_};
  if (!beginning_since_)
    beginning_since_ = now_();
}

std::optional<node_progress> replicated_port::progress() const {
  const time_point now = now_();
  const std::lock_guard lock{guard_};
  if (!has_begun_)
    return beginning_since_ && now - *beginning_since_ > beginning ? std::nullopt
                                                                   : std::optional{node_progress{}};
  return to_life_ && now - seen_at_ < hang ? std::optional{come_} : std::nullopt;
}

/// One life.
class replicated_life {
public:
  replicated_life(caf::event_based_actor* self, replicated_options options,
                  const replica_options& machine, std::shared_ptr<replicated_port> port)
      : self_{self}, port_{std::move(port)}, machine_{in_post(self, std::move(options)), machine} {
    const std::lock_guard lock{port_->guard_};
    port_->has_begun_ = true;
    port_->life_ = this;
    note_progress();
    port_->to_life_ = [this, post = poster_of(self)](std::function<void(replicated&)> what) {
      post([this, what = std::move(what)] {
        what(machine_);
        flush_soon();
        const std::lock_guard guard{port_->guard_};
        note_progress();
      });
    };
  }

  ~replicated_life() {
    const std::lock_guard lock{port_->guard_};
    if (port_->life_ != this)
      return; // It was given up, and another one has begun.
    port_->life_ = nullptr;
    port_->to_life_ = nullptr;
  }

  /// Calls `told`, if it is not empty, with how long the answer took.
  template <class Answer, class Ask>
  caf::response_promise ask(std::string_view type, const Ask& what, void (*told)(duration) = {}) {
    auto promise = self_->make_response_promise();
    const time_point begun = port_->now_();
    machine_.ask(
        std::string{type}, encode(what),
        [promise, told, begun, now = port_->now_](const result<std::string>& body) mutable {
          if (told != nullptr)
            told(now() - begun);
          auto done = body.and_then(decode<Answer>);
          if (body && !done) // It was answered: what was done is in what cannot be read.
            done = fail(errc::outcome_unknown, done.error().message);
          done ? promise.deliver(*done) : promise.deliver(to_caf(done.error()));
        });
    flush_soon();
    return promise;
  }

  void flush() {
    is_flushing_ = false;
    machine_.flush();
  }

private:
  /// A posted call keeps the actor, so that what it refers to is there when it runs.
  static poster poster_of(caf::event_based_actor* self) {
    return [to = caf::actor_cast<caf::actor_addr>(self)](std::function<void()> run) {
      if (const auto actor = caf::actor_cast<caf::actor>(to))
        caf::anon_send(actor, posted{std::move(run)});
    };
  }

  static replicated_options in_post(caf::event_based_actor* self, replicated_options options) {
    options.post = poster_of(self);
    return options;
  }

  void flush_soon() {
    if (!std::exchange(is_flushing_, true))
      self_->send(self_, cluster::flush{});
  }

  /// Guarded by the caller.
  void note_progress() {
    if (port_->life_ != this)
      return;
    port_->come_ = {.applied = machine_.applied(), .kept = machine_.kept()};
    port_->seen_at_ = port_->now_();
  }

  caf::event_based_actor* self_;
  std::shared_ptr<replicated_port> port_;
  replicated machine_;
  bool is_flushing_ = false;
};

namespace {

void measured(duration took) {
  probe_of_log().commit.record(took);
}

caf::behavior replicated_actor(caf::event_based_actor* self, const replicated_options& options,
                               const replica_options& machine,
                               const std::shared_ptr<replicated_port>& port) {
  port->note_beginning();
  auto life = std::make_shared<replicated_life>(self, options, machine, port);
  self->attach_functor([life]() mutable { life.reset(); });
  auto* const now = life.get();
  return {
      [=](const commit& what) { return now->ask<committed>(commit_type, what, measured); },
      [=](const take_grant& what) { return now->ask<grant>(grant_type, what); },
      [=](const query& what) { return now->ask<answer>(query_type, what); },
      [=](const locate& what) { return now->ask<log_position>(locate_type, what); },
      [=](const posted& what) { what.run(); },
      [=](flush) { now->flush(); },
  };
}

} // namespace

child_start replicated_child(replicated_options options, replica_options machine,
                             std::shared_ptr<replicated_port> port) {
  child_start start =
      ducat::start(replicated_actor, std::move(options), std::move(machine), std::move(port));
  start.detached = true;
  return start;
}

} // namespace ducat::cluster
