#include "bench/failover.hpp"

#include "bench/latencies.hpp"
#include "bench/work_directory.hpp"
#include "client/connection.hpp"
#include "client/repeat.hpp"
#include "client/table.hpp"
#include "up/cluster_process.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <thread>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

enum class victim : std::uint8_t { writer, follower, every_node, etcd_member, etcd_quorum };

enum class blow_kind : std::uint8_t { kill, pause, drain };

struct failover_case {
  std::string name;
  victim whom;
  blow_kind how;
};

const std::vector<failover_case>& all_cases() {
  static const std::vector<failover_case> all = {
      {"kill-writer", victim::writer, blow_kind::kill},
      {"pause-writer", victim::writer, blow_kind::pause},
      {"drain-writer", victim::writer, blow_kind::drain},
      {"kill-follower", victim::follower, blow_kind::kill},
      {"pause-follower", victim::follower, blow_kind::pause},
      {"kill-every-node", victim::every_node, blow_kind::kill},
      {"kill-etcd-member", victim::etcd_member, blow_kind::kill},
      {"pause-etcd-member", victim::etcd_member, blow_kind::pause},
      {"pause-etcd-quorum", victim::etcd_quorum, blow_kind::pause},
  };
  return all;
}

/// How long a part stands still.
constexpr duration pause_time = 3s;

/// How long what was broken may take to be whole again.
constexpr duration heal_limit = 60s;

/// Pays one unit at a time, and counts what was acknowledged.
class payer {
public:
  explicit payer(const std::string& endpoints) : node_{endpoints} {}

  result<void> open_accounts() {
    for (const char* id : {"world", "shop"}) {
      v1::CreateAccountRequest request;
      request.set_id(id);
      request.set_currency("EUR");
      request.set_overdraft(true);
      const auto done =
          call(limits(), repetition::keyed, node_, &v1::Accounts::Stub::CreateAccount, request);
      if (!done)
        return fail(errc::unavailable, "an account cannot be opened");
    }
    return {};
  }

  /// Returns whether it was acknowledged before the limit.
  static bool pay(const connection& at, const std::string& key) {
    v1::CreatePaymentRequest request;
    request.set_idempotency_key(key);
    request.set_from("world");
    request.set_to("shop");
    request.set_amount(1);
    request.set_currency("EUR");
    return call(limits(), repetition::keyed, at, &v1::Payments::Stub::CreatePayment, request)
        .has_value();
  }

  result<std::int64_t> balance() const {
    v1::GetAccountRequest request;
    request.set_id("shop");
    const auto found =
        call(limits(), repetition::read, node_, &v1::Accounts::Stub::GetAccount, request);
    if (!found)
      return fail(errc::unavailable, "the balance cannot be read");
    return found->credits_posted() - found->debits_posted();
  }

  result<v1::ListNodesReply> nodes() const {
    const auto found = call({.total = 2s, .attempt = 500ms}, repetition::read, node_,
                            &v1::Node::Stub::ListNodes, {});
    if (!found)
      return fail(errc::unavailable, "the nodes cannot be listed");
    return *found;
  }

  result<void> change(const std::string& node, v1::ChangeNodeRequest::Change how) const {
    v1::ChangeNodeRequest request;
    request.set_id(node);
    request.set_change(how);
    const auto done =
        call(limits(), repetition::keyed, node_, &v1::Node::Stub::ChangeNode, request);
    return done ? result<void>{} : fail(errc::unavailable, "node " + node + " cannot be changed");
  }

private:
  static call_limits limits() { return {.total = 60s, .attempt = 2s, .between = {}}; }

  connection node_;
};

/// A cluster that is broken and heals.
class broken_cluster {
public:
  broken_cluster(cluster_process& cluster, const payer& asks) : cluster_{cluster}, asks_{asks} {}

  /// Waits until every node is alive, linked, and one writes.
  result<std::string> wait_until_whole() {
    const auto end = steady_clock::now() + heal_limit;
    while (steady_clock::now() < end) {
      if (const auto all = asks_.nodes())
        if (const auto writer = writer_in(*all))
          return *writer;
      std::this_thread::sleep_for(20ms);
    }
    return fail(errc::unavailable, "the cluster does not heal");
  }

  /// Returns the parts that a case hits.
  std::vector<std::string> victims(victim whom, const std::string& writer, std::uint32_t round) {
    const auto& nodes = cluster_.layout().nodes;
    const auto& members = cluster_.layout().members;
    switch (whom) {
    case victim::writer:
      return {writer};
    case victim::follower: {
      std::vector<std::string> others;
      for (const node_place& each : nodes)
        if (each.name != writer)
          others.push_back(each.name);
      return {others.at(round % others.size())};
    }
    case victim::every_node: {
      std::vector<std::string> all;
      for (const node_place& each : nodes)
        all.push_back(each.name);
      return all;
    }
    case victim::etcd_member:
      return {members.at(round % members.size()).name};
    case victim::etcd_quorum:
      return {members.at(round % members.size()).name,
              members.at((round + 1) % members.size()).name};
    }
    return {};
  }

  result<void> hit(const std::vector<std::string>& parts, blow_kind how) {
    for (const std::string& each : parts) {
      if (how == blow_kind::drain)
        return asks_.change(each, v1::ChangeNodeRequest::DRAIN);
      cluster_.signal(each, how == blow_kind::kill ? SIGKILL : SIGSTOP);
    }
    return {};
  }

  result<void> heal(const std::vector<std::string>& parts, blow_kind how) {
    for (const std::string& each : parts) {
      if (how == blow_kind::drain)
        return asks_.change(each, v1::ChangeNodeRequest::RESUME);
      if (how == blow_kind::pause)
        cluster_.signal(each, SIGCONT);
    }
    return {};
  }

  /// Returns where clients reach the nodes that are not hit; all if every one is.
  std::string endpoints_beside(const std::vector<std::string>& parts) const {
    std::string list;
    for (const node_place& each : cluster_.layout().nodes)
      if (std::ranges::find(parts, each.name) == parts.end())
        list += (list.empty() ? "" : ",") + cluster_.endpoint(each.name);
    return list.empty() ? cluster_.endpoints() : list;
  }

private:
  std::optional<std::string> writer_in(const v1::ListNodesReply& all) const {
    std::optional<std::string> writer;
    for (const v1::ClusterNode& each : all.nodes()) {
      if (each.state() != "alive" || !each.linked())
        return std::nullopt;
      if (each.holds_log())
        writer = each.id();
    }
    const bool is_complete =
        static_cast<std::size_t>(all.nodes_size()) == cluster_.layout().nodes.size();
    return is_complete ? writer : std::nullopt;
  }

  cluster_process& cluster_;
  const payer& asks_;
};

struct measured {
  bench::latencies outages;
  std::map<int, int> histogram; ///< Count by tenths of a second.
};

/// Breaks the cluster once, and returns how long a client waited.
result<duration> run_round(broken_cluster& cluster, const failover_case& what, std::uint32_t round,
                           std::uint64_t& acknowledged) {
  const auto writer = cluster.wait_until_whole();
  if (!writer)
    return tl::unexpected(writer.error());
  const auto parts = cluster.victims(what.whom, *writer, round);
  const connection client{cluster.endpoints_beside(parts)};
  const auto key = [&] { return fmt::format("{}-{}-{}", what.name, round, acknowledged); };
  if (!payer::pay(client, key())) // Connected, and everything warm.
    return fail(errc::unavailable, "a payment before the blow was not acknowledged");
  ++acknowledged;
  const auto begin = steady_clock::now();
  std::thread healer;
  if (what.how == blow_kind::pause)
    healer = std::thread{[&] {
      std::this_thread::sleep_for(pause_time);
      (void)cluster.heal(parts, what.how);
    }};
  auto hit = cluster.hit(parts, what.how);
  const bool is_paid = hit && payer::pay(client, key());
  const auto outage = steady_clock::now() - begin;
  acknowledged += is_paid ? 1 : 0;
  if (healer.joinable())
    healer.join();
  else if (auto healed = cluster.heal(parts, what.how); !healed)
    return tl::unexpected(healed.error());
  if (!hit)
    return tl::unexpected(hit.error());
  return is_paid ? result<duration>{outage}
                 : fail(errc::unavailable, "no payment was acknowledged");
}

void print(std::ostream& out, const std::map<std::string, measured>& all) {
  table rows{{{"FAULT"},
              {"ROUNDS", align::right},
              {"P50 MS", align::right},
              {"P90 MS", align::right},
              {"P99 MS", align::right},
              {"WORST MS", align::right}}};
  const auto ms = [](const measured& of, double share) {
    return fmt::format("{:.0f}", of.outages.percentile_us(share) / 1000);
  };
  for (const failover_case& each : all_cases())
    if (const auto found = all.find(each.name); found != all.end())
      rows.add({each.name, std::to_string(found->second.outages.count()), ms(found->second, 0.5),
                ms(found->second, 0.9), ms(found->second, 0.99), ms(found->second, 1)});
  rows.print(out);
  for (const failover_case& each : all_cases())
    if (const auto found = all.find(each.name);
        found != all.end() && found->second.outages.count() >= 50) {
      out << "\n" << each.name << "\n";
      for (const auto& [bucket, count] : found->second.histogram)
        out << fmt::format("{:>5} ms {:>4} {}\n", bucket * 20, count,
                           std::string(static_cast<std::size_t>(std::min(count, 80)), '#'));
    }
}

void print_json(std::ostream& out, const std::map<std::string, measured>& all,
                std::int64_t difference) {
  nlohmann::json document;
  document["lost_or_doubled"] = difference;
  for (const auto& [name, of] : all)
    document["cases"].push_back({{"name", name},
                                 {"rounds", of.outages.count()},
                                 {"p50_us", of.outages.percentile_us(0.5)},
                                 {"p90_us", of.outages.percentile_us(0.9)},
                                 {"p99_us", of.outages.percentile_us(0.99)},
                                 {"worst_us", of.outages.percentile_us(1)}});
  out << document.dump() << '\n';
}

result<std::int64_t> run_all(const failover_arguments& arguments, cluster_process& cluster,
                             std::map<std::string, measured>& all) {
  payer client{cluster.endpoints()};
  if (auto opened = client.open_accounts(); !opened)
    return tl::unexpected(opened.error());
  broken_cluster broken{cluster, client};
  std::uint64_t acknowledged = 0;
  for (const failover_case& each : all_cases()) {
    const auto& wanted = arguments.cases;
    if (!wanted.empty() && std::ranges::find(wanted, each.name) == wanted.end())
      continue;
    for (std::uint32_t round = 0; round < arguments.rounds; ++round) {
      const auto outage = run_round(broken, each, round, acknowledged);
      if (!outage)
        return fail(outage.error().code, each.name + ": " + outage.error().message);
      all[each.name].outages.add(*outage);
      ++all[each.name].histogram[static_cast<int>(*outage / 20ms)];
    }
  }
  if (auto whole = broken.wait_until_whole(); !whole)
    return tl::unexpected(whole.error());
  auto balance = client.balance();
  for (int i = 0; i < 100 && !balance;
       ++i) { // A node that was just killed has yet to be found again.
    std::this_thread::sleep_for(100ms);
    balance = client.balance();
  }
  if (!balance)
    return tl::unexpected(balance.error());
  return *balance - static_cast<std::int64_t>(acknowledged);
}

} // namespace

std::vector<std::string> failover_cases() {
  std::vector<std::string> names;
  for (const failover_case& each : all_cases())
    names.push_back(each.name);
  return names;
}

exit_code bench_failover(const failover_arguments& arguments, const std::filesystem::path& program,
                         std::ostream& out, std::ostream& err) {
  const auto refuse = [&](const error& why) {
    err << "ducat: " << why << '\n';
    return exit_code::failed;
  };
  const auto home = bench::work_directory::make(arguments.directory);
  if (!home)
    return refuse(home.error());
  const auto cluster = cluster_process::start({.program = program,
                                               .directory = (*home)->path() / "cluster",
                                               .nodes = arguments.nodes,
                                               .payments = arguments.payments});
  if (!cluster)
    return refuse(cluster.error());
  std::map<std::string, measured> all;
  const auto difference = run_all(arguments, **cluster, all);
  if (arguments.json)
    print_json(out, all, difference.value_or(0));
  else
    print(out, all);
  (void)(*cluster)->stop();
  if (!difference)
    return refuse(difference.error());
  if (!arguments.json)
    out << "\nacknowledged payments lost: " << std::max<std::int64_t>(-*difference, 0)
        << ", made twice: " << std::max<std::int64_t>(*difference, 0) << '\n';
  return *difference == 0 ? exit_code::done : exit_code::failed;
}

} // namespace ducat::cli
