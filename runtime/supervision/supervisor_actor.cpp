#include "supervision/supervisor_actor.hpp"

#include "core/mix.hpp"
#include "routing/pool.hpp"
#include "supervision/event_log.hpp"
#include "supervision/mailbox_actor.hpp"
#include "supervision/pool_resize.hpp"

#include <ducat/router.hpp>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <charconv>
#include <map>
#include <utility>

namespace ducat::supervision {

namespace {

struct stop_timer_ended {
  life_id life;
};

struct try_again {
  child_key key;
  std::uint64_t attempt;
};

bool is_supervisor(const child_spec& spec) noexcept {
  return spec.pool.has_value() || spec.supervisor != nullptr;
}

/// Of a pool the shutdown policy is that of its workers.
shutdown_policy shutdown_of(const child_spec& spec) noexcept {
  if (spec.pool)
    return wait_forever;
  return spec.shutdown.value_or(is_supervisor(spec) ? wait_forever : shutdown_policy{});
}

/// With weights a pool has as many workers as weights, and nodes of a group have equally many.
bool is_resizable(const pool_spec& pool) noexcept {
  return pool.policy != route::weighted_round_robin && !pool.redundancy;
}

std::optional<supervisor_flags> flags_of(const child_spec& spec) {
  if (spec.pool)
    return flags_of(*spec.pool);
  return spec.supervisor ? std::optional{spec.supervisor->flags} : std::nullopt;
}

} // namespace

} // namespace ducat::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::supervision::stop_timer_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::supervision::try_again)

namespace ducat::supervision {

supervisor_actor::supervisor_actor(caf::actor_config& config, child_link link, plan what,
                                   boot_callback booted)
    : child_actor{config, std::move(link)}, directory_{tree().directory},
      booted_{std::move(booted)}, plan_{std::move(what)} {
  set_down_handler(
      [this](caf::down_msg& down) { on_down(down.source, exit_reason_of(down.reason)); });
  set_exit_handler([this](caf::exit_msg& message) { on_exit_message(message); });
}

caf::behavior supervisor_actor::make_behavior() {
  flags_ = plan_.spec->flags;
  core_ = std::make_unique<supervisor_core>(flags_, adopt_all(),
                                            mix(tree().seed ^ ducat::key_of(path())));
  directory_.slot(path())->set_restarts({});
  handle(event::boot{});
  return {
      [this](const child_started& what) { on_started(what); },
      [this](const child_hung& what) {
        const std::string busy = std::to_string(what.busy_for.count());
        handle(event::hung{what.life, {exit_kind::killed, "hung for " + busy + " ms"}});
      },
      [this](const stop_timer_ended& what) { handle(event::stop_timeout{what.life}); },
      [this](const try_again& what) { handle(event::retry{what.key, what.attempt}); },
      [this](const change_request& what) { return on_change(what); },
      [this](const which_children&) { return ask(event::which_children{}); },
      [this](const which_child& what) {
        return ask(event::which_child{.request = 0, .id = what.id});
      },
      [this](const count_children&) { return ask(event::count_children{}); },
  };
}

void supervisor_actor::on_exit() {
  kill_children();
  for (auto& [key, gone] : children_)
    close_mailbox(gone);
  for (auto& [id, pending] : requests_)
    pending.promise.deliver(to_caf(error{errc::outcome_unknown, "the supervisor went down"}));
  requests_.clear();
  withdraw_root();
  report_boot(ducat::fail(errc::unavailable, "the supervisor ended while it started its children"));
}

/// Does nothing if it ends in order: then they have all been stopped.
void supervisor_actor::kill_children() {
  const std::map<life_id, life, std::greater<>> newest_first{lives_.begin(), lives_.end()};
  life_of_.clear();
  for (const auto& [id, left] : newest_first) {
    if (!left.actor)
      continue;
    children_.at(left.key).slot->clear(left.incarnation);
    // Anonymous: nobody may refer to this actor any more when it ends because nobody does.
    caf::anon_send<caf::message_priority::high>(left.actor,
                                                caf::exit_msg{address(), caf::exit_reason::kill});
    perform(action::emit{left.begun ? supervision_event::kind::down
                                    : supervision_event::kind::start_failed,
                         left.key,
                         id,
                         {exit_kind::killed, path() + " has crashed"}});
  }
}

void supervisor_actor::on_down(const caf::actor_addr& who, const exit_reason& why) {
  const auto found = life_of_.find(who);
  if (found == life_of_.end())
    return;
  const life_id id = found->second;
  life_of_.erase(found);
  if (const auto gone = zombies_.extract(id))
    return emit({.what = supervision_event::kind::zombie_ended,
                 .path = gone.mapped().slot->path(),
                 .incarnation = gone.mapped().incarnation});
  life& ended = lives_.at(id);
  ended.actor = nullptr;
  children_.at(ended.key).slot->clear(ended.incarnation, why);
  handle(event::down{id, why});
}

void supervisor_actor::on_started(const child_started& what) {
  if (const auto begun = lives_.find(what.life); begun != lives_.end())
    children_.at(begun->second.key).info = what.info;
  handle(event::started{what.life});
}

/// An exit of somebody else than the own supervisor is ignored; whoever holds the root may stop it.
void supervisor_actor::on_exit_message(const caf::exit_msg& message) {
  const bool from_holder = is_root() && message.reason;
  if (from_holder || (!is_root() && message.source == link().supervisor))
    handle(event::stop{exit_reason_of(message.reason)});
}

caf::response_promise supervisor_actor::on_change(const change_request& what) {
  switch (what.what) {
  case change_request::kind::start:
    return on_start_child(what.spec);
  case change_request::kind::terminate:
    return ask(event::terminate_child{.request = 0, .id = what.id});
  case change_request::kind::restart:
    return ask(event::restart_child{.request = 0, .id = what.id});
  case change_request::kind::remove:
    return ask(event::delete_child{.request = 0, .id = what.id});
  case change_request::kind::specs:
    return on_change_specs(what.specs);
  case change_request::kind::start_instance:
    return on_start_instance(what.extra);
  case change_request::kind::terminate_instance:
    return on_terminate_instance(what.instance);
  case change_request::kind::resize:
    return on_resize(what.size);
  }
  return {};
}

caf::response_promise supervisor_actor::on_start_child(std::shared_ptr<const child_spec> spec) {
  if (is_simple())
    return answer_now({.outcome = change_outcome::simple_one_for_one});
  if (const auto good = check({.flags = flags_, .children = {*spec}}); !good)
    return refuse_spec(good.error().message);
  return ask(event::start_child{.request = 0, .traits = adopt(std::move(spec), false)});
}

caf::response_promise supervisor_actor::on_start_instance(const caf::message& extra) {
  if (!is_simple())
    return refuse_spec("the children of this supervisor have ids");
  return ask(event::start_instance{.request = 0, .traits = adopt_instance(extra)});
}

caf::response_promise supervisor_actor::on_terminate_instance(const ducat::handle& instance) {
  if (!is_simple())
    return refuse_spec("the children of this supervisor have ids");
  if (const child_key key = key_of(instance))
    return ask(event::terminate_instance{.request = 0, .key = key});
  return answer_now({.outcome = instance.own() ? change_outcome::not_found : change_outcome::ok});
}

caf::response_promise
supervisor_actor::on_change_specs(std::shared_ptr<const supervisor_spec> spec) {
  if (plan_.is_pool)
    return refuse_spec("the children of a pool are those of its pool_spec");
  if (const auto good = check(*spec); !good)
    return refuse_spec(good.error().message);
  if (is_simple() != (spec->flags.strategy == simple_one_for_one))
    return refuse_spec("simple_one_for_one cannot be changed into another strategy, nor back");
  event::change_specs change{.request = 0, .flags = spec->flags, .children = {}};
  for (const child_spec& one : spec->children)
    change.children.push_back(adopt({spec, &one}));
  return ask(std::move(change));
}

caf::response_promise supervisor_actor::on_resize(std::uint32_t size) {
  if (!plan_.is_pool)
    return refuse_spec("this supervisor is no pool");
  if (!plan_.is_resizable)
    return refuse_spec("a pool with weights, or of several nodes, has the size of its spec");
  if (size == 0)
    return refuse_spec("pool.size is at least 1");
  const std::vector<child_spec>& at_first = plan_.spec->children; // The last one is the router.
  if (!resizer_)
    resizer_ = spawn_resizer(*this, {.supervisor = address(),
                                     .pool_path = path(),
                                     .worker = at_first.front(),
                                     .size = static_cast<std::uint32_t>(at_first.size() - 1),
                                     .directory = tree().directory});
  auto promise = make_response_promise();
  promise.delegate(resizer_, resize_to{size});
  return promise;
}

caf::response_promise supervisor_actor::refuse_spec(const std::string& why) {
  return answer_now({.outcome = change_outcome::invalid_spec, .reason = {exit_kind::crashed, why}});
}

caf::response_promise supervisor_actor::answer_now(change_reply answer) {
  auto promise = make_response_promise();
  promise.deliver(std::move(answer));
  return promise;
}

/// Hands the request to the core; its answer may come now or later.
template <class Event>
caf::response_promise supervisor_actor::ask(Event what) {
  pending_request pending{.promise = make_response_promise()};
  if constexpr (std::is_same_v<Event, event::start_child>)
    pending.added = what.traits.key;
  const auto promise = pending.promise;
  what.request = ++last_request_;
  requests_[what.request] = std::move(pending);
  handle(std::move(what));
  return promise;
}

caf::response_promise supervisor_actor::take_request(request_id request) {
  const auto node = requests_.extract(request);
  return node.mapped().promise;
}

std::vector<child_traits> supervisor_actor::adopt_all() {
  directory_.clear_children(path());
  std::vector<child_traits> all;
  if (is_simple())
    return all;
  for (const child_spec& spec : plan_.spec->children) {
    all.push_back(adopt({plan_.spec, &spec}));
    show_child(children_.at(all.back().key));
  }
  return all;
}

namespace {

child_traits traits_of(child_key key, const child_spec& spec) {
  return {.key = key,
          .id = spec.id,
          .restart = spec.restart,
          .shutdown = shutdown_of(spec),
          .significant = spec.significant,
          .is_supervisor = is_supervisor(spec),
          .backoff = spec.backoff};
}

} // namespace

/// The key of an instance is its number, which no other instance at this path ever has.
child_key supervisor_actor::next_key() {
  return is_simple() ? directory_.next_instance(path()) : ++keys_;
}

child_traits supervisor_actor::adopt(std::shared_ptr<const child_spec> spec, bool is_named) {
  const child_key key = next_key();
  child& adopted = children_[key];
  adopted.slot = directory_.slot(path_of(spec->id));
  adopted.spec = std::move(spec);
  adopted.is_named = is_named;
  return traits_of(key, *adopted.spec);
}

child_traits supervisor_actor::adopt_instance(const caf::message& extra) {
  const child_key number = next_key();
  child& adopted = children_[number];
  adopted.slot = directory_.slot(path_of(std::to_string(number)));
  adopted.spec = template_spec();
  adopted.extra = extra;
  adopted.is_named = false;
  child_traits traits = traits_of(number, *adopted.spec);
  traits.id.clear();
  return traits;
}

std::shared_ptr<const child_spec> supervisor_actor::template_spec() const {
  return {plan_.spec, &plan_.spec->children.front()};
}

/// Returns the key of a child under simple_one_for_one, 0 if it is none by now.
child_key supervisor_actor::key_of(const ducat::handle& instance) const {
  const std::string front = path_of("");
  if (!instance.path().starts_with(front))
    return 0;
  child_key key = 0;
  const char* const end = instance.path().data() + instance.path().size();
  const auto [stop, failed] = std::from_chars(instance.path().data() + front.size(), end, key);
  return failed == std::errc{} && stop == end && children_.contains(key) ? key : 0;
}

void supervisor_actor::show_child(child& what) {
  const child_status status = described(what);
  if (!std::exchange(what.shown, true))
    directory_.add(path(), status);
  else
    directory_.describe(status);
  what.slot->set_front(what.spec->pool ? directory_.slot(router_path(status.path)) : nullptr);
}

child_status supervisor_actor::described(const child& what) const {
  child_status status;
  status.path = what.slot->path();
  status.what = role_of(*what.spec);
  status.restart = what.spec->restart;
  status.flags = flags_of(*what.spec);
  status.spec = what.spec;
  return status;
}

child_status::role supervisor_actor::role_of(const child_spec& spec) const noexcept {
  if (is_supervisor(spec))
    return child_status::role::supervisor;
  return plan_.is_pool && spec.id == router_id ? child_status::role::router
                                               : child_status::role::worker;
}

std::string supervisor_actor::path_of(const std::string& id) const {
  return path().empty() ? id : path() + "/" + id;
}

/// The mailbox is there before the life, and outlives it.
void supervisor_actor::prepare_mailbox(child& what) {
  const mailbox_spec& wanted = what.spec->mailbox;
  if (wanted.fate == mailbox_fate::drop)
    return close_mailbox(what);
  if (what.mailbox)
    return;
  what.mailbox = spawn<mailbox_actor>(
      child_link{.supervisor = address(), .slot = what.slot, .tree = link().tree}, what.slot,
      wanted);
  what.slot->set_mailbox(what.mailbox.address());
}

/// What nobody has handled becomes dead letters.
void supervisor_actor::close_mailbox(child& what) {
  if (!what.mailbox)
    return;
  what.slot->set_mailbox({});
  // Anonymous: see kill_children().
  caf::anon_send<caf::message_priority::high>(
      std::exchange(what.mailbox, {}), caf::exit_msg{address(), caf::exit_reason::user_shutdown});
}

caf::actor supervisor_actor::spawn_child(child& what, child_link link) {
  const child_spec& spec = *what.spec;
  if (spec.pool) {
    auto expanded = std::make_shared<const supervisor_spec>(expand_pool(
        spec, {.path = what.slot->path(), .letters = tree().dead_letters, .grants = tree().grants},
        *tree().directory));
    return spawn<supervisor_actor>(std::move(link),
                                   plan{.spec = std::move(expanded),
                                        .is_pool = true,
                                        .is_resizable = is_resizable(*spec.pool)},
                                   boot_callback{});
  }
  if (spec.supervisor)
    return spawn<supervisor_actor>(std::move(link), plan{.spec = spec.supervisor}, boot_callback{});
  // What will never be started again needs no arguments any more.
  const caf::message extra = spec.restart == temporary ? std::exchange(what.extra, {}) : what.extra;
  if (spec.start.detached)
    return spawn<worker_actor, caf::detached>(std::move(link), what.spec, extra);
  return spawn<worker_actor>(std::move(link), what.spec, extra);
}

void supervisor_actor::handle(event::any what) {
  for (const action::any& next : core_->handle(std::move(what), tree().clock()))
    std::visit([this](const auto& action) { perform(action); }, next);
}

void supervisor_actor::perform(const action::start& what) {
  child& starting = children_.at(what.key);
  show_child(starting);
  starting.info = {};
  prepare_mailbox(starting);
  auto actor = spawn_child(
      starting, {.supervisor = address(),
                 .life = what.life,
                 .slot = starting.slot,
                 .tree = link().tree,
                 .messages = is_named(starting) ? starting.slot->count_messages() : nullptr,
                 .is_named = is_named(starting)});
  life_of_[actor.address()] = what.life;
  monitor<caf::message_priority::high>(actor);
  starting.incarnation = starting.slot->next_incarnation();
  lives_[what.life] = {.key = what.key,
                       .incarnation = starting.incarnation,
                       .actor = std::move(actor),
                       .begun = false};
}

void supervisor_actor::perform(const action::signal& what) {
  end_life(what.life, caf::exit_reason::user_shutdown);
}

void supervisor_actor::perform(const action::kill& what) {
  end_life(what.life, caf::exit_reason::kill);
}

/// From now on nobody reaches it by its handle.
void supervisor_actor::end_life(life_id id, caf::exit_reason how) {
  const life& stopping = lives_.at(id);
  children_.at(stopping.key).slot->clear(stopping.incarnation, exit_reason_of(how));
  send<caf::message_priority::high>(stopping.actor, caf::exit_msg{address(), how});
}

void supervisor_actor::perform(const action::arm_timer& what) {
  delayed_send<caf::message_priority::high>(this, what.after, stop_timer_ended{what.life});
}

void supervisor_actor::perform(const action::retry_later& what) {
  if (what.after.count() == 0)
    send(this, try_again{what.key, what.attempt});
  else
    delayed_send(this, what.after, try_again{what.key, what.attempt});
}

void supervisor_actor::perform(const action::reply& what) {
  const child_key added = requests_.at(what.request).added;
  if (what.answer.outcome == change_outcome::already_present ||
      what.answer.outcome == change_outcome::already_started)
    children_.erase(added);
  change_reply answer = what.answer;
  if (what.key != 0) {
    child& started = children_.at(what.key);
    answer.child = ducat::handle{started.slot};
    answer.info = std::exchange(started.info, {});
  }
  take_request(what.request).deliver(std::move(answer));
}

void supervisor_actor::perform(const action::refuse& what) {
  take_request(what.request).deliver(to_caf(error{errc::unavailable, "the supervisor ended"}));
}

void supervisor_actor::perform(const action::reply_children& what) {
  child_list answer;
  for (const child_key key : what.children)
    answer.children.push_back(directory_.status(children_.at(key).slot->path()));
  take_request(what.request).deliver(std::move(answer));
}

void supervisor_actor::perform(const action::reply_counts& what) {
  take_request(what.request).deliver(what.counts);
}

/// A child that runs is shown as its life is; perform(start) shows the next one.
void supervisor_actor::perform(const action::adopt& what) {
  flags_ = what.flags;
  std::vector<child_status> listed;
  for (const auto& [key, spec_key] : what.children) {
    child& adopted = children_.at(key);
    if (key != spec_key)
      adopted.spec = children_.at(spec_key).spec;
    adopted.shown = true;
    listed.push_back(described(adopted));
  }
  for (const auto& [key, spec_key] : what.children)
    if (key != spec_key)
      children_.erase(spec_key);
  directory_.arrange(path(), flags_, listed);
}

void supervisor_actor::perform(const action::emit& what) {
  const supervision_event described = describe(what);
  note(what, described);
  emit(described);
}

void supervisor_actor::emit(const supervision_event& what) {
  log_event(what, directory_);
  if (tree().observer)
    tree().observer(what);
}

/// The supervisor goes on as if `id` had ended; nothing that it still does has an effect.
void supervisor_actor::abandon(life_id id) {
  life& hung = lives_.at(id);
  tree().fence.put(hung.actor->id());
  zombies_[id] = {.slot = children_.at(hung.key).slot, .incarnation = hung.incarnation};
  const auto own = directory_.slot(path()); // It outlives this supervisor, as the zombie may.
  own->add_zombie();
  hung.actor->attach_functor([own] { own->remove_zombie(); });
  hung.actor = nullptr;
}

/// Writes the event where handles and the directory look. An end has been published already, as
/// soon as it was seen.
void supervisor_actor::note(const action::emit& what, const supervision_event& described) {
  switch (what.what) {
  case supervision_event::kind::started: {
    life& begun = lives_.at(what.life);
    begun.begun = true;
    children_.at(what.key).slot->publish(begun.actor.address(), begun.incarnation, tree().clock());
    return directory_.running(described.path, described.incarnation);
  }
  case supervision_event::kind::start_failed:
  case supervision_event::kind::ignored:
  case supervision_event::kind::down:
    directory_.ended(described.path, described.incarnation, described.reason);
    lives_.erase(what.life);
    return;
  case supervision_event::kind::restart:
    directory_.slot(path())->set_restarts(core_->window().times());
    return directory_.set_state(described.path, child_status::state::restarting);
  case supervision_event::kind::removed:
    directory_.remove(path(), described.path, is_simple());
    close_mailbox(children_.at(what.key));
    children_.erase(what.key);
    return;
  case supervision_event::kind::zombie:
    return abandon(what.life);
  case supervision_event::kind::give_up:
  case supervision_event::kind::auto_shutdown:
  case supervision_event::kind::zombie_ended:
  case supervision_event::kind::process_restarted:
    return;
  }
}

supervision_event supervisor_actor::describe(const action::emit& what) const {
  supervision_event described{.what = what.what, .path = path(), .reason = what.reason};
  described.restarts = core_->window().count();
  described.restarts_max = core_->window().restarts_max();
  if (what.key == 0)
    return described;
  const child& about = children_.at(what.key);
  described.path = about.slot->path();
  described.incarnation = about.incarnation;
  return described;
}

void supervisor_actor::perform(const action::mark& what) {
  directory_.set_state(children_.at(what.key).slot->path(), what.restarting
                                                                ? child_status::state::restarting
                                                                : child_status::state::stopped);
}

void supervisor_actor::perform(const action::booted&) {
  acknowledge();
  if (is_root()) {
    const auto slot = directory_.slot(path());
    incarnation_ = slot->next_incarnation();
    slot->publish(address(), incarnation_, tree().clock());
    directory_.running(path(), incarnation_);
  }
  report_boot({});
}

/// Nobody supervises the root, so it withdraws itself.
void supervisor_actor::withdraw_root() {
  if (!is_root() || incarnation_ == 0)
    return;
  directory_.slot(path())->clear(incarnation_);
  directory_.ended(path(), incarnation_, ended_as_);
}

void supervisor_actor::perform(const action::finish& what) {
  ended_as_ = what.reason;
  report_boot(ducat::fail(errc::unavailable, what.reason.detail));
  quit(to_caf(what.reason));
}

void supervisor_actor::report_boot(const result<void>& outcome) {
  if (const boot_callback booted = std::exchange(booted_, {}))
    booted(outcome);
}

} // namespace ducat::supervision
