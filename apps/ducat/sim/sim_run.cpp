#include "sim/sim_run.hpp"

#include "core/dice.hpp"
#include "demo/balances.hpp"
#include "sim/sim_turns.hpp"
#include "sim/sim_workload.hpp"

#include <ducat/durable.hpp>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace ducat::cli {

using namespace std::chrono_literals;
using testing::sim_cluster;

namespace {

constexpr duration resolve_limit = 2min; ///< Of virtual time, after the last fault.

bool can_throw(const std::string& point) {
  const auto all = list_fault_points();
  const auto found = std::ranges::find(all, point, &fault_point_status::name);
  return found != all.end() && found->scope == fault_scope::actor;
}

void draw_point(dice& chance, const sim_parts& parts, fault_rule& rule) {
  const auto points = points_of(parts);
  rule.point = points[chance.below(points.size())];
  if (rule.what == fault_action::crash && !can_throw(rule.point))
    rule.what = fault_action::exit;
}

/// All but what does the same as another one here: a loss of power is a kill.
const std::vector<fault_action>& drawn_actions() {
  static const std::vector<fault_action> all = [] {
    std::vector<fault_action> made = all_fault_actions();
    std::erase(made, fault_action::power_loss);
    return made;
  }();
  return all;
}

std::string draw_child(dice& chance, const sim_parts& parts) {
  if (parts.cards && chance.happens(500)) {
    const std::array<const char*, 4> of_cards{"acme-link", "acme", "saf", "deadlines"};
    return std::string{"acquirers/"} + of_cards[chance.below(of_cards.size())];
  }
  return chance.happens(500) ? "ledger" : "payments/w" + std::to_string(1 + chance.below(4));
}

fault_rule draw_rule(dice& chance, const sim_parts& parts, std::chrono::milliseconds length) {
  fault_rule rule{.what = drawn_actions()[chance.below(drawn_actions().size())]};
  rule.at = {std::chrono::milliseconds{chance.below(static_cast<std::uint64_t>(length.count()))}};
  rule.lease = std::chrono::milliseconds{200 + chance.below(2'500)};
  rule.times = static_cast<std::uint32_t>(1 + chance.below(3));
  if (chance.happens(300))
    rule.node = log_writer;
  using enum fault_action;
  switch (rule.what) {
  case crash:
  case hang:
    if (chance.happens(300)) {
      rule.child = draw_child(chance, parts);
      break;
    }
    [[fallthrough]];
  case exit:
  case segv:
    draw_point(chance, parts, rule);
    break;
  case almost:
  case storm:
    rule.child = "payments";
    break;
  default:
    break;
  }
  return rule;
}

std::map<std::string, std::uint64_t> fired_points() {
  std::map<std::string, std::uint64_t> fired;
  for (const fault_point_status& each : list_fault_points())
    fired.emplace(each.name, each.fired);
  return fired;
}

/// Asks again while nobody writes the log: it may be given on at any time.
result<answer> ask_when_written(sim_cluster& on, const std::string& node, const query& question) {
  auto found = on.ask<answer>(node, "ledger", question);
  for (int again = 0; again < 30 && !found && found.error().code == errc::unavailable; ++again) {
    on.run_for(1s);
    found = on.ask<answer>(node, "ledger", question);
  }
  return found;
}

/// Each node says of every account what the log says.
void check_nodes(sim_cluster& on, const verdict& log, std::vector<std::string>& violations) {
  v1::Question question;
  question.mutable_accounts()->set_limit(100);
  for (const std::string& node : on.nodes()) {
    const auto found = ask_when_written(on, node, query{question.SerializeAsString()});
    v1::Outcome outcome;
    if (!found || !outcome.ParseFromString(found->text)) {
      violations.push_back(node + " does not answer: " +
                           (found ? "what it says cannot be read" : to_string(found.error())));
      continue;
    }
    const auto& accounts = outcome.accounts().data();
    for (const std::string& each :
         differing_balances({accounts.begin(), accounts.end()}, log.balances))
      violations.push_back(node + ": " + each);
  }
}

/// Holds the log against what the clients were told, by the checker.
verdict check_log_of(const sim_cluster& on, const call_record& record,
                     std::vector<std::string>& violations) {
  auto found = check(
      [&](const std::function<void(const entry&)>& take) -> result<void> {
        std::ranges::for_each(on.log(), take);
        return {};
      },
      record, {});
  for (const finding& each : found->found.kept())
    violations.push_back(std::string{to_string(each.kind)} + ": " + each.subject + ": " +
                         each.text);
  if (found->result == judgement::void_)
    violations.emplace_back("nothing was acknowledged");
  return std::move(*found);
}

/// Nodes that end themselves because what they have is damaged, in a run in which nobody damages
/// anything: then they have made it so themselves, though they may recover from it.
class damage_watch {
public:
  /// Hears a line of the trace.
  void hear(const std::string& line) {
    is_done_by_disks_ = is_done_by_disks_ || line.find(" bit flipped ") != std::string::npos;
    if (line.find(" ends itself: " + std::string{to_string(errc::corrupt)}) != std::string::npos)
      found_.push_back("damage that nobody has done: " + line.substr(line.find(' ') + 1));
  }

  std::vector<std::string> violations() const {
    return is_done_by_disks_ ? std::vector<std::string>{} : found_;
  }

private:
  std::vector<std::string> found_;
  bool is_done_by_disks_ = false;
};

void add(std::vector<std::string> more, std::vector<std::string>& to) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

fault_schedule full_mix(std::uint64_t seed, std::uint32_t nodes) {
  dice chance{seed};
  const sim_parts parts = parts_of(seed);
  fault_schedule made{.seed = seed, .length = 4s};
  const std::uint64_t rules = 4 + chance.below(7);
  const std::string damaged = "node" + std::to_string(1 + chance.below(nodes));
  for (std::uint64_t i = 0; i < rules; ++i) {
    fault_rule rule = draw_rule(chance, parts, made.length);
    if (rule.what == fault_action::disk_flip)
      rule.node = damaged;
    made.rules.push_back(std::move(rule));
  }
  if (nodes < 2) // Its disk is the only copy.
    std::erase_if(made.rules,
                  [](const auto& each) { return each.what == fault_action::disk_flip; });
  return made;
}

result<sim_result> run_simulation(const sim_run_options& options) {
  const auto around =
      std::make_shared<sim_world>(options.seed, options.nodes, parts_of(options.seed));
  const auto fired_before = fired_points();
  damage_watch damage;
  sim_cluster cluster{{.seed = options.seed,
                       .nodes = around->nodes,
                       .trimming = simulated_trimming(),
                       .on_trace =
                           [&](const std::string& line) {
                             damage.hear(line);
                             if (options.on_trace)
                               options.on_trace(line);
                           }},
                      simulated_node(around)};
  around->enter(cluster);
  sim_workload clients{cluster, around};
  cluster.run_for(500ms);
  fault_schedule schedule = options.schedule.value_or(full_mix(options.seed, options.nodes));
  schedule.seed = options.seed;
  const auto struck = testing::plan_faults(cluster, schedule);
  if (!struck)
    return tl::unexpected(struck.error());
  clients.begin(options.payments);
  around->disturb(schedule.length);
  cluster.run_for(schedule.length);
  testing::heal(cluster);
  around->heal();
  sim_result made{.seed = options.seed};
  if (!cluster.run_until([&] { return clients.is_done(); }, resolve_limit))
    made.violations.emplace_back("outcomes stay unknown");
  testing::heal(cluster); // What struck late.
  clients.end();
  cluster.run_for(5s);
  add(clients.differences_outside(), made.violations);
  const verdict log = check_log_of(cluster, clients.record(), made.violations);
  check_nodes(cluster, log, made.violations);
  add(clients.violations(), made.violations);
  if (made.violations.empty())
    add(differing_turns(cluster), made.violations);
  add(damage.violations(), made.violations);
  made.trace = cluster.trace();
  made.acknowledged = log.acknowledged;
  made.unknown = clients.unknown();
  made.messages = cluster.messages();
  made.time = cluster.now().time_since_epoch();
  made.struck = **struck;
  for (const auto& [point, count] : fired_points())
    if (const std::uint64_t now = count - fired_before.at(point); now > 0)
      made.fired.emplace(point, now);
  return made;
}

} // namespace ducat::cli
