#include "device/fault_points.hpp"
#include "device/io_thread.hpp"
#include "device/link_core.hpp"
#include "device/link_socket.hpp"
#include "device/transmission_time.hpp"

#include <ducat/device/link.hpp>
#include <ducat/iso8583/codec.hpp>
#include <ducat/wall_clock.hpp>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>

namespace ducat::device {

namespace {

/// Sent to a link from the io thread.
struct news_of {
  connection_number connection;
  socket_news news;
};

/// Sent by a link to itself: it is that time.
struct wake_up {
  time_point due;
};

} // namespace
} // namespace ducat::device

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::device::news_of)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::device::wake_up)

namespace ducat::device {
namespace {

link_config checked(link_config config) {
  if (const auto good = check(config); !good)
    throw std::invalid_argument{"link " + config.name + ": " + good.error().message};
  return config;
}

std::uint64_t seed_of(const link_config& config) {
  return config.seed != 0 ? config.seed : std::random_device{}();
}

/// The state of one life of a link. Every request that the core has taken has its caller here.
class link_life {
public:
  link_life(caf::event_based_actor* self, link_config config)
      : self_{self}, config_{checked(std::move(config))},
        io_{config_.dialer ? nullptr : io_thread::shared()},
        core_{config_.options, seed_of(config_)}, log_{spdlog::default_logger()->clone("device")} {}

  caf::response_promise on_request(outgoing what) {
    auto caller = self_->make_response_promise();
    const request_id id = what.id;
    if (auto refused = core_.request(std::move(what), now()))
      caller.deliver(transmitted{std::move(*refused)});
    else
      callers_[id] = caller;
    act();
    return caller;
  }

  link_figures on_drain() {
    core_.drain(now());
    act();
    return core_.figures();
  }

  link_figures on_resume() {
    core_.resume(now());
    act();
    return core_.figures();
  }

  link_figures figures() const { return core_.figures(); }

  void on_news(news_of& what) {
    std::visit([&](auto& news) { take(what.connection, news); }, what.news);
    act();
  }

  void on_wake_up(const wake_up& what) {
    if (what.due != alarm_)
      return; // Another one was set since.
    alarm_.reset();
    core_.tick(now());
    act();
  }

  /// Nobody is to wait for a timeout because this life has ended.
  void end() {
    socket_.reset();
    for (auto& [id, caller] : callers_)
      if (caller.pending())
        caller.deliver(transmitted{unknown{unknown_reason::link_ended, "the link went down"}});
    callers_.clear();
  }

private:
  time_point now() const { return self_->clock().now(); }

  void take(connection_number from, const socket_connected&) { core_.connected(from, now()); }

  void take(connection_number from, const socket_frame& what) {
    const auto message = iso8583::decode(config_.dialect, what.payload);
    if (message)
      core_.received(from, *message, now());
    else
      core_.garbled(from, to_string(message.error()), false, now());
  }

  void take(connection_number from, const socket_unreadable& what) {
    core_.garbled(from, what.why, true, now());
  }

  void take(connection_number from, const socket_ended& what) {
    core_.disconnected(from, what.why, now());
  }

  /// Does what the core has decided.
  void act() {
    for (auto actions = core_.take_actions(); !actions.empty(); actions = core_.take_actions())
      for (action& each : actions)
        std::visit([this](auto& what) { perform(what); }, each);
    set_alarm();
  }

  void perform(const connect& what) {
    const auto tell = [to = caf::actor_cast<caf::actor_addr>(self_),
                       connection = what.connection](socket_news news) {
      if (const auto actor = caf::actor_cast<caf::actor>(to))
        caf::anon_send(actor, news_of{connection, std::move(news)});
    };
    socket_ =
        config_.dialer ? config_.dialer->open(config_, tell) : open_socket(*io_, config_, tell);
  }

  void perform(const close&) {
    if (socket_)
      socket_->close();
    socket_.reset();
  }

  void perform(write& what) {
    if (what.what.tpdu().empty())
      what.what.set_tpdu(config_.tpdu);
    if (!what.request)
      stamp(what.what, config_.dialect, calendar());
    auto bytes = iso8583::encode_frame(config_.dialect, what.what);
    if (!bytes && what.request)
      return core_.unwritable(*what.request, to_string(bytes.error()));
    if (!bytes) // An echo whose answer the dialect does not have; check() saw to the others.
      return log_->warn("link_unwritable link={} why=\"{}\"", config_.name,
                        to_string(bytes.error()));
    if (!what.request)
      return socket_->write(std::move(*bytes));
    before_write.hit();
    socket_->write(std::move(*bytes));
    after_write.hit();
  }

  void perform(answer& what) {
    before_answer.hit();
    const auto found = callers_.find(what.request);
    auto caller = std::move(found->second);
    callers_.erase(found);
    caller.deliver(transmitted{std::move(what.outcome)});
  }

  void perform(changed& what) {
    const bool is_bad = what.to == link_state::suspect || what.to == link_state::failed;
    log_->log(is_bad ? spdlog::level::warn : spdlog::level::info,
              "link_changed link={} from={} to={} why=\"{}\"", config_.name, to_string(what.from),
              to_string(what.to), what.why);
    tell_listener(link_changed{config_.name, what.from, what.to, std::move(what.why)});
  }

  void perform(unmatched& what) {
    log_->warn("link_unmatched link={} kind={} mti={} request={}", config_.name,
               to_string(what.kind), what.what.mti(),
               what.request ? to_string(*what.request) : "unknown");
    tell_listener(link_unmatched{config_.name, std::move(what)});
  }

  template <class News>
  void tell_listener(News news) {
    if (const caf::actor listener = config_.listener.current())
      caf::anon_send(listener, std::move(news)); // What it answers, or fails with, is its affair.
  }

  void set_alarm() {
    const auto wanted = core_.wake_at();
    if (!wanted || (alarm_ && *alarm_ <= *wanted))
      return;
    alarm_ = wanted;
    self_->delayed_send(self_, std::max(*wanted - now(), duration::zero()), wake_up{*wanted});
  }

  std::chrono::sys_seconds calendar() const {
    const log_time at = config_.now ? config_.now() : wall_clock();
    return std::chrono::sys_seconds{std::chrono::floor<std::chrono::seconds>(
        std::chrono::nanoseconds{static_cast<std::int64_t>(at.nanoseconds)})};
  }

  caf::event_based_actor* self_;
  link_config config_;
  std::shared_ptr<io_thread> io_; // Null with a dialer. Before the socket, which needs it.
  link_core core_;
  std::shared_ptr<spdlog::logger> log_;
  std::shared_ptr<link_socket> socket_; // Null while there is none, or none any more.
  std::map<request_id, caf::response_promise> callers_; // Invariant: one for each under way.
  std::optional<time_point> alarm_;                     // When this link is woken.
};

caf::behavior link_actor(caf::event_based_actor* self, const link_config& config) {
  auto owned = std::make_shared<link_life>(self, config);
  self->attach_functor([owned]() mutable { std::exchange(owned, nullptr)->end(); });
  auto* const life = owned.get();
  life->on_resume();
  return {
      [=](transmit& what) {
        return life->on_request({what.id, std::move(what.what), what.deadline, false});
      },
      [=](forward& what) {
        return life->on_request({what.id, std::move(what.what), what.deadline, true});
      },
      [=](query_link) { return life->figures(); },
      [=](drain_link) { return life->on_drain(); },
      [=](resume_link) { return life->on_resume(); },
      [=](news_of& what) { life->on_news(what); },
      [=](const wake_up& what) { life->on_wake_up(what); },
  };
}

} // namespace

child_start acquirer_link(link_config config) {
  return start(link_actor, std::move(config));
}

} // namespace ducat::device
