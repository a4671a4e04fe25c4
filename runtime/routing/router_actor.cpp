#include "routing/router_actor.hpp"

#include "supervision/child_actor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/sec.hpp>
#include <caf/unit.hpp>

#include <algorithm>

namespace ducat::routing {

namespace {

/// The number of a response that is no worker's: it is time to wake the core.
constexpr request_id alarm_number = (std::uint64_t{1} << place_bits) - 1;

caf::message_id message_id_of(request_id id) {
  return caf::make_message_id(id);
}

caf::error unknown(std::string why) {
  return to_caf(error{errc::outcome_unknown, std::move(why)});
}

bool says_down(const caf::error& failure) {
  return failure == caf::sec::request_receiver_down;
}

/// Returns whether a request was given back, and not by the worker: by CAF, if that is down, or by
/// the way to another node.
bool is_bounce(const caf::mailbox_element& element) {
  if (element.sender != nullptr || !element.content().match_elements<caf::error>())
    return false;
  const auto& failure = element.content().get_as<caf::error>(0);
  return says_down(failure) || error_of(failure).code == errc::unavailable;
}

bool is_failure(const caf::message& answer) {
  return answer.match_elements<caf::error>() &&
         error_of(answer.get_as<caf::error>(0)).code == errc::outcome_unknown;
}

/// Returns what the caller is told of the answer of a worker.
caf::message as_answer(caf::message answer) {
  if (!answer.match_elements<caf::error>())
    return answer;
  const caf::error& failure = answer.get_as<caf::error>(0);
  const bool lost =
      failure == caf::sec::request_timeout || failure == caf::sec::request_receiver_down;
  return lost ? caf::make_message(to_caf(error_of(failure))) : answer;
}

} // namespace

router::router(caf::event_based_actor* self, const std::vector<handle>& workers,
               const pool_spec& pool, router_context context)
    : self_{self}, context_{std::move(context)}, keeps_bodies_{pool.retries_max > 0},
      core_{pool, self->clock().now()} {
  for (const handle& name : workers)
    add(name);
  show();
}

/// For others to read.
void router::show() {
  if (!context_.probe)
    return;
  context_.probe->in_flight.store(core_.pending(), std::memory_order_relaxed);
  context_.probe->workers_able.store(core_.workers_able(), std::memory_order_relaxed);
  context_.probe->breakers_open.store(core_.breakers_open(), std::memory_order_relaxed);
}

caf::response_promise router::on_request(routed& request) {
  caf::response_promise caller = self_->make_response_promise();
  const auto sent = core_.admit(request.deadline, request.key, now());
  if (core_.has_effects())
    perform_effects();
  if (!sent) {
    if (context_.probe)
      context_.probe->refused(sent.error().code);
    show();
    caller.deliver(to_caf(sent.error()));
    return caller;
  }
  const std::size_t place = place_of(sent->id);
  if (place >= held_.size())
    held_.resize(place + 1);
  held_request& held = held_[place];
  held.caller = caller;
  held.key = request.key;
  held.worker = sent->worker;
  if (keeps_bodies_)
    held.body = request.body;
  send(*sent, request.body);
  set_alarm();
  show();
  return caller;
}

caf::result<caf::message> router::on_bare_request(caf::message body) {
  routed request{.deadline = now() + bare_deadline, .body = std::move(body)};
  return on_request(request);
}

bool router::on_response(caf::mailbox_element& element) {
  const request_id id = element.mid.request_id().integer_value();
  if (id == alarm_number) {
    alarm_.reset();
    core_.wake(now());
  } else if (is_bounce(element)) {
    core_.bounced(id, now());
  } else if (!is_left_to_settle(element)) {
    const caf::message answer = as_answer(element.move_content_to_message());
    if (core_.answered(id, is_failure(answer), now()))
      std::exchange(held_[place_of(id)], {}).caller.deliver(answer);
  }
  if (core_.has_effects())
    perform_effects();
  set_alarm();
  show();
  return true;
}

/// Returns whether `element` says that its sender has crashed with the request, or was given up
/// before this came. It says nothing that the end of that life will not say, and that is counted.
bool router::is_left_to_settle(const caf::mailbox_element& element) const {
  if (!element.content().match_elements<caf::error>())
    return false;
  const auto& failure = element.content().get_as<caf::error>(0);
  if (says_down(failure))
    return core_.is_settling(element.mid.request_id().integer_value());
  return element.sender && supervision::is_crash_of(element.sender->id(), failure);
}

void router::on_life_began(const life_began& what) {
  worker& of = workers_[what.watch];
  of.incarnation = what.incarnation;
  of.life = caf::actor_cast<caf::actor>(what.life);
  if (of.life)
    core_.life_began(what.watch, what.incarnation, now());
  perform_effects();
  show();
}

/// Its answers that are on their way may stand before the message to itself, so they count.
void router::on_life_over(const life_over& what) {
  worker& of = workers_[what.watch];
  if (of.incarnation == what.incarnation) // Else it is one that rested, and the next one runs.
    of.life = nullptr;
  core_.life_over(what.watch, what.incarnation, now());
  show();
  if (what.answers)
    return;
  self_->send(self_, life_settled{.worker = static_cast<std::size_t>(what.watch),
                                  .incarnation = what.incarnation,
                                  .why = what.why});
}

void router::on_life_settled(const life_settled& what) {
  workers_[what.worker].last_exit = what.why;
  core_.settle(what.worker, what.incarnation, now());
  perform_effects();
  set_alarm();
  show();
}

caf::response_promise router::on_set_workers(const set_workers& what) {
  resize change{.caller = self_->make_response_promise(), .busy = {}};
  retire_all_but(what.workers, change);
  for (const handle& name : what.workers)
    if (std::ranges::find(workers_, name, &worker::name) == workers_.end()) {
      core_.add_worker();
      add(name);
    }
  const auto caller = change.caller;
  resizes_.push_back(std::move(change));
  perform_effects();
  answer_resizes();
  show();
  return caller;
}

void router::on_end() {
  self_->clock().cancel_request_timeout(self_, message_id_of(alarm_number).response_id());
  for (held_request& held : held_)
    if (held.caller.pending())
      held.caller.deliver(unknown("the router went down"));
  held_.clear();
}

void router::add(const handle& name) {
  slot_of(name)->watch(self_->address(), workers_.size());
  workers_.push_back({.name = name, .life = {}, .incarnation = 0, .last_exit = {}});
}

void router::retire_all_but(const std::vector<handle>& names, resize& change) {
  for (std::size_t index = 0; index < workers_.size(); ++index) {
    const bool stays = std::ranges::find(names, workers_[index].name) != names.end();
    for (resize& earlier : resizes_)
      if (stays)
        std::erase(earlier.busy, index);
    if (stays) {
      core_.reinstate(index, now());
      continue;
    }
    core_.retire(index, now());
    if (!core_.is_idle(index))
      change.busy.push_back(index);
  }
}

void router::send(router_core::sent to, const caf::message& body) {
  const caf::actor& life = workers_[to.worker].life;
  life->enqueue(self_->ctrl(), message_id_of(to.id), body, self_->context());
}

void router::perform_effects() {
  for (const effect& next : core_.take_effects())
    perform(next);
}

void router::perform(const effect& what) {
  if (what.what == effect::kind::idle)
    return on_idle(what.worker);
  held_request& held = held_[place_of(what.id)];
  if (what.what == effect::kind::send) {
    held.worker = what.worker;
    return send({.id = what.id, .worker = what.worker}, held.body);
  }
  held_request done = std::exchange(held, {});
  if (what.what == effect::kind::quarantine)
    return quarantine(std::move(done), what.crashes);
  if (what.what == effect::kind::expire)
    return done.caller.deliver(unknown("the deadline passed without an answer"));
  done.caller.deliver(unknown(what.crashes == 0 ? "the worker went down before it came to it"
                                                : "the worker went down with it: " +
                                                      to_string(workers_[done.worker].last_exit)));
}

void router::quarantine(held_request request, std::uint32_t crashes) {
  const std::uint64_t id =
      context_.dead_letters->add({.path = context_.pool_path,
                                  .cause = dead_letter_cause::poison,
                                  .at = std::chrono::system_clock::now(),
                                  .crashes = crashes,
                                  .last_crash = workers_[request.worker].last_exit,
                                  .text = {},
                                  .body = std::move(request.body),
                                  .key = request.key});
  request.caller.deliver(unknown("it was in hand at " + std::to_string(crashes) +
                                 " crashes and is dead letter " + std::to_string(id)));
}

void router::on_idle(std::size_t index) {
  for (resize& each : resizes_)
    std::erase(each.busy, index);
  answer_resizes();
}

void router::answer_resizes() {
  std::erase_if(resizes_, [](resize& each) {
    if (each.busy.empty())
      each.caller.deliver(caf::unit);
    return each.busy.empty();
  });
}

void router::set_alarm() {
  const auto wanted = core_.wake_at();
  if (!wanted || (alarm_ && *alarm_ <= *wanted))
    return;
  const caf::message_id id = message_id_of(alarm_number).response_id();
  if (alarm_)
    self_->clock().cancel_request_timeout(self_, id);
  self_->clock().set_request_timeout(*wanted, self_, id);
  alarm_ = wanted;
}

} // namespace ducat::routing
