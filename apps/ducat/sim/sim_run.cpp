#include "sim/sim_run.hpp"

#include "core/dice.hpp"
#include "demo/balances.hpp"
#include "sim/sim_echo.hpp"
#include "sim/sim_payments.hpp"
#include "sim/sim_reads.hpp"
#include "sim/sim_settlement.hpp"
#include "sim/sim_turns.hpp"
#include "sim/sim_world.hpp"

#include <ducat/durable.hpp>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace ducat::cli {

using namespace std::chrono_literals;
using testing::sim_cluster;

namespace {

constexpr duration resolve_limit = 2min; ///< Of virtual time, after the last fault.

/// The fault points that the simulated payments come to.
const std::vector<std::string>& points() {
  static const std::vector<std::string> all{
      "durable.before_append",    "durable.before_checkpoint", "durable.after_checkpoint",
      "ledger.after_seal",        "ledger.before_segment",     "ledger.before_flush",
      "ledger.after_flush",       "payment.before_first_step", "payment.after_create",
      "payment.after_authorize",  "payment.after_capture",     "payment.after_void",
      "payment.after_refund",     "settlement.before_cut",     "settlement.after_cut",
      "settlement.before_start",  "settlement.after_start",    "settlement.before_advance",
      "settlement.after_advance", "settlement.before_batch",   "settlement.after_batch",
      "settlement.before_file",   "settlement.after_file",     "settlement.before_record",
      "settlement.after_record"};
  return all;
}

bool can_throw(const std::string& point) {
  const auto all = list_fault_points();
  const auto found = std::ranges::find(all, point, &fault_point_status::name);
  return found != all.end() && found->scope == fault_scope::actor;
}

void draw_point(dice& chance, fault_rule& rule) {
  rule.point = points()[chance.below(points().size())];
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

fault_rule draw_rule(dice& chance, std::chrono::milliseconds length) {
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
      rule.child =
          chance.happens(500) ? "ledger" : "payments/w" + std::to_string(1 + chance.below(4));
      break;
    }
    [[fallthrough]];
  case exit:
  case segv:
    draw_point(chance, rule);
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

/// Each node says of every account what the log says.
void check_nodes(sim_cluster& on, const verdict& log, std::vector<std::string>& violations) {
  v1::Question question;
  question.mutable_accounts()->set_limit(100);
  for (const std::string& node : on.nodes()) {
    const auto found = on.ask<answer>(node, "ledger", query{question.SerializeAsString()});
    v1::Outcome outcome;
    if (!found || !outcome.ParseFromString(found->text)) {
      violations.push_back(node + " does not answer");
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

void add(std::vector<std::string> more, std::vector<std::string>& to) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

fault_schedule full_mix(std::uint64_t seed, std::uint32_t nodes) {
  dice chance{seed};
  fault_schedule made{.seed = seed, .length = 4s};
  const std::uint64_t rules = 4 + chance.below(7);
  const std::string damaged = "node" + std::to_string(1 + chance.below(nodes));
  for (std::uint64_t i = 0; i < rules; ++i) {
    fault_rule rule = draw_rule(chance, made.length);
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
  const auto around = std::make_shared<sim_world>();
  for (std::uint32_t i = 1; i <= options.nodes; ++i)
    around->nodes.push_back("node" + std::to_string(i));
  const auto fired_before = fired_points();
  sim_cluster cluster{{.seed = options.seed,
                       .nodes = around->nodes,
                       .trimming = simulated_trimming(),
                       .on_trace = options.on_trace},
                      simulated_node(around)};
  sim_payments payments{cluster};
  sim_reads reads{cluster, [&payments] { return payments.newest_acknowledged(); }};
  sim_echo echo{cluster};
  sim_payouts payouts{cluster};
  cluster.run_for(500ms);
  fault_schedule schedule = options.schedule.value_or(full_mix(options.seed, options.nodes));
  schedule.seed = options.seed;
  const auto struck = testing::plan_faults(cluster, schedule);
  if (!struck)
    return tl::unexpected(struck.error());
  payments.begin(options.payments);
  reads.begin();
  echo.begin(simulated_terms("shop"));
  payouts.begin();
  cluster.run_for(schedule.length);
  testing::heal(cluster);
  sim_result made{.seed = options.seed};
  if (!cluster.run_until([&] { return payments.is_done(); }, resolve_limit))
    made.violations.emplace_back("outcomes stay unknown");
  testing::heal(cluster); // What struck late.
  reads.end();
  echo.end();
  payouts.end();
  cluster.run_for(5s);
  const verdict log = check_log_of(cluster, payments.record(), made.violations);
  check_nodes(cluster, log, made.violations);
  add(impossible_reads(cluster.log(), reads.made()), made.violations);
  add(echo.violations(), made.violations);
  add(around->files->violations(cluster.log()), made.violations);
  if (made.violations.empty())
    add(differing_turns(cluster), made.violations);
  made.trace = cluster.trace();
  made.acknowledged = log.acknowledged;
  made.unknown = payments.unknown();
  made.messages = cluster.messages();
  made.time = cluster.now().time_since_epoch();
  made.struck = **struck;
  for (const auto& [point, count] : fired_points())
    if (const std::uint64_t now = count - fired_before.at(point); now > 0)
      made.fired.emplace(point, now);
  return made;
}

} // namespace ducat::cli
