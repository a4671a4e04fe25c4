#include "config.hpp"

#include "api/listen_address.hpp"
#include "toml_file.hpp"

#include <ducat/payment/webhook_url.hpp>
#include <ducat/trace.hpp>

#include <toml++/toml.h>

#include <functional>
#include <map>
#include <optional>
#include <string_view>

namespace ducat {

namespace {

/// Returns what is wrong with a value; nothing if it was taken.
using complaint = std::optional<std::string>;
using take_value = std::function<complaint(const toml::node&)>;
using take_table = std::map<std::string, take_value, std::less<>>;

// Values

take_value text(std::string& into, std::function<complaint(const std::string&)> check) {
  return [&into, check = std::move(check)](const toml::node& value) -> complaint {
    if (!value.is_string())
      return "must be a string";
    into = value.as_string()->get();
    return check(into);
  };
}

take_value path(std::filesystem::path& into, std::function<complaint(const std::string&)> check) {
  return [&into, check = std::move(check)](const toml::node& value) -> complaint {
    if (!value.is_string())
      return "must be a string";
    into = value.as_string()->get();
    return check(into.string());
  };
}

take_value texts(std::vector<std::string>& into,
                 std::function<complaint(const std::string&)> check) {
  return [&into, check = std::move(check)](const toml::node& value) -> complaint {
    if (!value.is_array() || value.as_array()->empty())
      return "must be a list of strings";
    for (const toml::node& each : *value.as_array()) {
      if (!each.is_string())
        return "must be a list of strings";
      into.push_back(each.as_string()->get());
      if (const complaint why = check(into.back()))
        return why;
    }
    return std::nullopt;
  };
}

take_value flag(bool& into) {
  return [&into](const toml::node& value) -> complaint {
    if (!value.is_boolean())
      return "must be true or false";
    into = value.as_boolean()->get();
    return std::nullopt;
  };
}

/// One of `known`, by its name.
template <class Enum>
take_value word(Enum& into, std::vector<Enum> known) {
  return [&into, known = std::move(known)](const toml::node& value) -> complaint {
    std::string names;
    for (const Enum each : known) {
      if (value.is_string() && value.as_string()->get() == to_string(each)) {
        into = each;
        return std::nullopt;
      }
      names += (names.empty() ? "" : ", ") + std::string{to_string(each)};
    }
    return "must be one of " + names;
  };
}

struct range {
  std::uint32_t smallest;
  std::uint32_t largest;
};

take_value number(std::uint32_t& into, range allowed) {
  return [&into, allowed](const toml::node& value) -> complaint {
    const auto bounds = std::to_string(allowed.smallest) + " to " + std::to_string(allowed.largest);
    if (!value.is_integer())
      return "must be a number, " + bounds;
    const std::int64_t given = value.as_integer()->get();
    if (given < allowed.smallest || given > allowed.largest)
      return "must be " + bounds;
    into = static_cast<std::uint32_t>(given);
    return std::nullopt;
  };
}

// Checks

complaint check_name(const std::string& name) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (name.empty() || name.size() > 64 || name.find_first_not_of(allowed) != std::string::npos)
    return "must be 1 to 64 of a-z A-Z 0-9 . _ -";
  return std::nullopt;
}

complaint check_time_of_day(const std::string& time) {
  const auto is_in = [&](std::size_t at, char first, char last) {
    return time[at] >= first && time[at] <= last;
  };
  const bool is_good = time.size() == 5 && is_in(0, '0', '2') &&
                       is_in(1, '0', time[0] == '2' ? '3' : '9') && time[2] == ':' &&
                       is_in(3, '0', '5') && is_in(4, '0', '9');
  return is_good ? complaint{} : "must be HH:MM, such as 22:30";
}

complaint check_path(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos)
    return "must be a path";
  return std::nullopt;
}

complaint check_address(const std::string& address) {
  const auto parsed = api::parse_listen_address(address);
  return parsed ? complaint{} : "must be HOST:PORT, such as 127.0.0.1:7410";
}

complaint check_url(const std::string& url) {
  if (!payment::parse_webhook_url(url))
    return "must be https://HOST[:PORT][/PATH], or http:// the same";
  return std::nullopt;
}

complaint check_ratio(const std::string& ratio) {
  if (!trace::sampling_ratio::parse(ratio))
    return "must be a part of 1, such as \"0.01\", with six digits behind the point at most";
  return std::nullopt;
}

complaint check_level(const std::string& level) {
  for (const char* known : {"trace", "debug", "info", "warn", "error", "off"})
    if (level == known)
      return std::nullopt;
  return "must be trace, debug, info, warn, error or off";
}

complaint check_bank_order(const std::string& name) {
  for (const char* known : {"pain.001.001.03", "pain.001.001.09", "pacs.008.001.08"})
    if (name == known)
      return std::nullopt;
  return "must be pain.001.001.03, pain.001.001.09 or pacs.008.001.08";
}

// Tables

/// Takes the values of `from` that `known` names; `prefix` stands before the names in messages.
result<void> take(const std::filesystem::path& file, const toml::table& from,
                  const take_table& known, const std::string& prefix);

take_value table(const std::filesystem::path& file, std::string name, take_table known,
                 result<void>& outcome) {
  return [&file, name = std::move(name), known = std::move(known),
          &outcome](const toml::node& value) -> complaint {
    if (!value.is_table())
      return "must be a table";
    outcome = take(file, *value.as_table(), known, name + ".");
    return std::nullopt;
  };
}

result<void> take(const std::filesystem::path& file, const toml::table& from,
                  const take_table& known, const std::string& prefix) {
  for (const auto& [key, value] : from) {
    const std::string name = prefix + std::string(key.str());
    const auto taker = known.find(key.str());
    if (taker == known.end())
      return wrong_at(file, key.source(), "`" + name + "` is not known");
    if (const complaint why = taker->second(value))
      return wrong_at(file, value.source(), "`" + name + "` " + *why);
  }
  return {};
}

constexpr std::size_t links_max = 8;

take_table fields_of(acquirer_config& into) {
  return {{"name", text(into.name, check_name)},
          {"address", text(into.address, check_address)},
          {"addresses", texts(into.addresses, check_address)},
          {"takeover", flag(into.takeover)},
          {"takeover_after_ms", number(into.takeover_after_ms, {0, 86'400'000})},
          {"dialect", text(into.dialect, check_path)},
          {"plain", flag(into.plain)},
          {"tls_1_2", flag(into.tls_1_2)},
          {"ca", path(into.ca, check_path)},
          {"server_name", text(into.server_name, check_path)},
          {"certificate", path(into.certificate, check_path)},
          {"key", path(into.key, check_path)},
          {"terminal", text(into.terminal, check_path)},
          {"merchant", text(into.merchant, check_path)},
          {"mti", text(into.mti, check_path)},
          {"answer_timeout_ms", number(into.answer_timeout_ms, {1, 290'000})},
          {"reconcile_at", text(into.reconcile_at, check_time_of_day)}};
}

take_value acquirers(const std::filesystem::path& file, std::vector<acquirer_config>& into,
                     result<void>& outcome) {
  return [&file, &into, &outcome](const toml::node& value) -> complaint {
    if (!value.is_array_of_tables())
      return "must be tables: [[acquirer]]";
    for (const toml::node& each : *value.as_array()) {
      acquirer_config read;
      outcome = take(file, *each.as_table(), fields_of(read), "acquirer.");
      if (outcome && (read.name.empty() || read.address.empty() == read.addresses.empty()))
        outcome = wrong_at(file, each.source(),
                           "an acquirer needs `name` and either `address` or `addresses`");
      if (outcome && read.addresses.size() > links_max)
        outcome = wrong_at(file, each.source(), "an acquirer has 1 to 8 `addresses`");
      if (!outcome)
        return std::nullopt;
      into.push_back(std::move(read));
    }
    return std::nullopt;
  };
}

take_table fields_of(terminal_config& into) {
  return {{"id", text(into.id, check_name)},
          {"accept_any", flag(into.accept_any)},
          {"merchant", text(into.merchant, check_path)},
          {"to", text(into.to, check_name)},
          {"currency", text(into.currency, check_name)},
          {"partial", flag(into.partial)},
          {"locked", flag(into.locked)}};
}

take_value terminals(const std::filesystem::path& file, std::vector<terminal_config>& into,
                     result<void>& outcome) {
  return [&file, &into, &outcome](const toml::node& value) -> complaint {
    if (!value.is_array_of_tables())
      return "must be tables: [[terminal]]";
    for (const toml::node& each : *value.as_array()) {
      terminal_config read;
      outcome = take(file, *each.as_table(), fields_of(read), "terminal.");
      if (outcome && (read.to.empty() || read.currency.empty()))
        outcome = wrong_at(file, each.source(), "a terminal needs `to` and `currency`");
      if (outcome && read.id.empty() != read.accept_any)
        outcome = wrong_at(file, each.source(), "a terminal has either `id` or `accept_any`");
      if (!outcome)
        return std::nullopt;
      into.push_back(std::move(read));
    }
    return std::nullopt;
  };
}

take_table fields_of(gateway_config& into) {
  return {{"listen", text(into.listen, check_address)},
          {"plain", flag(into.plain)},
          {"tls_1_2", flag(into.tls_1_2)},
          {"certificate", path(into.certificate, check_path)},
          {"key", path(into.key, check_path)},
          {"ca", path(into.ca, check_path)},
          {"dialect", text(into.dialect, check_path)},
          {"from", text(into.from, check_name)}};
}

/// A gateway and its terminals need each other.
result<void> check_gateway(const std::filesystem::path& file, const node_config& config,
                           bool has_table) {
  const auto missing = [&](const std::string& what) {
    return fail(errc::invalid_argument, file.string() + ": " + what);
  };
  if (!has_table)
    return config.terminals.empty() ? result<void>{}
                                    : missing("terminals need the table `gateway`");
  if (config.gateway.listen.empty())
    return missing("a gateway needs `gateway.listen`");
  if (config.gateway.from.empty())
    return missing("a gateway needs `gateway.from`");
  return {};
}

/// Whoever calls belongs to a cluster, and knows the node by its certificate.
result<void> check_access(const std::filesystem::path& file, const node_config& config,
                          bool has_table) {
  if (!has_table)
    return {};
  for (const auto& [given, name] : {std::pair{&config.access.ca, "access.ca"},
                                    std::pair{&config.access.certificate, "access.certificate"},
                                    std::pair{&config.access.key, "access.key"}})
    if (given->empty())
      return fail(errc::invalid_argument,
                  file.string() + ": the table `access` needs `" + name + "`");
  if (config.cluster.empty())
    return fail(errc::invalid_argument,
                file.string() + ": a node with the table `access` needs `cluster` too");
  return {};
}

/// A node among others belongs to a cluster and has a certificate.
result<void> check_cluster(const std::filesystem::path& file, const node_config& config) {
  if (!config.is_clustered())
    return {};
  const auto missing = [&](const char* what) {
    return fail(errc::invalid_argument,
                file.string() + ": a node with `etcd.endpoints` needs `" + what + "` too");
  };
  if (config.cluster.empty())
    return missing("cluster");
  if (config.link_tls.ca.empty())
    return missing("link.ca");
  if (config.link_tls.certificate.empty())
    return missing("link.certificate");
  if (config.link_tls.key.empty())
    return missing("link.key");
  if (auto checked = check(config.etcd); !checked)
    return fail(errc::invalid_argument, file.string() + ": " + checked.error().message);
  return {};
}

result<node_config> config_of(const std::filesystem::path& file, const toml::table& root) {
  node_config config;
  std::string data;
  result<void> inner;
  const auto section = [&](const char* name, take_table known) {
    return std::pair(std::string(name), table(file, name, std::move(known), inner));
  };
  const take_table known = {
      {"node", text(config.node, check_name)},
      {"cluster", text(config.cluster, check_name)},
      {"data", text(data, check_path)},
      section("listen", {{"grpc", text(config.grpc, check_address)},
                         {"http", text(config.http, check_address)},
                         {"metrics", text(config.metrics, check_address)}}),
      section("access", {{"ca", path(config.access.ca, check_path)},
                         {"certificate", path(config.access.certificate, check_path)},
                         {"key", path(config.access.key, check_path)},
                         {"token_keys", path(config.access.token_keys, check_path)},
                         {"per_second", number(config.access.per_second, {0, 1'000'000})},
                         {"burst", number(config.access.burst, {1, 1'000'000})},
                         {"dual_control", flag(config.access.dual_control)}}),
      section("faults", {{"allowed", flag(config.faults)}}),
      section("payments",
              {{"workers", number(config.workers, {1, 1024})},
               {"at_a_time", number(config.payments_max, {1, 100'000})},
               {"cards_at_a_time", number(config.card_payments_max, {1, 100'000})},
               {"nodes", texts(config.payments.nodes, check_name)},
               {"mode", word(config.payments.mode,
                             {redundancy_mode::primary_backup, redundancy_mode::exclusive,
                              redundancy_mode::active_active})},
               {"standby", word(config.payments.standby, {standby_policy::cold, standby_policy::hot,
                                                          standby_policy::active})},
               {"takeover", flag(config.payments.takeover)}}),
      section("settlement", {{"nodes", texts(config.settling, check_name)},
                             {"order", text(config.bank_order, check_bank_order)}}),
      section("guardian",
              {{"restarts_max", number(config.guardian.restarts_max, {0, 1000})},
               {"window_s", number(config.guardian.window_s, {1, 86'400})},
               {"backoff_ms", number(config.guardian.backoff_ms, {0, 3'600'000})},
               {"backoff_max_ms", number(config.guardian.backoff_max_ms, {0, 3'600'000})},
               {"hang_after_s", number(config.guardian.hang_after_s, {1, 86'400})}}),
      {"acquirer", acquirers(file, config.acquirers, inner)},
      {"terminal", terminals(file, config.terminals, inner)},
      section("gateway", fields_of(config.gateway)),
      section("webhooks", {{"allow_private", flag(config.webhooks.allow_private)},
                           {"tls_1_2", flag(config.webhooks.tls_1_2)},
                           {"ca", path(config.webhooks.ca, check_path)}}),
      section("alerts",
              {{"url", text(config.alerts.url, check_url)},
               {"heartbeat", text(config.alerts.heartbeat, check_url)},
               {"heartbeat_every_s", number(config.alerts.heartbeat_every_s, {1, 86'400})},
               {"secret", path(config.alerts.secret, check_path)},
               {"allow_private", flag(config.alerts.allow_private)},
               {"tls_1_2", flag(config.alerts.tls_1_2)},
               {"ca", path(config.alerts.ca, check_path)}}),
      section("traces", {{"to", text(config.traces.to, check_url)},
                         {"sampled", text(config.traces.sampled, check_ratio)},
                         {"waiting_max", number(config.traces.waiting_max, {1, 1'000'000})},
                         {"every_ms", number(config.traces.every_ms, {1, 60'000})},
                         {"tls_1_2", flag(config.traces.tls_1_2)},
                         {"ca", path(config.traces.ca, check_path)}}),
      section("state", {{"every", number(config.state_every, {1, 1'000'000})}}),
      section("log", {{"level", text(config.log_level, check_level)}}),
      section("etcd", {{"endpoints", texts(config.etcd.endpoints, check_address)},
                       {"ca", path(config.etcd.ca, check_path)},
                       {"certificate", path(config.etcd.certificate, check_path)},
                       {"key", path(config.etcd.key, check_path)},
                       {"entries_kept", number(config.entries_kept, {0, 100'000'000})},
                       {"entries_max", number(config.entries_max, {0, 100'000'000})}}),
      section("link", {{"listen", text(config.link, check_address)},
                       {"advertise", text(config.link_advertised, check_address)},
                       {"ca", path(config.link_tls.ca, check_path)},
                       {"certificate", path(config.link_tls.certificate, check_path)},
                       {"key", path(config.link_tls.key, check_path)},
                       {"priority", number(config.priority, {1, 1000})},
                       {"beat_ms", number(config.beat_ms, {20, 10'000})},
                       {"beats_missed_max", number(config.beats_missed_max, {2, 100})}}),
  };
  const auto outer = take(file, root, known, "");
  if (!outer || !inner)
    return tl::unexpected(outer ? inner.error() : outer.error());
  if (config.entries_kept > config.entries_max)
    return wrong_at(file, root["etcd"].node()->source(),
                    "`etcd.entries_kept` must not be more than `etcd.entries_max`");
  if (config.guardian.backoff_ms > config.guardian.backoff_max_ms)
    return wrong_at(file, root["guardian"].node()->source(),
                    "`guardian.backoff_ms` must be at most `guardian.backoff_max_ms`");
  config.data = data;
  config.alerts.are_looked_for = root.contains("alerts");
  if (root.contains("traces") && config.traces.to.empty())
    return wrong_at(file, root["traces"].node()->source(), "`traces.to` is missing");
  if (auto complete = check_cluster(file, config); !complete)
    return tl::unexpected(complete.error());
  if (auto complete = check_access(file, config, root.contains("access")); !complete)
    return tl::unexpected(complete.error());
  if (auto complete = check_gateway(file, config, root.contains("gateway")); !complete)
    return tl::unexpected(complete.error());
  return config;
}

} // namespace

result<node_config> load_config(const std::filesystem::path& path) {
  const auto root = read_toml(path);
  return root ? config_of(path, *root) : tl::unexpected(root.error());
}

} // namespace ducat
