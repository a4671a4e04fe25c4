#include "device/io_thread.hpp"
#include "webhook/fault_points.hpp"
#include "webhook/http_post.hpp"
#include "webhook/json_body.hpp"
#include "webhook/lane.hpp"

#include <ducat/durable.hpp>
#include <ducat/v1/machine.pb.h>
#include <ducat/wall_clock.hpp>
#include <ducat/webhook/delivery_actor.hpp>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace ducat::webhook {

namespace {

/// Sent by the actor to itself.
struct look {};

/// What became of an attempt, from the io thread.
struct answered {
  std::weak_ptr<lane> of;
  event_place event;
  attempt_answer answer;
};

} // namespace
} // namespace ducat::webhook

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::webhook::look)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::webhook::answered)

namespace ducat::webhook {
namespace {

constexpr duration ledger_timeout = std::chrono::seconds{5};
constexpr std::size_t page_size = 100;
constexpr std::size_t fetched_at_once = 16;
constexpr std::uint64_t looks_per_endpoints = 5; ///< At every fifth look it asks who is there.

using io_threads = std::array<std::shared_ptr<device::io_thread>, 4>;

io_threads start_threads() {
  io_threads all;
  for (auto& each : all)
    each = std::make_shared<device::io_thread>();
  return all;
}

/// The state of one life. Only the actor's thread uses it.
class deliveries : public std::enable_shared_from_this<deliveries> {
public:
  deliveries(caf::event_based_actor* self, handle ledger, delivery_options options)
      : self_{self}, ledger_{std::move(ledger)}, options_{std::move(options)},
        posting_{.timeout = options_.timeout,
                 .allow_private = options_.allow_private,
                 .tls = options_.through
                            ? nullptr
                            : client_tls_or_throw(options_.ca, options_.allows_tls_1_2)},
        io_{options_.through ? io_threads{} : start_threads()} {}

  void look_around() {
    self_->delayed_send(self_, options_.look_every, look{});
    if (options_.delivers_here && !options_.delivers_here())
      return lanes_.clear();
    if (looks_++ % looks_per_endpoints == 0 || is_stale_)
      ask_endpoints();
    for (const auto& [id, each] : lanes_) {
      work(each);
      write_notes(each);
    }
  }

  void hear(const answered& what) {
    const auto of = what.of.lock();
    if (of == nullptr)
      return;
    after_post.hit();
    of->core.heard(what.event, what.answer, now());
    work(of);
  }

private:
  using lane_ptr = std::shared_ptr<lane>;

  log_time now() const { return options_.now ? options_.now() : wall_clock(); }

  /// Asks the machine; `next` gets its answer, and nobody a failure: the next look tries again.
  void ask(const v1::Question& question, std::function<void(const v1::Outcome&)> next,
           std::function<void()> otherwise) {
    self_->request(ledger_.current(), ledger_timeout, query{question.SerializeAsString()})
        .then(
            [next = std::move(next), otherwise](const answer& told) {
              v1::Outcome outcome;
              outcome.ParseFromString(told.text) ? next(outcome) : otherwise();
            },
            [otherwise](const caf::error&) { otherwise(); });
  }

  // Endpoints ------------------------------------------------------------------------------------

  void ask_endpoints() {
    if (std::exchange(is_asking_, true))
      return;
    is_stale_ = false;
    v1::Question question;
    question.mutable_endpoints();
    ask(
        question,
        [me = shared_from_this()](const v1::Outcome& told) {
          me->is_asking_ = false;
          me->take_endpoints(told.endpoints());
        },
        [me = shared_from_this()] { me->is_asking_ = false; });
  }

  /// A lane that the log has not overtaken knows more than the log.
  void take_endpoints(const v1::ListEndpointsReply& told) {
    std::map<std::string, lane_ptr> lanes;
    for (const v1::StoredEndpoint& each : told.data()) {
      if (!each.enabled())
        continue;
      const auto known = lanes_.find(each.id());
      const bool is_current =
          known != lanes_.end() && known->second->facts.revision() == each.revision();
      lanes[each.id()] = is_current ? known->second : std::make_shared<lane>(each, options_.rules);
    }
    lanes_ = std::move(lanes);
    for (const auto& [id, each] : lanes_)
      work(each);
  }

  // Events ---------------------------------------------------------------------------------------

  /// Does nothing for a lane that was removed, as what it has asked for may come later.
  void work(const lane_ptr& of) {
    const auto found = lanes_.find(of->facts.id());
    if (found == lanes_.end() || found->second != of)
      return;
    for (const event_place& each : of->core.missing(fetched_at_once))
      fetch(of, each);
    list(of);
    const log_time at = now();
    for (const event_place& each : of->core.begin_due(at))
      send(of, each, at);
  }

  void fetch(const lane_ptr& of, const event_place& event) {
    if (!fetching_.insert({of.get(), event}).second)
      return;
    v1::Question question;
    question.mutable_event()->set_id(payment::event_id_of(event));
    ask(
        question,
        [me = shared_from_this(), of, event](const v1::Outcome& told) {
          me->fetching_.erase({of.get(), event});
          if (told.has_error())
            of->core.give_up(event, "the event is not kept any more");
          else
            of->core.provide(event, {told.event().payment_id(), body_of(told.event())});
          me->work(of);
        },
        [me = shared_from_this(), of, event] { me->fetching_.erase({of.get(), event}); });
  }

  bool has_news(const lane& of) const {
    return of.may_have_more || options_.signal == nullptr ||
           options_.signal->newest() > of.looked_for;
  }

  void list(const lane_ptr& of) {
    const std::size_t room = of->core.room();
    if (of->is_listing || room == 0 || !has_news(*of))
      return;
    of->is_listing = true;
    const std::uint64_t newest = options_.signal == nullptr ? 0 : options_.signal->newest();
    v1::Question question;
    auto& events = *question.mutable_events();
    events.set_limit(static_cast<std::uint32_t>(std::min(room, page_size)));
    if (of->core.taken() != event_place{} && !of->from_oldest)
      events.set_after(payment::event_id_of(of->core.taken()));
    events.set_since_ns(of->facts.since_ns());
    *events.mutable_types() = of->facts.types();
    ask(
        question,
        [me = shared_from_this(), of, newest](const v1::Outcome& told) {
          of->is_listing = false;
          of->looked_for = newest;
          me->take_events(of, told);
        },
        [of] { of->is_listing = false; });
  }

  void take_events(const lane_ptr& of, const v1::Outcome& told) {
    if (told.has_error()) { // Only the cursor can be wrong: what it names is not kept any more.
      of->from_oldest = of->may_have_more = true;
      return spdlog::error("webhook_events_missed id={} problem={}", of->facts.id(),
                           told.error().code());
    }
    of->from_oldest = false;
    for (const v1::Event& each : told.events().data())
      if (const auto place = payment::event_place_in(each.id()))
        of->core.take(*place, {each.payment_id(), body_of(each)});
    if (const auto next = payment::event_place_in(told.events().next()))
      of->core.skip_to(*next);
    of->may_have_more = told.events().has_more();
    if (of->may_have_more || !told.events().data().empty())
      work(of);
  }

  // Attempts -------------------------------------------------------------------------------------

  /// Names are resolved one after the other on a thread: a name server that hangs holds up those
  /// endpoints that share it.
  boost::asio::io_context& io_of(const lane& of) const {
    return io_[std::hash<std::string>{}(of.facts.id()) % io_.size()]->context();
  }

  void send(const lane_ptr& of, const event_place& event, log_time at) {
    const auto tell = [to = caf::actor_cast<caf::actor_addr>(self_), of = std::weak_ptr{of},
                       event](attempt_answer heard) {
      if (const auto actor = caf::actor_cast<caf::actor>(to))
        caf::anon_send(actor, answered{of, event, std::move(heard)});
    };
    if (options_.through)
      return options_.through->post(request_of(*of, event, at), tell);
    post(io_of(*of), request_of(*of, event, at), posting_, tell);
  }

  // The log --------------------------------------------------------------------------------------

  void write_notes(const lane_ptr& of) {
    if (of->is_noting)
      return;
    const auto batch = of->core.take_notes();
    if (!batch)
      return;
    of->is_noting = true;
    const std::string command = command_of(of->facts.id(), *batch).SerializeAsString();
    const bool is_last = !batch->disable_reason.empty();
    tell_of(*of, *batch);
    self_->request(ledger_.current(), ledger_timeout, commit{.command = command, .token = {}})
        .then(
            [me = shared_from_this(), of, is_last](const committed& done) {
              after_note.hit();
              v1::Outcome outcome;
              if (is_last || !outcome.ParseFromString(done.reply) || outcome.has_error())
                return me->begin_anew(of);
              of->is_noting = false;
              of->core.noted();
            },
            [me = shared_from_this(), of](const caf::error&) { me->begin_anew(of); });
  }

  static void tell_of(const lane& of, const note_batch& batch) {
    for (const delivery_note& each : batch.notes)
      if (each.what == delivery_note::kind::dead)
        spdlog::warn("webhook_event_dead id={} event={} attempts={} problem={}", of.facts.id(),
                     payment::event_id_of(each.event), each.attempts, each.problem);
    if (!batch.disable_reason.empty())
      spdlog::warn("webhook_disabled id={} reason={}", of.facts.id(), batch.disable_reason);
  }

  /// The log says something else, or nobody knows whether it has the notes: it is asked.
  void begin_anew(const lane_ptr& of) {
    const auto found = lanes_.find(of->facts.id());
    if (found != lanes_.end() && found->second == of)
      lanes_.erase(found);
    is_stale_ = true;
  }

  caf::event_based_actor* self_;
  handle ledger_;
  delivery_options options_;
  post_options posting_;
  io_threads io_;                         ///< None if there is options_.through.
  std::map<std::string, lane_ptr> lanes_; ///< By the endpoint's id; only enabled ones.
  std::set<std::pair<const lane*, event_place>> fetching_;
  std::uint64_t looks_ = 0;
  bool is_asking_ = false;
  bool is_stale_ = false; ///< Endpoints are to be asked for at the next look.
};

} // namespace

result<void> check(const delivery_options& options) {
  if (auto usable = client_tls(options.ca, options.allows_tls_1_2); !usable)
    return fail(usable.error().code, "webhooks: " + usable.error().message);
  return {};
}

caf::behavior delivery_actor(caf::event_based_actor* self, const handle& ledger,
                             const delivery_options& options) {
  auto state = std::make_shared<deliveries>(self, ledger, options);
  self->attach_functor([state]() mutable { state.reset(); });
  state->look_around();
  const std::weak_ptr alive{state};
  return {
      [alive](look) {
        if (const auto me = alive.lock())
          me->look_around();
      },
      [alive](const answered& what) {
        if (const auto me = alive.lock())
          me->hear(what);
      },
  };
}

} // namespace ducat::webhook
