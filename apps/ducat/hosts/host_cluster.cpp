#include "hosts/host_cluster.hpp"

#include "client/repeat.hpp"

#include <ducat/certificates.hpp>

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr duration heal_limit = 60s;

std::string node_name(std::size_t host) {
  return fmt::format("node{}", host + 1);
}

std::string member_name(std::size_t host) {
  return fmt::format("etcd{}", host + 1);
}

std::size_t host_of(const std::string& node) {
  return std::stoul(node.substr(node.find_first_of("123456789"))) - 1;
}

template <class T>
void expect(const result<T>& done) {
  if (!done)
    throw std::runtime_error(to_string(done.error()));
}

/// Returns what `look` finds at last. Throws `otherwise` if it finds nothing.
template <class Look>
auto wait_for(const char* otherwise, Look look) {
  const auto end = steady_clock::now() + heal_limit;
  while (steady_clock::now() < end) {
    if (const auto found = look())
      return *found;
    ::poll(nullptr, 0, 20); // Not to keep busy who is to answer.
  }
  throw std::runtime_error(otherwise);
}

} // namespace

host_cluster::host_cluster(const network& on, host_cluster_options options)
    : network_{on}, options_{std::move(options)}, members_(on.size()), nodes_(on.size()) {
  const auto certs = options_.directory / "certs";
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  std::filesystem::create_directories(options_.directory);
  expect(security::make_authority(certs, {.cluster = name}, now));
  expect(security::issue_client(certs, {.name = "checker"}, now));
  for (const std::size_t host : all()) {
    expect(security::issue_node(certs, {.id = node_name(host), .hosts = {network::address(host)}},
                                now));
    std::ofstream{options_.directory / (node_name(host) + ".toml")} << node_config(host);
  }
}

void host_cluster::start() {
  for (const std::size_t host : all())
    if (members_[host] == nullptr)
      start_member(host);
  for (const std::size_t host : all())
    if (nodes_[host] == nullptr)
      start_node(host);
  for (const std::size_t host : all())
    wait_until_ready(host, 1);
}

void host_cluster::start_member(std::size_t host) {
  members_[host].reset();
  members_[host] = std::make_unique<hosted_process>(
      network::on(host, member_words(host)), options_.directory / (member_name(host) + ".log"));
}

void host_cluster::start_node(std::size_t host) {
  nodes_[host].reset();
  nodes_[host] = std::make_unique<hosted_process>(
      network::on(host, {options_.program.string(), "node", "--config",
                         (options_.directory / (node_name(host) + ".toml")).string()}),
      options_.directory / (node_name(host) + ".log"));
}

void host_cluster::wait_until_ready(std::size_t host, std::uint64_t count) const {
  if (!nodes_.at(host)->wait_until_ready(count, heal_limit))
    throw std::runtime_error(node_name(host) + " is not ready");
}

std::filesystem::path host_cluster::home(std::size_t host) const {
  return options_.home_of_each ? options_.directory / fmt::format("host{}", host + 1)
                               : options_.directory;
}

std::filesystem::path host_cluster::member_data(std::size_t host) const {
  return home(host) / member_name(host);
}

std::filesystem::path host_cluster::node_data(std::size_t host) const {
  return home(host) / node_name(host);
}

std::string host_cluster::api(std::size_t host) {
  return network::front(host) + ":7411";
}

std::string host_cluster::apis(const std::vector<std::size_t>& hosts) {
  std::string list;
  for (const std::size_t host : hosts)
    list += (list.empty() ? "" : ",") + api(host);
  return list;
}

std::vector<std::size_t> host_cluster::all() const {
  return all_but(network_.size());
}

std::vector<std::size_t> host_cluster::all_but(std::size_t host) const {
  std::vector<std::size_t> hosts;
  for (std::size_t i = 0; i < network_.size(); ++i)
    if (i != host)
      hosts.push_back(i);
  return hosts;
}

std::size_t host_cluster::wait_until_whole() const {
  return wait_for("the cluster does not heal", [this]() -> std::optional<std::size_t> {
    std::string writer;
    for (const std::size_t host : all()) {
      const auto seen = nodes_seen_by(host);
      if (!seen || static_cast<std::size_t>(seen->nodes_size()) != network_.size())
        return std::nullopt;
      for (const v1::ClusterNode& each : seen->nodes()) {
        if (each.state() != "alive" || !each.linked())
          return std::nullopt;
        if (each.holds_log() && !writer.empty() && each.id() != writer)
          return std::nullopt;
        if (each.holds_log())
          writer = each.id();
      }
    }
    return writer.empty() ? std::nullopt : std::optional{host_of(writer)};
  });
}

std::size_t host_cluster::wait_for_writer_among(const std::vector<std::size_t>& hosts) const {
  return wait_for("nobody writes the log", [&]() -> std::optional<std::size_t> {
    for (const std::size_t host : hosts)
      if (const auto seen = nodes_seen_by(host))
        for (const v1::ClusterNode& each : seen->nodes())
          if (each.holds_log() && std::ranges::count(hosts, host_of(each.id())) != 0)
            return host_of(each.id());
    return std::nullopt;
  });
}

void host_cluster::wait_until_gone(std::size_t host, std::size_t seen_by) const {
  wait_for("the node is not gone", [&]() -> std::optional<bool> {
    if (const auto seen = nodes_seen_by(seen_by))
      for (const v1::ClusterNode& each : seen->nodes())
        if (each.id() == node_name(host) && each.state() == "gone")
          return true;
    return std::nullopt;
  });
}

void host_cluster::hand_over_to(std::size_t host) const {
  const connection node{api(host)};
  const auto change = [&](std::size_t other, v1::ChangeNodeRequest::Change how) {
    v1::ChangeNodeRequest request;
    request.set_id(node_name(other));
    request.set_change(how);
    if (const auto done = call({.total = heal_limit}, repetition::keyed, node,
                               &v1::Node::Stub::ChangeNode, request);
        !done)
      throw std::runtime_error(node_name(other) + ": " + done.error().error.message());
  };
  for (const std::size_t other : all_but(host))
    change(other, v1::ChangeNodeRequest::DRAIN);
  wait_for_writer_among({host});
  for (const std::size_t other : all_but(host))
    change(other, v1::ChangeNodeRequest::RESUME);
}

std::optional<v1::StatusReply> host_cluster::status(std::size_t host) const {
  const connection node{api(host)};
  const auto found = call({}, repetition::read, node, &v1::Node::Stub::Status, v1::StatusRequest{});
  return found ? std::optional{*found} : std::nullopt;
}

std::optional<v1::ListNodesReply> host_cluster::nodes_seen_by(std::size_t host) const {
  const connection node{api(host)};
  const auto found =
      call({.total = 1s, .attempt = 500ms}, repetition::read, node, &v1::Node::Stub::ListNodes, {});
  return found ? std::optional{*found} : std::nullopt;
}

std::unique_ptr<shared_log> host_cluster::log_through(std::size_t host) const {
  auto opened = open_etcd_log({{.endpoints = {network::address(host) + ":" + etcd_port},
                                .ca = certificate("ca", "crt"),
                                .certificate = certificate("checker", "crt"),
                                .key = certificate("checker", "key")},
                               fmt::format("ducat/{}/log/", name)});
  expect(opened);
  return std::move(*opened);
}

std::string host_cluster::certificate(const std::string& who, const char* ending) const {
  return (options_.directory / "certs" / (who + "." + ending)).string();
}

/// As docs/operations.md has it, with TLS.
std::vector<std::string> host_cluster::member_words(std::size_t host) const {
  const std::string client = fmt::format("https://{}:{}", network::address(host), etcd_port);
  const std::string peer = fmt::format("https://{}:2380", network::address(host));
  std::string members;
  for (const std::size_t each : all())
    members += fmt::format("{}{}=https://{}:2380", members.empty() ? "" : ",", member_name(each),
                           network::address(each));
  std::vector<std::string> words = {"etcd", "--client-cert-auth", "--peer-client-cert-auth",
                                    "--pre-vote"};
  for (const auto& [option, value] : std::vector<std::pair<std::string, std::string>>{
           {"name", member_name(host)},
           {"data-dir", member_data(host)},
           {"listen-client-urls", client},
           {"advertise-client-urls", client},
           {"listen-peer-urls", peer},
           {"initial-advertise-peer-urls", peer},
           {"initial-cluster", members},
           {"trusted-ca-file", certificate("ca", "crt")},
           {"cert-file", certificate(node_name(host), "crt")},
           {"key-file", certificate(node_name(host), "key")},
           {"peer-trusted-ca-file", certificate("ca", "crt")},
           {"peer-cert-file", certificate(node_name(host), "crt")},
           {"peer-key-file", certificate(node_name(host), "key")},
           {"heartbeat-interval", "20"},
           {"election-timeout", "200"},
           {"snapshot-count", "2000"},
           {"max-request-bytes", "20971520"},
           {"quota-backend-bytes", "8589934592"},
           {"logger", "zap"},
           {"log-level", "warn"}})
    words.insert(words.end(), {"--" + option, value});
  return words;
}

std::string host_cluster::node_config(std::size_t host) const {
  std::string endpoints;
  for (std::size_t i = 0; i < network_.size(); ++i) // Its own member first.
    endpoints += fmt::format("{}\"{}:{}\"", endpoints.empty() ? "" : ", ",
                             network::address((host + i) % network_.size()), etcd_port);
  const std::string files =
      fmt::format("ca = \"{}\"\ncertificate = \"{}\"\nkey = \"{}\"\n", certificate("ca", "crt"),
                  certificate(node_name(host), "crt"), certificate(node_name(host), "key"));
  return fmt::format("node = \"{}\"\n"
                     "cluster = \"{}\"\n"
                     "data = \"{}\"\n"
                     "\n[listen]\nhttp = \"127.0.0.1:7410\"\ngrpc = \"127.0.0.1:7411\"\n"
                     "\n[faults]\nallowed = {}\n"
                     "\n[etcd]\nendpoints = [{}]\n{}entries_kept = {}\nentries_max = {}\n"
                     "\n[link]\nlisten = \"{}:{}\"\n{}priority = {}\n"
                     "\n[guardian]\nrestarts_max = 1000\nbackoff_ms = 50\nbackoff_max_ms = 200\n"
                     "hang_after_s = 60\n", // What is stopped for a while is to wake.
                     node_name(host), name, node_data(host).string(), options_.allow_faults,
                     endpoints, files, options_.entries_kept, 4 * options_.entries_kept,
                     network::address(host), link_port, files, host + 1);
}

} // namespace ducat::cli
