#include "node/spare_stacks.hpp"
#include "supervision/one_thread.hpp"

#include <ducat/check.hpp>
#include <ducat/durable.hpp>
#include <ducat/embedded_log.hpp>
#include <ducat/fatal.hpp>
#include <ducat/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/attachable.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

namespace ducat {

namespace {

/// Never reads a file or the command line, and has no network.
class system_config final : public caf::actor_system_config {
public:
  explicit system_config(std::size_t threads) {
    const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", threads == 0 ? cores : threads);
    set("scheduler.max-throughput", std::size_t{100}); // One full mailbox must not starve others.
    add_thread_hook<spare_stacks>();
  }
};

struct own_system {
  explicit own_system(std::size_t threads) : config{threads}, system{config} {}

  system_config config;
  caf::actor_system system;
};

void end_with_the_tree() {
  end_process({errc::unavailable, "the root supervisor has given up"});
}

} // namespace

struct node::state {
  state(node_options o, std::shared_ptr<ducat::log> l)
      : options{std::move(o)}, log{std::move(l)},
        own{options.system == nullptr ? std::make_unique<own_system>(options.threads) : nullptr},
        system{own != nullptr ? own->system : *options.system} {}

  node_options options;
  std::shared_ptr<ducat::log> log;
  std::shared_ptr<directory> children = std::make_shared<directory>();
  std::shared_ptr<ducat::dead_letters> letters = std::make_shared<ducat::dead_letters>();
  supervisor_spec spec;
  bool has_machine = false;
  std::atomic<bool> stopping{false};
  std::unique_ptr<own_system> own; ///< Null in a simulation.
  caf::actor_system& system;
  caf::actor root; ///< Invariant: null before the start and after the stop.
};

node::node(std::unique_ptr<state> s) : state_{std::move(s)} {}

node::~node() {
  stop();
}

result<std::unique_ptr<node>> node::start(node_options options,
                                          const std::function<void(node&)>& describe) {
  auto log = options.replicated
                 ? result<std::unique_ptr<ducat::log>>{}
                 : open_embedded_log({.directory = options.data, .cluster = options.cluster});
  if (!log)
    return tl::unexpected(log.error());
  if (!options.on_give_up)
    options.on_give_up = end_with_the_tree;
  std::unique_ptr<node> made{
      new node{std::make_unique<state>(std::move(options), std::shared_ptr{std::move(*log)})}};
  describe(*made);
  if (made->state_->options.others)
    made->state_->spec.children.push_back(
        {.id = "nodes", .start = made->state_->options.others(*made)});
  if (auto started = made->start_children(); !started)
    return tl::unexpected(started.error());
  return made;
}

result<void> node::start_children() {
  const node_options& options = state_->options;
  auto root = start_tree(state_->system,
                         options.system == nullptr ? state_->spec : on_one_thread(state_->spec),
                         {.directory = state_->children,
                          .dead_letters = state_->letters,
                          .observer = options.observer,
                          .seed = options.seed == 0 ? std::random_device{}() : options.seed,
                          .grants = options.grants,
                          .last_end = options.last_end});
  if (!root)
    return tl::unexpected(root.error());
  state_->root = std::move(*root);
  state_->root->attach_functor([s = state_.get()](const caf::error&) {
    if (!s->stopping)
      s->options.on_give_up();
  });
  return {};
}

handle node::replicate(const std::string& id, machine_factory machine, machine_keeping keeping) {
  DUCAT_CHECK(state_->root == nullptr);
  DUCAT_CHECK(!state_->has_machine);
  state_->has_machine = true;
  replica_options options{.log = state_->log,
                          .machine = std::move(machine),
                          .retention = keeping.retention,
                          .store = std::move(keeping.store),
                          .now = state_->options.now};
  const auto& replicated = state_->options.replicated;
  state_->spec.children.push_back(
      {.id = id,
       .start = replicated ? replicated(id, std::move(options)) : durable(std::move(options))});
  return find(id);
}

void node::supervise(const supervisor_flags& flags, std::vector<child_spec> children) {
  DUCAT_CHECK(state_->root == nullptr);
  state_->spec.flags = flags;
  for (child_spec& child : children)
    state_->spec.children.push_back(std::move(child));
}

handle node::find(const std::string& path) const {
  return state_->children->find(path);
}

std::vector<child_status> node::tree() const {
  return state_->children->list();
}

supervisor_spec node::spec() const {
  return state_->children->spec();
}

dead_letters& node::dead_letters() const noexcept {
  return *state_->letters;
}

const std::string& node::id() const noexcept {
  return state_->options.id;
}

const std::string& node::last_end() const noexcept {
  return state_->options.last_end;
}

caf::actor_system& node::system() const noexcept {
  return state_->system;
}

void node::kill() {
  DUCAT_CHECK(state_->options.system != nullptr);
  state_->stopping = true;
  std::vector<caf::actor> all{state_->root};
  for (const child_status& each : tree())
    if (const caf::actor life = find(each.path).own())
      all.push_back(life);
  for (const caf::actor& each : all)
    caf::anon_send<caf::message_priority::high>(
        each, caf::exit_msg{each.address(), caf::exit_reason::kill});
}

void node::stop() {
  state_->stopping = true;
  if (state_->root == nullptr)
    return;
  stop_tree(state_->system, state_->root);
  state_->root = nullptr;
}

} // namespace ducat
