#include "core/dice.hpp"
#include "core/simulated_end.hpp"
#include "fault/stage.hpp"
#include "sim/clockwork.hpp"
#include "sim/disk.hpp"
#include "sim/links.hpp"
#include "sim/log_service.hpp"
#include "sim/network.hpp"
#include "sim/sim_member.hpp"
#include "supervision/one_thread.hpp"
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
  std::unique_ptr<ducat::node> tree; ///< Null while it begins.
};

} // namespace

log_time simulated_log_time(time_point when) {
  const std::chrono::nanoseconds since_start{when.time_since_epoch()};
  return log_time{beginning_ns + static_cast<std::uint64_t>(since_start.count())};
}

/// Faults happen to the node whose actor hits the point.
struct sim_cluster::state final : fault_stage {
  state(sim_options o, describe_on_disk d)
      : options{std::move(o)}, describe{std::move(d)}, chance{options.seed},
        before{put_on_stage(this)}, wait_before{put_wait(&wait)}, end_before{put_end(&ending)} {
    for (const std::string& each : options.nodes)
      disks.emplace(each, std::make_unique<sim::disk>(time, chance, each));
  }

  ~state() override {
    put_end(end_before);
    put_wait(wait_before);
    put_on_stage(before);
  }

  /// In the order in which it may end: actors refer to members, members to all above them.
  sim_options options;
  describe_on_disk describe;
  dice chance;
  digest trace{};
  std::vector<std::shared_ptr<sim::sim_member>> members; ///< Also of lives that have ended.
  std::size_t entries_noted = 0;
  sim::clockwork time{chance};
  sim::network ways{time, chance};
  sim::log_service service{time, ways, cluster::member_keys{cluster_name}.epoch()};
  sim::links links{time, ways};
  std::map<std::string, std::string, std::less<>> targets; ///< The one node that a point breaks.
  std::map<std::string, std::uint64_t> armed;              ///< By point: when it was armed last.
  std::uint64_t arms = 0;
  std::function<std::optional<fault>(const std::string&, std::string_view)> at_points;
  fault_stage* before;
  const one_thread_wait wait = [this](const std::function<bool()>& done) {
    return time.wait_through(done);
  };
  const one_thread_wait* wait_before;
  const simulated_end ending = [this](const error& why) { end_by_itself(why); };
  const simulated_end* end_before;
  std::map<std::string, std::unique_ptr<sim::disk>> disks; ///< By node.
  std::map<std::string, unsigned> damaged_beginnings;      ///< In a row, by node.
  std::vector<std::unique_ptr<ducat::node>> dead;          ///< Whose actors have yet to end.
  std::map<std::string, sim_life> lives;                   ///< By node.

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
    made.trimming = options.trimming;
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

  /// Begins a life, which is there when all of its children are. If one cannot begin the guardian
  /// tries again.
  void begin(const std::string& id) {
    auto member = std::make_shared<sim::sim_member>(surroundings(), options_of(id));
    members.push_back(member);
    lives[id] = {.member = member, .tree = nullptr};
    note(id + " begins");
    time.start(id, [this, id, member] {
      auto made = tree_options(id, member);
      member->join();
      auto tree = start_tree_of(id, member, std::move(made));
      if (!member->is_alive())
        return bury(std::move(tree));
      if (tree) {
        lives.at(id).tree = std::move(*tree);
        damaged_beginnings.erase(id);
        return note(id + " has begun");
      }
      why_not_begun = tree.error();
      time.after({}, [this, id, member] {
        if (member->is_alive())
          begin_again(id);
      });
    });
  }

  sim::surface surroundings() {
    return {.time = time,
            .chance = chance,
            .ways = ways,
            .service = service,
            .links = links,
            .find = [this](const std::string& id) {
              const auto found = lives.find(id);
              return found == lives.end() ? nullptr : found->second.member;
            }};
  }

  result<std::unique_ptr<ducat::node>> start_tree_of(const std::string& id,
                                                     const std::shared_ptr<sim::sim_member>& member,
                                                     node_options made) {
    const std::shared_ptr<sim_disk> disk = disks.at(id)->mount(member->alive());
    try {
      return ducat::node::start(std::move(made), [&](node& n) { describe(n, disk); });
    } catch (const injected_fault& ended) {
      return fail(errc::unavailable, ended.what());
    } catch (const sim::place_ended& ended) {
      return fail(errc::unavailable, ended.what());
    }
  }

  /// Its process ended while it began.
  void bury(result<std::unique_ptr<ducat::node>> tree) {
    if (!tree)
      return;
    (*tree)->kill();
    dead.push_back(std::move(*tree));
  }

  void end(const std::string& id) {
    const auto found = lives.find(id);
    if (found == lives.end())
      return;
    note(id + " ends");
    found->second.member->leave();
    time.end(id);
    disks.at(id)->lose_unsynced();
    ways.release(id); // To nobody, by now.
    if (auto tree = std::move(found->second.tree)) {
      tree->kill();
      dead.push_back(std::move(tree));
    }
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

  bool has_begun(const std::string& id) const {
    const auto found = lives.find(id);
    return found != lives.end() && found->second.tree != nullptr;
  }

  bool is_struck(std::string_view point) override {
    if (at_points) {
      if (lives.contains(time.running()) && !time.is_running_over())
        come_to(point);
      return false;
    }
    const auto only = targets.find(point);
    return lives.contains(time.running()) && !time.is_running_over() &&
           (only == targets.end() || only->second == time.running());
  }

  [[noreturn]] void end_process(fault_kind kind, const std::string& where) override {
    const std::string id = time.running();
    note(id + " " + std::string{to_string(kind)} + " at " + where);
    begin_again(id);
    throw injected_fault("the process has ended at " + where);
  }

  /// What it does when going on would be a guess. One that finds its disk damaged again and again
  /// is given a new disk.
  [[noreturn]] void end_by_itself(const error& why) {
    constexpr unsigned beginnings_max = 3;
    const std::string id = time.running();
    if (lives.contains(id) && !time.is_running_over()) {
      note(id + " ends itself: " + to_string(why));
      if (why.code == errc::corrupt && ++damaged_beginnings[id] == beginnings_max) {
        damaged_beginnings.erase(id);
        disks.at(id)->wipe();
        note(id + " gets a new disk");
      }
      begin_again(id);
    }
    throw injected_fault("the process has ended: " + to_string(why));
  }

  void hang(std::chrono::milliseconds lease) override {
    note(time.running() + " hangs");
    time.wait_for(lease);
  }

  // What is wrong ---------------------------------------------------------------------------------

  std::map<disturbance, std::function<void()>> disturbances; ///< What mends each.
  disturbance newest_disturbance = 0;

  disturbance add(std::function<void()> mend) {
    disturbances.emplace(++newest_disturbance, std::move(mend));
    return newest_disturbance;
  }

  disturbance disturb(std::vector<sim::disturbance> made) {
    links.look();
    return add([this, made = std::move(made)] {
      for (const sim::disturbance each : made)
        ways.mend(each);
      links.look();
    });
  }

  /// What a guardian does.
  void begin_again(const std::string& id) {
    end(id);
    time.after(guardian_pause, [this, id] {
      if (!lives.contains(id))
        begin(id);
    });
  }

  std::optional<error> why_not_begun; ///< A node, last.

  bool run_until(const std::function<bool()>& done, duration limit) {
    return time.run_until(
        [&] {
          note_entries();
          if (!dead.empty() && time.is_idle() && !time.is_any_stopped())
            dead.clear(); // By now their actors have ended, too.
          return done();
        },
        limit);
  }
};

sim_cluster::sim_cluster(sim_options options, std::function<void(node&)> describe)
    : sim_cluster{std::move(options),
                  [describe = std::move(describe)](node& n, const std::shared_ptr<sim_disk>&) {
                    describe(n);
                  }} {}

sim_cluster::sim_cluster(sim_options options, describe_on_disk describe)
    : state_{std::make_unique<state>(std::move(options), std::move(describe))} {
  for (const std::string& each : nodes())
    state_->begin(each);
  const bool have_begun = run_until([this] {
    return state_->why_not_begun ||
           std::ranges::all_of(nodes(), [this](const auto& each) { return is_alive(each); });
  });
  if (!have_begun || state_->why_not_begun)
    throw std::runtime_error{"a node cannot begin: " +
                             (have_begun ? to_string(*state_->why_not_begun) : "it takes long")};
}

/// Every actor ends before the system does.
sim_cluster::~sim_cluster() {
  for (const auto& [point, when] : state_->armed)
    std::ignore = disarm_fault(point);
  for (const std::string& each : nodes())
    state_->end(each);
  while (!state_->time.is_idle()) { // Those that begin or wait have still to see that they end.
    state_->time.finish();
    state_->time.system().run();
  }
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
  const caf::actor to = is_alive(node) ? at(node).find(path).current() : caf::actor{};
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
  if (!state_->lives.contains(node))
    state_->begin(node);
}

void sim_cluster::crash(const std::string& node, const std::string& path, fault_kind kind,
                        std::chrono::milliseconds lease) {
  if (is_alive(node) && inject(at(node).find(path), kind, lease))
    note(node + " " + path + " is struck by " + std::string{to_string(kind)});
}

disturbance sim_cluster::arm(std::string_view point, const fault& what, const std::string& node) {
  if (const auto armed = arm_fault(point, what); !armed)
    throw std::runtime_error{to_string(armed.error())};
  const std::string name{point};
  state_->armed[name] = ++state_->arms;
  state_->targets.erase(name);
  if (!node.empty())
    state_->targets.emplace(name, node);
  return state_->add([this, name, when = state_->arms] {
    if (state_->armed[name] == when)
      std::ignore = disarm_fault(name);
  });
}

void sim_cluster::at_points(
    std::function<std::optional<fault>(const std::string& node, std::string_view point)> what) {
  state_->at_points = std::move(what);
  for (const fault_point_status& each : list_fault_points()) {
    std::ignore = disarm_fault(each.name);
    if (!state_->at_points)
      continue;
    state_->armed[std::string{each.name}] = ++state_->arms;
    std::ignore = arm_fault(each.name, {.kind = fault_kind::exit, .times = UINT32_MAX});
  }
}

disturbance sim_cluster::stop(const std::string& node) {
  if (!state_->lives.contains(node))
    return {};
  note("stop " + node);
  return state_->add([this, node, which = state_->time.stop(node)] {
    state_->time.go_on(node, which);
    state_->ways.release(node);
  });
}

void sim_cluster::go_on(const std::string& node) {
  note("go on " + node);
  state_->time.go_on(node);
  state_->ways.release(node);
}

disturbance sim_cluster::cut(const std::string& from, const std::string& to) {
  note("cut " + from + " " + to);
  return state_->disturb({state_->ways.cut(from, to)});
}

void sim_cluster::join(const std::string& from, const std::string& to) {
  note("join " + from + " " + to);
  state_->ways.join(from, to);
  state_->links.look();
}

disturbance sim_cluster::isolate(const std::string& node) {
  note("isolate " + node);
  std::vector<std::string> others = nodes();
  std::erase(others, node);
  others.push_back(sim::log_place);
  std::vector<sim::disturbance> cuts;
  for (const std::string& each : others) {
    cuts.push_back(state_->ways.cut(node, each));
    cuts.push_back(state_->ways.cut(each, node));
  }
  return state_->disturb(std::move(cuts));
}

disturbance sim_cluster::lose(const std::string& node, unsigned of_thousand) {
  note("lossy " + node);
  return state_->disturb({state_->ways.lose(node, of_thousand)});
}

disturbance sim_cluster::slow_down(duration least, duration most) {
  note("slow");
  return state_->disturb({state_->ways.slow_down({least, most})});
}

disturbance sim_cluster::slow_disk(const std::string& node) {
  note("disk slow " + node);
  sim::disk& on = *state_->disks.at(node);
  on.slow_down();
  return state_->add([&on] { on.speed_up(); });
}

disturbance sim_cluster::fill_disk(const std::string& node) {
  note("disk full " + node);
  sim::disk& on = *state_->disks.at(node);
  on.fill();
  return state_->add([&on] { on.give_space(); });
}

void sim_cluster::flip_a_bit(const std::string& node) {
  if (state_->disks.at(node)->flip_a_bit())
    note("bit flipped " + node);
}

void sim_cluster::mend(disturbance which) {
  if (const auto found = state_->disturbances.extract(which); !found.empty()) {
    note("mend " + std::to_string(which));
    found.mapped()();
  }
}

void sim_cluster::mend_all() {
  while (!state_->disturbances.empty())
    mend(state_->disturbances.begin()->first);
}

void sim_cluster::join_all() {
  note("join all");
  state_->ways.mend_all();
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
  return state_->has_begun(node);
}

std::string sim_cluster::writer() const {
  const std::string& taken_by = state_->service.newest().taken_by;
  return taken_by.substr(0, taken_by.rfind('/'));
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
  for (const auto& [id, life] : state_->lives) {
    if (life.tree == nullptr)
      continue; // It has yet to begin.
    for (const child_status& each : life.tree->tree()) {
      const caf::actor own = life.tree->find(each.path).own();
      if (each.what != child_status::role::supervisor && own && busy.contains(own.id()))
        found.push_back({id, each.path});
    }
  }
  std::ranges::sort(found);
  return found;
}

} // namespace ducat::testing
