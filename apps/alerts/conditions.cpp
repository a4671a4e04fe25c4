#include "alerts/conditions.hpp"

#include "metrics/named_children.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace ducat::alerts {

namespace {

using namespace std::chrono_literals;
using metrics::node_figures;

constexpr std::uint64_t in_doubt_ms_max = 600'000;
constexpr std::uint64_t lag_entries_max = 10'000;
constexpr std::uint64_t restarts_max = 5;
constexpr duration restarts_within = 5min;
constexpr duration refusals_within = 1min;
constexpr duration writes_within = 1min;
constexpr std::uint64_t write_us_max = 250'000;

constexpr const char* out_of_balance = "DucatLedgerOutOfBalance";
constexpr const char* in_doubt_for_long = "DucatInDoubtForLong";
constexpr const char* acquirer_out_of_balance = "DucatAcquirerOutOfBalance";
constexpr const char* exception_waits = "DucatExceptionWaits";
constexpr const char* node_down = "DucatNodeDown";
constexpr const char* not_ready = "DucatNodeNotReady";
constexpr const char* nobody_writes = "DucatNobodyWritesTheLog";
constexpr const char* node_behind = "DucatNodeBehind";
constexpr const char* sync_slow = "DucatSyncSlow";
constexpr const char* budget_nearly_spent = "DucatBudgetNearlySpent";
constexpr const char* zombie = "DucatZombie";
constexpr const char* shed = "DucatShed";
constexpr const char* restarts_often = "DucatChildRestartsOften";
constexpr const char* does_not_come_back = "DucatChildDoesNotComeBack";
constexpr const char* dead_letters = "DucatDeadLetters";
constexpr const char* unreachable = "DucatAcquirerUnreachable";
constexpr const char* breaker_open = "DucatBreakerOpen";

void put(observation& seen, const char* rule, std::string subject, std::string text) {
  seen.holds.push_back({rule, std::move(subject), std::move(text)});
}

/// Looks at what was told, or notes that these rules were not seen.
template <class T, class Look>
void look_at(const std::optional<T>& told, observation& seen,
             std::initializer_list<const char*> rules, const Look& look) {
  if (told)
    return look(*told);
  for (const char* each : rules)
    seen.unseen.emplace_back(each);
}

void look_at_status(const v1::StatusReply& status, observation& seen) {
  for (const v1::LedgerTotals& each : status.totals())
    if (!each.in_balance())
      put(seen, out_of_balance, each.currency(),
          "debits and credits in " + each.currency() + " differ");
  for (const v1::TimeInDoubt& each : status.time_in_doubt_by_link())
    if (each.open() != 0 && each.oldest_age_ms() > in_doubt_ms_max)
      put(seen, in_doubt_for_long, each.link(),
          "a payment over " + each.link() + " is in doubt for " +
              std::to_string(each.oldest_age_ms() / 60'000) + " minutes");
}

bool is_up(const v1::ClusterNode& node) {
  return node.state() == "alive" || node.state() == "draining";
}

bool writes_log(const v1::ClusterNode& node) {
  return is_up(node) && node.holds_log();
}

void look_at_nodes(const v1::ListNodesReply& list, observation& seen) {
  std::uint64_t newest = 0;
  for (const v1::ClusterNode& each : list.nodes())
    newest = std::max(newest, each.applied());
  for (const v1::ClusterNode& each : list.nodes()) {
    if (!is_up(each))
      put(seen, node_down, each.id(), each.id() + " is " + each.state());
    else if (newest - each.applied() > lag_entries_max)
      put(seen, node_behind, each.id(),
          each.id() + " is " + std::to_string(newest - each.applied()) + " entries behind");
  }
  if (!list.nodes().empty() && std::ranges::none_of(list.nodes(), writes_log))
    put(seen, nobody_writes, "", "no node writes the log");
}

/// The node that writes the log speaks, or if none does the first that is up. Whoever cannot know
/// speaks: told twice is better than never.
bool speaks_for_cluster(const std::optional<v1::ListNodesReply>& list, const std::string& node) {
  if (!list)
    return true;
  const auto& nodes = list->nodes();
  auto speaker = std::ranges::find_if(nodes, writes_log);
  if (speaker == nodes.end())
    speaker = std::ranges::find_if(nodes, is_up);
  return speaker == nodes.end() || speaker->id() == node;
}

void look_at_links(const v1::ListLinksReply& list, observation& seen) {
  for (const v1::AcquirerLinks& acquirer : list.acquirers()) {
    const auto is_up = [](const v1::Link& each) { return each.state() == "signed_on"; };
    if (!acquirer.links().empty() && std::ranges::none_of(acquirer.links(), is_up))
      put(seen, unreachable, acquirer.name(), "no link to " + acquirer.name() + " is up");
    if (acquirer.breaker() == "open")
      put(seen, breaker_open, acquirer.name(),
          "nothing is sent to " + acquirer.name() + ", too much went wrong");
  }
}

void look_at_acquirers(const v1::ListAcquirersReply& list, observation& seen) {
  for (const v1::Acquirer& each : list.data())
    if (each.state() == v1::Acquirer::OUT_OF_BALANCE)
      put(seen, acquirer_out_of_balance, each.link() + " " + each.currency(),
          each.link() + " and we differ on totals in " + each.currency());
}

void look_at_zombies(const v1::FiguresReply& figures, observation& seen) {
  for (const v1::ChildFigures& each : figures.children())
    if (each.zombies() != 0)
      put(seen, zombie, each.path(),
          std::to_string(each.zombies()) + " lives that were given up still hold a thread");
}

/// Of five restarts or more, a fifth is left or none.
void look_at_budgets(const node_figures& of, observation& seen) {
  if (!of.tree || !of.measured) {
    seen.unseen.emplace_back(budget_nearly_spent);
    return;
  }
  std::map<std::string, std::uint32_t> allowed{{"", of.tree->spec().restarts_max()}};
  for (const v1::Child& each : of.tree->children())
    allowed.emplace(each.path(), each.restarts_max());
  for (const v1::ChildFigures& each : of.measured->children()) {
    const auto found = allowed.find(each.path());
    if (!each.has_restarts_left() || found == allowed.end() || found->second < 5)
      continue;
    if (std::uint64_t{each.restarts_left()} * 5 <= found->second)
      put(seen, budget_nearly_spent, each.path(),
          "of " + std::to_string(found->second) + " restarts " +
              std::to_string(each.restarts_left()) + " are left");
  }
}

} // namespace

std::vector<rule> shipped_rules() {
  using enum severity;
  return {
      {out_of_balance, page, 0s, 1min, "Stop payments. `ducat check` on the node's log.", true},
      {in_doubt_for_long, page, 0s, 1min, "`ducat status`; ask the acquirer what it knows.", true},
      {acquirer_out_of_balance, ticket, 0s, 1min, "`ducat acquirer list`; reconcile again.", true},
      {exception_waits, ticket, 15min, 1min, "`ducat acquirer exceptions`", true},
      {node_down, page, 2s, 10s, "See its service's journal.", true},
      {not_ready, page, 2s, 10s, "`ducat status`, `ducat tree`; is there a majority of etcd?"},
      {nobody_writes, page, 2s, 10s, "`ducat nodes`; is there a majority of etcd?", true},
      {node_behind, ticket, 1min, 1min, "Is its disk slow or full?", true},
      {sync_slow, ticket, 1min, 1min, "Is its disk slow or full, or one of etcd's members'?"},
      {budget_nearly_spent, page, 0s, 1min, "`ducat tree` says which child restarts, and why."},
      {zombie, ticket, 10s, 1min, "`ducat events` says which; a restart of the node frees it."},
      {shed, ticket, 10s, 1min, "More than it can do, or workers that are away: `ducat tree`."},
      {restarts_often, ticket, 0s, 1min, "`ducat tree` says why its last life ended."},
      {does_not_come_back, page, 30s, 10s, "`ducat tree`"},
      {dead_letters, ticket, 0s, 1min, "`ducat deadletters list`: retry or discard them."},
      {unreachable, page, 10s, 10s, "`ducat links`; call the acquirer."},
      {breaker_open, page, 10s, 10s, "`ducat links`"},
  };
}

observation conditions::look(const node_figures& of, log_time now) {
  observation seen;
  seen.speaks_for_cluster = speaks_for_cluster(of.nodes, node_);
  if (!of.is_ready)
    put(seen, not_ready, "", "it cannot commit payments");
  look_at(of.status, seen, {out_of_balance, in_doubt_for_long},
          [&](const auto& told) { look_at_status(told, seen); });
  look_at(of.nodes, seen, {node_down, node_behind, nobody_writes},
          [&](const auto& told) { look_at_nodes(told, seen); });
  look_at(of.links, seen, {unreachable, breaker_open},
          [&](const auto& told) { look_at_links(told, seen); });
  look_at(of.acquirers, seen, {acquirer_out_of_balance},
          [&](const auto& told) { look_at_acquirers(told, seen); });
  look_at(of.exceptions, seen, {exception_waits}, [&](const auto& told) {
    if (told.data_size() != 0)
      put(seen, exception_waits, "",
          std::to_string(told.data_size()) + " exceptions wait for a decision");
  });
  look_at(of.dead_letters, seen, {dead_letters}, [&](const auto& told) {
    if (told.letters_size() != 0)
      put(seen, dead_letters, "",
          std::to_string(told.letters_size()) + " messages that nobody will handle");
  });
  look_at(of.measured, seen, {zombie, shed, sync_slow}, [&](const auto& told) {
    look_at_zombies(told, seen);
    look_at_pools(told, now, seen);
    look_at_writes(told.sync(), now, seen);
  });
  look_at_budgets(of, seen);
  look_at_tree(of, now, seen);
  return seen;
}

void conditions::look_at_tree(const node_figures& of, log_time now, observation& seen) {
  look_at(of.tree, seen, {restarts_often, does_not_come_back}, [&](const v1::TreeReply& tree) {
    const auto named = metrics::named_in(of);
    forget_all_but(named);
    for (const v1::Child& each : tree.children()) {
      if (!named.contains(each.path()))
        continue;
      if (each.state() == "restarting")
        put(seen, does_not_come_back, each.path(), each.path() + " does not come back");
      const auto count = risen(restarts_[each.path()], each.restarts(), restarts_within, now);
      if (count > restarts_max)
        put(seen, restarts_often, each.path(),
            each.path() + " was restarted " + std::to_string(count) + " times in five minutes");
    }
  });
}

void conditions::forget_all_but(const std::set<std::string>& named) {
  std::erase_if(restarts_, [&](const auto& each) { return !named.contains(each.first); });
}

/// What is late was asked for too late: that is not this node's doing.
void conditions::look_at_pools(const v1::FiguresReply& figures, log_time now, observation& seen) {
  for (const v1::PoolFigures& each : figures.pools()) {
    const std::uint64_t so_far = each.overloaded() + each.unavailable();
    const std::uint64_t count = risen(refusals_[each.pool()], so_far, refusals_within, now);
    if (count != 0)
      put(seen, shed, each.pool(),
          each.pool() + " refused " + std::to_string(count) + " requests in a minute");
  }
}

/// The 99th percentile of a minute is too long if more than one in a hundred is.
void conditions::look_at_writes(const v1::Histogram& times, log_time now, observation& seen) {
  std::uint64_t quick = 0;
  for (const v1::Histogram::Bucket& each : times.buckets())
    if (each.up_to_us() <= write_us_max)
      quick = each.count();
  const std::uint64_t all = risen(writes_, times.count(), writes_within, now);
  const std::uint64_t slow = risen(slow_writes_, times.count() - quick, writes_within, now);
  if (slow * 100 > all)
    put(seen, sync_slow, "",
        std::to_string(slow) + " of " + std::to_string(all) +
            " writes of the log within a minute took more than 0.25 s");
}

/// Returns by how much a count has risen lately, and notes it. The oldest sample that is kept is
/// the newest one of before that time.
std::uint64_t conditions::risen(samples& all, std::uint64_t count, duration within, log_time now) {
  if (all.empty() || all.back().second != count)
    all.emplace_back(now, count);
  const auto long_ago = static_cast<std::uint64_t>(within.count());
  while (all.size() > 1 && now.nanoseconds - all[1].first.nanoseconds >= long_ago)
    all.pop_front();
  return count - std::min(count, all.front().second);
}

} // namespace ducat::alerts
