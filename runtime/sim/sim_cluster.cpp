#include "core/dice.hpp"
#include "fault/stage.hpp"
#include "sim/clockwork.hpp"
#include "sim/links.hpp"
#include "sim/log_service.hpp"
#include "sim/network.hpp"
#include "sim/sim_member.hpp"
#include "testing/pending_answer.hpp"

#include <ducat/inject.hpp>
#include <ducat/testing/sim_cluster.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

namespace ducat::testing {

using namespace std::chrono_literals;

namespace {

const std::string cluster_name = "sim";

constexpr duration guardian_pause = 200ms; ///< Until a process that ended is started again.

/// The wall clock of a simulation begins here: 2026-01-01, nanoseconds since the epoch.
constexpr std::uint64_t beginning_ns = 1'767'225'600'000'000'000;

/// One life of a node.
struct sim_life {
  std::shared_ptr<sim::sim_member> member;
  std::unique_ptr<ducat::node> tree;
};

} // namespace

log_time simulated_log_time(time_point when) {
  const std::chrono::nanoseconds since_start{when.time_since_epoch()};
  return log_time{beginning_ns + static_cast<std::uint64_t>(since_start.count())};
}

/// Faults happen to the node whose actor hits the point.
struct sim_cluster::state final : fault_stage {
  state(sim_options o, std::function<void(node&)> d)
      : options{std::move(o)}, describe{std::move(d)}, chance{options.seed},
        before{put_on_stage(this)} {}

  ~state() override { put_on_stage(before); }

  /// In the order in which it may end: actors refer to members, members to all above them.
  sim_options options;
  std::function<void(node&)> describe;
  dice chance;
  digest trace{};
  std::vector<std::shared_ptr<sim::sim_member>> members; ///< Also of lives that have ended.
  std::size_t entries_noted = 0;
  sim::clockwork time{chance};
  sim::network ways{time, chance};
  sim::log_service service{time, ways, cluster::member_keys{cluster_name}.epoch()};
  sim::links links{time, ways};
  std::map<std::string, std::string, std::less<>> targets; ///< The one node that a point breaks.
  std::set<std::string> armed;
  std::function<std::optional<fault>(const std::string&, std::string_view)> at_points;
  fault_stage* before;
  std::vector<std::unique_ptr<ducat::node>> dead; ///< Whose actors have yet to end.
  std::map<std::string, sim_life> lives;          ///< By node.

  void note(const std::string& what) {
    const std::string line = std::to_string(time.now().time_since_epoch().count()) + " " + what;
    trace = sha256({bytes_of(trace), line});
    if (options.on_trace)
      options.on_trace(line);
  }

  /// Every entry is in the trace by its hash.
  void note_entries() {
    for (const auto& all = service.entries(); entries_noted < all.size(); ++entries_noted)
      note("entry " + std::to_string(all[entries_noted].index) + " " +
           to_hex(all[entries_noted].hash));
  }

  cluster::cluster_options options_of(const std::string& id) const {
    cluster::cluster_options made;
    made.node = id;
    made.cluster = cluster_name;
    made.priority = static_cast<std::uint32_t>(
        1 + (std::ranges::find(options.nodes, id) - options.nodes.begin()));
    return made;
  }

  node_options tree_options(const std::string& id, const std::shared_ptr<sim::sim_member>& member) {
    node_options made;
    made.id = id;
    made.cluster = cluster_name;
    made.system = &time.system().get();
    made.seed = 1 + chance.below(1'000'000'000);
    made.now = [this] { return simulated_log_time(time.now()); };
    made.observer = [this, id, member](const supervision_event& event) {
      if (member->is_alive())
        note(id + " " + to_string(event));
    };
    made.on_give_up = [this, id, member] {
      if (member->is_alive())
        time.after({}, [this, id] { begin_again(id); });
    };
    member->enter(made, options.speaks);
    return made;
  }

  /// Begins a life. Returns why it could not.
  result<void> begin(const std::string& id) {
    auto member =
        std::make_shared<sim::sim_member>(sim::surface{time, ways, service, links}, options_of(id));
    members.push_back(member);
    result<std::unique_ptr<ducat::node>> tree;
    time.as(id, [&] { tree = ducat::node::start(tree_options(id, member), describe); });
    if (!tree) {
      member->leave();
      return tl::unexpected(tree.error());
    }
    note(id + " begins");
    lives[id] = {.member = member, .tree = std::move(*tree)};
    member->join();
    return {};
  }

  void end(const std::string& id) {
    const auto found = lives.find(id);
    if (found == lives.end())
      return;
    note(id + " ends");
    found->second.member->leave();
    time.go_on(id);
    ways.release(id); // To nobody, by now.
    found->second.tree->kill();
    dead.push_back(std::move(found->second.tree));
    lives.erase(found);
  }

  /// Does what at_points() says. Whatever it is, the point stays armed.
  void come_to(std::string_view point) {
    const std::string node = time.running();
    const auto what = at_points(node, point);
    if (!what)
      return;
    if (what->kind == fault_kind::hang)
      return hang(what->lease);
    note(node + " " + std::string{to_string(what->kind)} + " at " + std::string{point});
    execute_fault(what->kind, std::string{point});
  }

  bool is_struck(std::string_view point) override {
    if (at_points) {
      if (lives.contains(time.running()))
        come_to(point);
      return false;
    }
    const auto only = targets.find(point);
    return lives.contains(time.running()) &&
           (only == targets.end() || only->second == time.running());
  }

  [[noreturn]] void end_process(fault_kind kind, const std::string& where) override {
    const std::string id = time.running();
    note(id + " " + std::string{to_string(kind)} + " at " + where);
    begin_again(id);
    throw injected_fault("the process has ended at " + where);
  }

  void hang(std::chrono::milliseconds lease) override {
    note(time.running() + " hangs");
    time.stop_running_actor(lease);
  }

  /// What a guardian does.
  void begin_again(const std::string& id) {
    end(id);
    time.after(guardian_pause, [this, id] {
      if (!lives.contains(id) && !begin(id))
        begin_again(id);
    });
  }

  bool run_until(const std::function<bool()>& done, duration limit) {
    return time.run_until(
        [&] {
          note_entries();
          if (!dead.empty() && time.is_idle())
            dead.clear(); // By now their actors have ended, too.
          return done();
        },
        limit);
  }
};

sim_cluster::sim_cluster(sim_options options, std::function<void(node&)> describe)
    : state_{std::make_unique<state>(std::move(options), std::move(describe))} {
  for (const std::string& each : nodes())
    if (const auto begun = state_->begin(each); !begun)
      throw std::runtime_error{each + ": " + to_string(begun.error())};
}

/// Every actor ends before the system does.
sim_cluster::~sim_cluster() {
  for (const std::string& point : state_->armed)
    std::ignore = disarm_fault(point);
  for (const std::string& each : nodes())
    state_->end(each);
  state_->time.system().run();
  state_->dead.clear();
}

// Time -------------------------------------------------------------------------------------------

time_point sim_cluster::now() const {
  return state_->time.now();
}

void sim_cluster::run_for(duration time) {
  state_->run_until([] { return false; }, time);
}

bool sim_cluster::run_until(const std::function<bool()>& done, duration limit) {
  return state_->run_until(done, limit);
}

void sim_cluster::after(duration delay, std::function<void()> what) {
  state_->time.after(delay, std::move(what));
}

void sim_cluster::after_messages(std::uint64_t messages, std::function<void()> what) {
  state_->time.between_messages(messages, std::move(what));
}

// Requests ---------------------------------------------------------------------------------------

sim_cluster::pending sim_cluster::ask_later(const std::string& node, const std::string& path,
                                            caf::message request) {
  const auto found = state_->lives.find(node);
  const caf::actor to =
      found == state_->lives.end() ? caf::actor{} : found->second.tree->find(path).current();
  if (!to)
    return std::make_shared<std::optional<result<caf::message>>>(
        fail(errc::unavailable, path + " does not run on " + node));
  return ask_for_message(state_->time.system().get(), to, std::move(request));
}

// Faults -----------------------------------------------------------------------------------------

void sim_cluster::kill(const std::string& node) {
  state_->end(node);
}

void sim_cluster::restart(const std::string& node) {
  if (!is_alive(node) && !state_->begin(node))
    state_->begin_again(node);
}

void sim_cluster::crash(const std::string& node, const std::string& path, fault_kind kind,
                        std::chrono::milliseconds lease) {
  if (is_alive(node) && inject(at(node).find(path), kind, lease))
    note(node + " " + path + " is struck by " + std::string{to_string(kind)});
}

void sim_cluster::arm(std::string_view point, const fault& what, const std::string& node) {
  if (const auto armed = arm_fault(point, what); !armed)
    throw std::runtime_error{to_string(armed.error())};
  state_->armed.emplace(point);
  state_->targets.erase(std::string{point});
  if (!node.empty())
    state_->targets.emplace(point, node);
}

void sim_cluster::at_points(
    std::function<std::optional<fault>(const std::string& node, std::string_view point)> what) {
  state_->at_points = std::move(what);
  for (const fault_point_status& each : list_fault_points()) {
    std::ignore = disarm_fault(each.name);
    if (!state_->at_points)
      continue;
    state_->armed.emplace(each.name);
    std::ignore = arm_fault(each.name, {.kind = fault_kind::exit, .times = UINT32_MAX});
  }
}

void sim_cluster::stop(const std::string& node) {
  note("stop " + node);
  state_->time.stop(node);
}

void sim_cluster::go_on(const std::string& node) {
  note("go on " + node);
  state_->time.go_on(node);
  state_->ways.release(node);
}

void sim_cluster::cut(const std::string& from, const std::string& to) {
  note("cut " + from + " " + to);
  state_->ways.cut(from, to);
  state_->links.look();
}

void sim_cluster::join(const std::string& from, const std::string& to) {
  note("join " + from + " " + to);
  state_->ways.join(from, to);
  state_->links.look();
}

std::vector<std::string> sim_cluster::others_of(const std::string& node) const {
  std::vector<std::string> others = nodes();
  std::erase(others, node);
  others.push_back(sim::log_place);
  return others;
}

void sim_cluster::isolate(const std::string& node) {
  for (const std::string& each : others_of(node)) {
    cut(node, each);
    cut(each, node);
  }
}

void sim_cluster::reconnect(const std::string& node) {
  for (const std::string& each : others_of(node)) {
    join(node, each);
    join(each, node);
  }
}

void sim_cluster::join_all() {
  note("join all");
  state_->ways.join_all();
  state_->links.look();
}

void sim_cluster::take_for(duration least, duration most) {
  state_->ways.take_for({least, most});
}

// What there is ----------------------------------------------------------------------------------

const std::vector<std::string>& sim_cluster::nodes() const noexcept {
  return state_->options.nodes;
}

bool sim_cluster::is_alive(const std::string& node) const {
  return state_->lives.contains(node);
}

const std::string& sim_cluster::writer() const noexcept {
  return state_->service.newest().node;
}

node& sim_cluster::at(const std::string& node) const {
  if (!is_alive(node))
    throw std::runtime_error{node + " is not alive"};
  return *state_->lives.at(node).tree;
}

const std::vector<entry>& sim_cluster::log() const noexcept {
  return state_->service.entries();
}

std::uint64_t sim_cluster::draw(std::uint64_t end) {
  return state_->chance.below(end);
}

void sim_cluster::note(const std::string& what) {
  state_->note(what);
}

const digest& sim_cluster::trace() const noexcept {
  return state_->trace;
}

std::uint64_t sim_cluster::messages() const noexcept {
  return state_->time.messages();
}

std::vector<child_place> sim_cluster::take_busy_children() {
  const auto busy = state_->time.take_busy_actors();
  std::vector<child_place> found;
  for (const auto& [id, life] : state_->lives)
    for (const child_status& each : life.tree->tree()) {
      const caf::actor own = life.tree->find(each.path).own();
      if (each.what != child_status::role::supervisor && own && busy.contains(own.id()))
        found.push_back({id, each.path});
    }
  std::ranges::sort(found);
  return found;
}

} // namespace ducat::testing
