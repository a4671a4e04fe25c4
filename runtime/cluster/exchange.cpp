#include "cluster/exchange.hpp"

#include "cluster/remote_child.hpp"
#include "routing/pool.hpp"

#include <ducat/durable.hpp>

#include <caf/actor_cast.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <atomic>
#include <map>
#include <utility>
#include <vector>

namespace ducat::cluster {

namespace {

using namespace std::chrono_literals;

/// How long the log is waited for when it is asked for a grant.
constexpr duration log_patience = 10s;

using serve_ask = std::shared_ptr<served_ask>;

struct look_now {};

} // namespace
} // namespace ducat::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::cluster::serve_ask)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::cluster::look_now)

namespace ducat::cluster {

void exchange_port::serve(incoming_ask ask, link_respond respond) const {
  auto what = std::make_shared<served_ask>(std::move(ask), std::move(respond));
  const std::lock_guard lock{guard_};
  if (to_life_.serve)
    to_life_.serve(std::move(what));
}

void exchange_port::look() const {
  const std::lock_guard lock{guard_};
  if (to_life_.look)
    to_life_.look();
}

void exchange_port::want(remote_name child) {
  {
    const std::lock_guard lock{guard_};
    wanted_.insert(std::move(child));
  }
  look();
}

std::set<remote_name> exchange_port::wanted() const {
  const std::lock_guard lock{guard_};
  return wanted_;
}

std::vector<group_place> exchange_port::groups() const {
  const std::lock_guard lock{guard_};
  return groups_;
}

std::shared_ptr<told_grant> exchange_port::told(const std::string& worker) {
  const std::lock_guard lock{guard_};
  auto& found = told_[worker];
  if (found == nullptr)
    found = std::make_shared<told_grant>();
  return found;
}

/// One life.
class exchange_life {
public:
  exchange_life(caf::event_based_actor* self, exchange_options options,
                std::shared_ptr<exchange_port> port)
      : self_{self}, options_{std::move(options)}, port_{std::move(port)} {
    const auto me = self_->address();
    const auto send = [me](auto what) {
      if (const auto life = caf::actor_cast<caf::actor>(me))
        caf::anon_send(life, std::move(what));
    };
    const std::lock_guard lock{port_->guard_};
    port_->life_ = this;
    port_->to_life_ = {.serve = [send](serve_ask what) { send(std::move(what)); },
                       .look =
                           [send, is_told = is_told_] {
                             if (!is_told->exchange(true))
                               send(look_now{});
                           }};
  }

  ~exchange_life() {
    const std::lock_guard lock{port_->guard_};
    if (port_->life_ == this)
      port_->to_life_ = {};
  }

  /// Members, links or grants may have changed.
  void look() {
    *is_told_ = false;
    if (!knows_tree_)
      learn_tree();
    for (const remote_name& each : port_->wanted())
      add_remote(each, nullptr);
    const surroundings seen = options_.see();
    const time_point now = self_->clock().now();
    for (auto& [name, each] : remotes_)
      each.child->arrange(wish_of(name.first, each.of, seen), *self_, now);
    for (auto& each : groups_)
      arrange(*each, seen, now);
  }

  void serve(const serve_ask& what) {
    const incoming_ask& ask = what->ask;
    const auto* const kind = options_.speaks->find(ask.type);
    if (kind == nullptr)
      return what->respond(fail(errc::invalid_argument, "a node does not know " + ask.type));
    const auto child = child_at(ask.to);
    if (!child)
      return what->respond(fail(errc::unavailable, ask.to + " does not serve there now"));
    what->begin();
    kind->ask(
        self_, child, ask.body, ask.deadline,
        [this, what, number = note_asked(child, what), whom = child.address()](child_reply reply) {
          if (const auto has = in_hand_.find(whom); has != in_hand_.end())
            has->second.erase(number);
          if (self_->clock().now() >= what->ask.deadline)
            reply.is_lost = false; // Nobody waits for it: that says nothing of the child.
          what->respond(encode(reply));
        });
  }

  /// What a child had in hand when it ended is not answered by it.
  void on_down(const caf::actor_addr& who) {
    const auto had = in_hand_.extract(who);
    if (had.empty())
      return;
    for (const auto& [number, what] : had.mapped())
      what->respond(fail(errc::outcome_unknown, "the child went down with it"));
  }

  void on_life_began(const life_began& what) {
    workers_[what.watch]->on_life_began(what);
    look();
  }

  void on_life_over(const life_over& what) {
    workers_[what.watch]->on_life_over(what);
    look();
  }

private:
  struct group {
    group(std::string where, const pool_spec& pool)
        : path{std::move(where)}, view{path, *pool.redundancy} {}

    std::string path;
    group_view view;
    std::vector<granted_worker*> workers; ///< Of this node, if it is granted.
    bool is_asking = false;               ///< For the grant.
  };

  struct remote {
    std::unique_ptr<remote_child> child;
    const group* of; ///< Null: it is of none.
  };

  // What there is --------------------------------------------------------------------------------

  /// The tree is there as a whole when the first message comes.
  void learn_tree() {
    knows_tree_ = true;
    const auto found = groups_in(options_.spec());
    for (const group_place& each : found)
      add_group(each);
    const std::lock_guard lock{port_->guard_};
    port_->groups_ = found;
  }

  void add_group(const group_place& what) {
    group& added = *groups_.emplace_back(std::make_unique<group>(what.path, what.pool));
    for (const std::string& node : added.view.spec().nodes)
      for (std::uint32_t number = 1; number <= what.pool.size; ++number) {
        const std::string worker = what.path + "/" + worker_id(number);
        if (node != me())
          add_remote({node, worker}, &added);
        else if (is_granted(added.view.spec()))
          add_worker(added, worker);
      }
  }

  void add_remote(const remote_name& name, const group* of) {
    if (remotes_.contains(name))
      return;
    remote_child_options how{.path = name.second,
                             .speaks = options_.speaks,
                             .ask = [ask = options_.ask, node = name.first](
                                        outgoing_ask what, time_point deadline, ask_callback done) {
                               ask(node, std::move(what), deadline, std::move(done));
                             }};
    remotes_[name] = {.child = std::make_unique<remote_child>(
                          slot_of(options_.find(path_at(name.second, name.first))), std::move(how)),
                      .of = of};
  }

  void add_worker(group& to, const std::string& path) {
    workers_.push_back(std::make_unique<granted_worker>(
        self_, options_.find(to.path), options_.find(path),
        slot_of(options_.find(path_at(path, me()))), to.view.spec().standby, port_->told(path),
        workers_.size()));
    to.workers.push_back(workers_.back().get());
    group_of_worker_[path] = &to;
  }

  const std::string& me() const { return options_.grants->node(); }

  // Who serves -----------------------------------------------------------------------------------

  remote_child::wish wish_of(const std::string& node, const group* of,
                             const surroundings& seen) const {
    using enum remote_child::wish;
    const bool is_asked = of == nullptr
                              ? seen.is_able(node)
                              : of->view.serves(node, options_.grants->newest(of->path), seen);
    if (is_asked)
      return serve;
    const member_status* const member = seen.find(node);
    const bool answers = member != nullptr && member->is_linked &&
                         (member->now == member_status::state::alive ||
                          member->now == member_status::state::draining);
    return answers ? rest : end;
  }

  void arrange(group& which, const surroundings& seen, time_point now) {
    const grant newest = options_.grants->newest(which.path);
    const bool serves = which.view.serves(me(), newest, seen);
    for (granted_worker* const each : which.workers)
      each->arrange(serves ? newest.epoch : 0);
    if (const auto wanted = which.view.wanted(newest, seen, now))
      take(which, *wanted);
  }

  void take(group& which, const take_grant& wanted) {
    const auto ledger = options_.find(options_.ledger()).current();
    if (!ledger || std::exchange(which.is_asking, true))
      return;
    self_->request(ledger, log_patience, wanted)
        .then(
            [this, &which](const grant& newest) {
              which.is_asking = false;
              options_.grants->note(which.path, newest);
              look();
            },
            [&which](const caf::error&) { which.is_asking = false; });
  }

  /// Returns the number of the ask that `child` has in hand from now on.
  std::uint64_t note_asked(const caf::actor& child, const serve_ask& what) {
    const auto [has, is_new] = in_hand_.try_emplace(child.address());
    if (is_new)
      self_->monitor(child); // It is told behind the answers that were given before.
    has->second.emplace(++asks_, what);
    return asks_;
  }

  /// Returns the child at `path`, if it may be asked by other nodes now. A worker of a group that
  /// is granted is reached by the name that it has when it knows its grant, and by no other.
  caf::actor child_at(const std::string& path) {
    const auto found = group_of_worker_.find(path);
    if (found == group_of_worker_.end())
      return options_.find(path).current();
    const group& of = *found->second;
    if (!of.view.serves(me(), options_.grants->newest(of.path), options_.see()))
      return {};
    return options_.find(path_at(path, me())).current();
  }

  caf::event_based_actor* self_;
  exchange_options options_;
  std::shared_ptr<exchange_port> port_;
  std::shared_ptr<std::atomic<bool>> is_told_ = std::make_shared<std::atomic<bool>>(false);
  bool knows_tree_ = false;
  std::vector<std::unique_ptr<group>> groups_;
  std::vector<std::unique_ptr<granted_worker>> workers_; ///< By what they are watched as.
  std::map<std::string, group*> group_of_worker_;        ///< Of groups that are granted.
  std::map<remote_name, remote> remotes_;
  std::uint64_t asks_ = 0;
  /// What children of this node were asked for others, and have not answered, by number.
  std::map<caf::actor_addr, std::map<std::uint64_t, serve_ask>> in_hand_;
};

namespace {

caf::behavior exchange_actor(caf::event_based_actor* self, const exchange_options& options,
                             const std::shared_ptr<exchange_port>& port) {
  auto life = std::make_shared<exchange_life>(self, options, port);
  self->attach_functor([life]() mutable { life.reset(); });
  auto* const now = life.get();
  self->set_down_handler([now](const caf::down_msg& what) { now->on_down(what.source); });
  self->send(self, look_now{});
  return {
      [=](look_now) { now->look(); },
      [=](const serve_ask& what) { now->serve(what); },
      [=](const life_began& what) { now->on_life_began(what); },
      [=](const life_over& what) { now->on_life_over(what); },
  };
}

} // namespace

child_start exchange_child(exchange_options options, std::shared_ptr<exchange_port> port) {
  return ducat::start(exchange_actor, std::move(options), std::move(port));
}

} // namespace ducat::cluster
