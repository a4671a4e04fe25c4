#include "cluster/exchange.hpp"
#include "cluster/link_server.hpp"
#include "cluster/member_view.hpp"
#include "cluster/membership.hpp"
#include "cluster/replicated_actor.hpp"
#include "cluster/served_ask.hpp"
#include "cluster/state_copy.hpp"
#include "cluster/state_fetch.hpp"
#include "cluster/state_lender.hpp"
#include "cluster/task_thread.hpp"
#include "cluster/trimming.hpp"
#include "core/logger.hpp"
#include "routing/pool.hpp"

#include <ducat/cluster.hpp>
#include <ducat/etcd_log.hpp>
#include <ducat/fatal.hpp>

#include <caf/actor_system.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <utility>

namespace ducat::cluster {

using namespace std::chrono_literals;

namespace {

/// How long a hand-over is waited for.
constexpr duration leaving_time = 2s;

constexpr unsigned ticks_between_trims = 10;

/// Returns how many entries are trimmed at once, at least.
std::uint64_t worth_trimming(const trim_rule& rule) {
  return 1 + rule.entries_kept / 8;
}

/// Returns the type of the ask for it.
std::string_view name_of(member_change what) {
  return what == member_change::drain ? "drain" : "resume";
}

/// Expects names that are some, and files with which this node may show itself as what it is.
result<void> check_names(const cluster_options& options) {
  for (const std::string& each : {options.node, options.cluster})
    if (!security::is_name(each))
      return fail(errc::invalid_argument, "a node or a cluster cannot be called \"" + each + "\"");
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto shown = security::check_credentials(options.tls, now);
  if (!shown)
    return tl::unexpected(shown.error());
  const security::identity me{
      .cluster = options.cluster, .kind = security::role::node, .name = options.node};
  if (shown->who != me)
    return fail(errc::not_permitted,
                options.tls.certificate.string() + " is not for " + security::uri_of(me));
  return {};
}

std::int64_t ms_since(time_point begun) {
  return (std::chrono::steady_clock::now() - begun) / 1ms;
}

/// Clears a flag at its end.
struct turn_end {
  explicit turn_end(std::atomic<bool>& f) : flag{f} {}

  turn_end(const turn_end&) = delete;
  turn_end& operator=(const turn_end&) = delete;

  ~turn_end() { flag = false; }

  std::atomic<bool>& flag;
};

} // namespace

struct member::state {
  cluster_options options;
  std::shared_ptr<shared_log> log;
  std::shared_ptr<replicated_port> port = std::make_shared<replicated_port>();
  std::shared_ptr<exchange_port> children = std::make_shared<exchange_port>();
  std::shared_ptr<grant_board> grants;
  std::atomic<bool> has_joined{false};
  std::atomic<bool> has_turn_under_way{false};
  mutable std::mutex naming;
  std::string machine_path; ///< Of the replicated child; empty if there is none. Needs `naming`.

  std::string path_of_machine() const {
    const std::lock_guard lock{naming};
    return machine_path;
  }

  std::unique_ptr<link_server> server;
  std::unique_ptr<membership> others;

  std::unique_ptr<state_lender> lender; ///< Of the chores' thread; null if no state is kept.
  std::unique_ptr<task_thread> changes;
  std::unique_ptr<task_thread> chores; ///< What takes long and hurries nobody.
  std::atomic<bool> is_trimming{false};
  std::atomic<bool> is_tidying{false};
  unsigned ticks = 0; ///< Of the ticker's thread.

  /// Hands the log over, and tells the others to take it.
  result<void> drain() {
    auto handed = std::make_shared<std::promise<void>>();
    auto over = handed->get_future();
    if (port->post(
            [handed](replicated& machine) { machine.drain([handed] { handed->set_value(); }); }))
      over.wait_for(leaving_time);
    auto told = others->set_draining(true);
    if (told)
      others->wait_for_successor(leaving_time);
    else // Nobody knows that it has handed over: it goes on.
      port->post([](replicated& machine) { machine.resume(); });
    return told;
  }

  result<void> change_here(member_change what) {
    if (what == member_change::drain)
      return drain();
    if (what == member_change::remove)
      return fail(errc::not_permitted, "node " + options.node + " is alive: stop it first");
    port->post([](replicated& machine) { machine.resume(); });
    return others->set_draining(false);
  }

  void change(const std::string& id, member_change what, time_point deadline,
              std::function<void(result<void>)> done) {
    if (what == member_change::remove || id == options.node)
      return changes->add([this, id, what, done = std::move(done)] {
        done(id == options.node ? change_here(what) : others->forget(id));
      });
    const auto all = others->members();
    if (std::ranges::find(all, id, &member_status::id) == all.end())
      return done(fail(errc::not_found, "there is no node " + id));
    others->ask(id, {.to = {}, .type = std::string{name_of(what)}, .body = {}}, deadline,
                [done = std::move(done)](const result<std::string>& answer) {
                  done(answer.map([](const std::string&) {}));
                });
  }

  /// Changes this node for another one.
  void change_for(const incoming_ask& ask, link_respond respond) {
    for (const member_change what : {member_change::drain, member_change::resume})
      if (ask.type == name_of(what))
        return changes->add([this, what, respond = std::move(respond)] {
          respond(change_here(what).map([] { return std::string{}; }));
        });
    respond(fail(errc::invalid_argument, "a node does not know " + ask.type));
  }

  /// Answers an ask of another node.
  void serve(incoming_ask ask, link_respond respond) {
    if (!has_joined)
      return respond(fail(errc::unavailable, "node " + options.node + " has yet to join"));
    if (ask.to.empty() && is_about_state(ask.type))
      return lend(std::move(ask), std::move(respond));
    if (ask.to.empty())
      return change_for(ask, std::move(respond));
    if (ask.to != path_of_machine())
      return children->serve(std::move(ask), std::move(respond));
    const auto kept = std::make_shared<served_ask>(std::move(ask), std::move(respond));
    port->post([kept](replicated& machine) {
      machine.serve(kept->ask.type, kept->ask.body, kept->take());
    });
  }

  /// Gives another node a part of this node's state.
  void lend(incoming_ask ask, link_respond respond) {
    const auto kept = std::make_shared<served_ask>(std::move(ask), std::move(respond));
    chores->add([this, kept] {
      const auto respond_now = kept->take();
      if (lender == nullptr)
        return respond_now(fail(errc::unavailable, "this node keeps no state"));
      respond_now(lender->answer(kept->ask.type, kept->ask.body));
    });
  }

  /// Puts another node's state in the place of this one's.
  result<void> fetch_into(state_store& into, auto ask) {
    named_logger("cluster")->info("state_needed log_begins_at={}", log->first());
    const auto done = fetch_state({.members = [this] { return others->members(); },
                                   .me = options.node,
                                   .log_first = log->first(),
                                   .ask = ask},
                                  into);
    if (done)
      named_logger("cluster")->info("state_fetched");
    return done;
  }

  void tick() {
    port->post([](replicated& machine) { machine.on_tick(); });
    if (!has_joined || ++ticks % ticks_between_trims != 0)
      return; // While it joins there is not yet what is needed.
    trim();
    if (!is_tidying.exchange(true))
      chores->add([this] {
        if (lender != nullptr)
          lender->tidy();
        is_tidying = false;
      });
  }

  /// Trims the log if this node writes it and there is enough to trim.
  void trim() {
    const auto nodes = others->members();
    const auto me = std::ranges::find(nodes, options.node, &member_status::id);
    if (me == nodes.end() || !me->holds_log)
      return;
    const std::uint64_t up_to = trim_point(nodes, me->applied, options.trimming);
    if (up_to < log->first() + worth_trimming(options.trimming) || is_trimming.exchange(true))
      return;
    chores->add([this, up_to] {
      if (const auto done = log->trim(up_to); !done)
        named_logger("cluster")->warn("log_not_trimmed up_to={} reason={}", up_to,
                                      to_string(done.error()));
      is_trimming = false;
    });
  }

  surroundings see() const {
    return {.me = options.node, .members = others->members(), .is_heard = others->is_heard()};
  }

  result<void> join() {
    grants = std::make_shared<grant_board>(options.node);
    if (auto checked = check_names(options); !checked)
      return checked;
    const auto begun = std::chrono::steady_clock::now();
    auto opened = open_etcd_log({options.etcd, member_keys{options.cluster}.log(), options.node});
    if (!opened)
      return tl::unexpected(opened.error());
    log = std::move(*opened);
    named_logger("cluster")->info("log_opened newest={} took_ms={}", log->last().index,
                                  ms_since(begun));
    auto started = link_server::start(
        {.address = options.listen, .cluster = options.cluster, .tls = options.tls},
        [this](incoming_ask ask, link_respond respond) {
          serve(std::move(ask), std::move(respond));
        });
    if (!started)
      return tl::unexpected(started.error());
    server = std::move(*started);
    return enter();
  }

  result<void> enter() {
    const auto begun = std::chrono::steady_clock::now();
    changes = std::make_unique<task_thread>();
    chores = std::make_unique<task_thread>();
    auto entered = membership::join(
        {.joined = options,
         .link_address = address(),
         .on_holder =
             [this](const shared_log::holder& newest) {
               port->post([newest](replicated& machine) { machine.on_holder(newest); });
             },
         .on_turn =
             [this](epoch seen) {
               if (has_turn_under_way.exchange(true))
                 return; // It may take long while etcd does not answer.
               const auto over = std::make_shared<turn_end>(has_turn_under_way);
               port->post([seen, over](replicated& machine) { machine.on_turn(seen); });
             },
         .on_tick = [this] { tick(); },
         .on_round = [this] { children->look(); },
         .on_lost = [](const error& why) { end_process(why); },
         .progress = [this] { return port->progress(); }});
    if (!entered)
      return tl::unexpected(entered.error());
    others = std::move(*entered);
    has_joined = true;
    named_logger("cluster")->info("node_joined took_ms={}", ms_since(begun));
    return {};
  }

  std::string address() const {
    if (!options.advertise.empty())
      return options.advertise;
    return options.listen.substr(0, options.listen.rfind(':') + 1) + std::to_string(server->port());
  }
};

member::member(std::unique_ptr<state> made) : state_{std::move(made)} {}

member::~member() {
  if (state_->server != nullptr)
    state_->server->stop();
  if (state_->others != nullptr)
    state_->others->stop(); // Its threads use what ends next.
  state_->changes.reset();
  state_->chores.reset();
  state_->others.reset();
}

result<std::unique_ptr<member>> member::join(const cluster_options& options) {
  std::unique_ptr<member> made{new member{std::make_unique<state>()}};
  made->state_->options = options;
  if (auto joined = made->state_->join(); !joined)
    return tl::unexpected(joined.error());
  return made;
}

void member::enter(node_options& options, protocol speaks) {
  auto* const s = state_.get();
  const auto ask = [s](const std::string& node, outgoing_ask what, time_point deadline,
                       ask_callback done) {
    s->others->ask(node, std::move(what), deadline, std::move(done));
  };
  options.replicated = [s, ask](const std::string& id, replica_options machine) {
    {
      const std::lock_guard lock{s->naming};
      s->machine_path = id;
    }
    if (machine.store != nullptr)
      s->chores->add(
          [s, store = machine.store] { s->lender = std::make_unique<state_lender>(store); });
    return replicated_child(
        {.node = s->options.node,
         .path = id,
         .log = s->log,
         .post = {},
         .ask = ask,
         .fetch_state = [s, ask](state_store& into) { return s->fetch_into(into, ask); },
         .on_grant =
             [s](const std::string& group, const grant& made) {
               s->grants->note(group, made);
               s->children->look();
             }},
        std::move(machine), s->port);
  };
  options.grants = s->grants;
  options.others = [s, ask, speaks = std::make_shared<const protocol>(std::move(speaks))](node& n) {
    return exchange_child({.speaks = speaks,
                           .grants = s->grants,
                           .find = [&n](const std::string& path) { return n.find(path); },
                           .spec = [&n] { return n.spec(); },
                           .see = [s] { return s->see(); },
                           .ledger = [s] { return s->path_of_machine(); },
                           .ask = ask},
                          s->children);
  };
}

handle member::find(const node& here, const std::string& node, const std::string& path) {
  if (node == state_->options.node)
    return here.find(path);
  state_->children->want({node, path});
  return here.find(path_at(path, node));
}

grant member::granted(const std::string& pool) const {
  return state_->grants->newest(pool);
}

std::vector<group_status> member::groups() const {
  std::vector<group_status> all;
  const surroundings now = state_->see();
  for (const group_place& each : state_->children->groups()) {
    const group_view view{each.path, *each.pool.redundancy};
    group_status status{.pool = each.path, .spec = view.spec(), .granted = granted(each.path)};
    for (const std::string& node : view.spec().nodes)
      if (view.serves(node, status.granted, now))
        status.serving.push_back(node);
    all.push_back(std::move(status));
  }
  return all;
}

std::vector<member_status> member::members() const {
  return state_->others->members();
}

result<void> member::drain() {
  return state_->drain();
}

void member::change(const std::string& id, member_change what, time_point deadline,
                    std::function<void(result<void>)> done) {
  state_->change(id, what, deadline, std::move(done));
}

result<bool> member::cut_link(const std::string& id, duration lease) {
  return state_->others->cut_link(id, std::chrono::steady_clock::now() + lease);
}

std::string_view to_string(member_status::state value) noexcept {
  switch (value) {
  case member_status::state::alive:
    return "alive";
  case member_status::state::silent:
    return "silent";
  case member_status::state::draining:
    return "draining";
  case member_status::state::gone:
    return "gone";
  }
  return "unknown";
}

} // namespace ducat::cluster
