#include "supervision/supervisor_actor.hpp"

#include "routing/pool.hpp"
#include "supervision/event_log.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <map>
#include <utility>

namespace ducat::supervision {

namespace {

struct stop_timer_ended {
  life_id life;
};

struct try_again {
  child_key key;
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

supervisor_actor::supervisor_actor(caf::actor_config& config, child_link link,
                                   std::shared_ptr<const tree_context> tree, plan what,
                                   boot_callback booted)
    : child_actor{config, std::move(link)}, tree_{std::move(tree)}, directory_{tree_->directory},
      booted_{std::move(booted)}, plan_{std::move(what)} {
  set_down_handler(
      [this](caf::down_msg& down) { on_down(down.source, exit_reason_of(down.reason)); });
  set_exit_handler([this](caf::exit_msg& message) { on_exit_message(message); });
}

caf::behavior supervisor_actor::make_behavior() {
  flags_ = plan_.spec->flags;
  core_ = std::make_unique<supervisor_core>(flags_, adopt_all());
  handle(event::boot{});
  return {
      [this](const child_started& what) { handle(event::started{what.life}); },
      [this](const stop_timer_ended& what) { handle(event::stop_timeout{what.life}); },
      [this](const try_again& what) { handle(event::retry{what.key}); },
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
    left.slot->clear(left.incarnation);
    // Anonymous: nobody may refer to this actor any more when it ends because nobody does.
    caf::anon_send<caf::message_priority::high>(left.actor,
                                                caf::exit_msg{address(), caf::exit_reason::kill});
    perform(action::emit{left.begun ? supervision_event::kind::down
                                    : supervision_event::kind::start_failed,
                         left.key,
                         id,
                         {exit_kind::killed, link().path + " has crashed"}});
  }
}

void supervisor_actor::on_down(const caf::actor_addr& who, const exit_reason& why) {
  const auto found = life_of_.find(who);
  if (found == life_of_.end())
    return;
  const life_id id = found->second;
  life_of_.erase(found);
  life& ended = lives_.at(id);
  ended.actor = nullptr;
  ended.slot->clear(ended.incarnation);
  handle(event::down{id, why});
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
    return on_start_child(*what.spec);
  case change_request::kind::terminate:
    return ask(event::terminate_child{.request = 0, .id = what.id});
  case change_request::kind::restart:
    return ask(event::restart_child{.request = 0, .id = what.id});
  case change_request::kind::remove:
    return ask(event::delete_child{.request = 0, .id = what.id});
  case change_request::kind::specs:
    return on_change_specs(what.specs);
  case change_request::kind::start_instance:
  case change_request::kind::terminate_instance:
    return refuse_spec("the children of this supervisor have ids");
  case change_request::kind::resize:
    return refuse_spec("this supervisor is no pool");
  }
  return {};
}

caf::response_promise supervisor_actor::on_start_child(const child_spec& spec) {
  if (const auto good = check({.flags = flags_, .children = {spec}}); !good)
    return refuse_spec(good.error().message);
  return ask(event::start_child{.request = 0, .traits = adopt(spec)});
}

caf::response_promise
supervisor_actor::on_change_specs(std::shared_ptr<const supervisor_spec> spec) {
  if (plan_.is_pool)
    return refuse_spec("the children of a pool are those of its pool_spec");
  if (const auto good = check(*spec); !good)
    return refuse_spec(good.error().message);
  event::change_specs change{.request = 0, .flags = spec->flags, .children = {}};
  for (const child_spec& one : spec->children)
    change.children.push_back(adopt(one));
  return ask(std::move(change));
}

caf::response_promise supervisor_actor::refuse_spec(const std::string& why) {
  auto refused = make_response_promise();
  refused.deliver(
      change_reply{.outcome = change_outcome::invalid_spec, .reason = {exit_kind::crashed, why}});
  return refused;
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
  directory_.clear_children(link().path);
  std::vector<child_traits> all;
  for (const child_spec& spec : plan_.spec->children) {
    all.push_back(adopt(spec));
    show_child(children_.at(all.back().key));
  }
  return all;
}

child_traits supervisor_actor::adopt(const child_spec& spec) {
  child& adopted = children_[++keys_];
  adopted.spec = spec;
  adopted.slot = directory_.slot(path_of(spec.id));
  return {.key = keys_,
          .id = spec.id,
          .restart = spec.restart,
          .shutdown = shutdown_of(spec),
          .significant = spec.significant,
          .is_supervisor = is_supervisor(spec)};
}

void supervisor_actor::show_child(child& what) {
  const child_status status = described(what);
  if (!std::exchange(what.shown, true))
    directory_.add(link().path, status);
  else
    directory_.describe(status);
  what.slot->set_front(what.spec.pool ? directory_.slot(router_path(status.path)) : nullptr);
}

child_status supervisor_actor::described(const child& what) const {
  child_status status;
  status.path = what.slot->path();
  status.what = role_of(what.spec);
  status.restart = what.spec.restart;
  status.flags = flags_of(what.spec);
  return status;
}

child_status::role supervisor_actor::role_of(const child_spec& spec) const noexcept {
  if (is_supervisor(spec))
    return child_status::role::supervisor;
  return plan_.is_pool && spec.id == router_id ? child_status::role::router
                                               : child_status::role::worker;
}

std::string supervisor_actor::path_of(const std::string& id) const {
  return link().path.empty() ? id : link().path + "/" + id;
}

caf::actor supervisor_actor::spawn_child(const child& what, child_link link) {
  const child_spec& spec = what.spec;
  if (spec.pool) {
    auto expanded =
        std::make_shared<const supervisor_spec>(expand_pool(spec, link.path, *tree_->directory));
    return spawn<supervisor_actor>(std::move(link), tree_,
                                   plan{.spec = std::move(expanded), .is_pool = true},
                                   boot_callback{});
  }
  if (spec.supervisor)
    return spawn<supervisor_actor>(std::move(link), tree_, plan{.spec = spec.supervisor},
                                   boot_callback{});
  if (spec.start.detached)
    return spawn<worker_actor, caf::detached>(std::move(link), spec.start, caf::message{});
  return spawn<worker_actor>(std::move(link), spec.start, caf::message{});
}

void supervisor_actor::handle(event::any what) {
  for (const action::any& next : core_->handle(std::move(what), tree_->clock()))
    std::visit([this](const auto& action) { perform(action); }, next);
}

void supervisor_actor::perform(const action::start& what) {
  child& starting = children_.at(what.key);
  show_child(starting);
  const std::string& path = starting.slot->path();
  auto actor = spawn_child(starting, {.supervisor = address(), .life = what.life, .path = path});
  life_of_[actor.address()] = what.life;
  monitor<caf::message_priority::high>(actor);
  starting.incarnation = starting.slot->next_incarnation();
  lives_[what.life] = {.key = what.key,
                       .incarnation = starting.incarnation,
                       .actor = std::move(actor),
                       .slot = starting.slot,
                       .begun = false};
}

void supervisor_actor::perform(const action::signal& what) {
  const life& stopping = lives_.at(what.life);
  stopping.slot->clear(stopping.incarnation);
  send<caf::message_priority::high>(stopping.actor,
                                    caf::exit_msg{address(), caf::exit_reason::user_shutdown});
}

void supervisor_actor::perform(const action::kill& what) {
  const life& stopping = lives_.at(what.life);
  stopping.slot->clear(stopping.incarnation);
  send<caf::message_priority::high>(stopping.actor,
                                    caf::exit_msg{address(), caf::exit_reason::kill});
}

void supervisor_actor::perform(const action::arm_timer& what) {
  delayed_send<caf::message_priority::high>(this, what.after, stop_timer_ended{what.life});
}

void supervisor_actor::perform(const action::retry_later& what) {
  send(this, try_again{what.key});
}

void supervisor_actor::perform(const action::reply& what) {
  const child_key added = requests_.at(what.request).added;
  if (what.answer.outcome == change_outcome::already_present ||
      what.answer.outcome == change_outcome::already_started)
    children_.erase(added);
  take_request(what.request).deliver(what.answer);
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
      adopted.spec = std::move(children_.extract(spec_key).mapped().spec);
    adopted.shown = true;
    listed.push_back(described(adopted));
  }
  directory_.arrange(link().path, flags_, listed);
}

void supervisor_actor::perform(const action::emit& what) {
  const supervision_event described = describe(what);
  note(what, described);
  log_event(described, directory_);
  if (tree_->observer)
    tree_->observer(described);
}

/// Writes the event where handles and the directory look. An end has been published already, as
/// soon as it was seen.
void supervisor_actor::note(const action::emit& what, const supervision_event& described) {
  switch (what.what) {
  case supervision_event::kind::started: {
    life& begun = lives_.at(what.life);
    begun.begun = true;
    begun.slot->publish(begun.actor.address(), begun.incarnation);
    return directory_.running(described.path, described.incarnation);
  }
  case supervision_event::kind::start_failed:
  case supervision_event::kind::ignored:
  case supervision_event::kind::down:
    directory_.ended(described.path, described.incarnation, described.reason);
    lives_.erase(what.life);
    return;
  case supervision_event::kind::restart:
    return directory_.set_state(described.path, child_status::state::restarting);
  case supervision_event::kind::removed:
    directory_.remove(link().path, described.path);
    children_.erase(what.key);
    return;
  case supervision_event::kind::give_up:
  case supervision_event::kind::auto_shutdown:
  case supervision_event::kind::zombie:
  case supervision_event::kind::zombie_ended:
    return;
  }
}

supervision_event supervisor_actor::describe(const action::emit& what) const {
  supervision_event described{.what = what.what, .path = link().path, .reason = what.reason};
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
    const auto slot = directory_.slot(link().path);
    incarnation_ = slot->next_incarnation();
    slot->publish(address(), incarnation_);
    directory_.running(link().path, incarnation_);
  }
  report_boot({});
}

/// Nobody supervises the root, so it withdraws itself.
void supervisor_actor::withdraw_root() {
  if (!is_root() || incarnation_ == 0)
    return;
  directory_.slot(link().path)->clear(incarnation_);
  directory_.ended(link().path, incarnation_, ended_as_);
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
