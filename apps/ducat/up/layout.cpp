#include "up/layout.hpp"

#include "toml_file.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>

namespace ducat::cli {

namespace {

constexpr std::uint16_t ports_of_a_node = 10;

/// Sockets that hold ports until all have been chosen, so that no port is chosen twice.
class port_finder {
public:
  port_finder() = default;
  port_finder(const port_finder&) = delete;
  port_finder& operator=(const port_finder&) = delete;

  ~port_finder() {
    for (const int each : held_)
      ::close(each);
  }

  /// Returns a port that is free now; 0 if none can be had.
  std::uint16_t next() {
    const int holder = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    held_.push_back(holder);
    const bool bound = ::bind(holder, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::getsockname(holder, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    return bound ? ntohs(address.sin_port) : std::uint16_t{0};
  }

private:
  std::vector<int> held_;
};

std::string url(std::uint16_t port) {
  return fmt::format("http://127.0.0.1:{}", port);
}

/// Returns the members of etcd, beginning with another one for each node: what one of them passes
/// on is not what all nodes depend on.
std::string endpoints(const cluster_layout& layout, std::size_t first) {
  std::string list;
  for (std::size_t i = 0; i < layout.members.size(); ++i)
    list += fmt::format("{}\"127.0.0.1:{}\"", list.empty() ? "" : ", ",
                        layout.members[(first + i) % layout.members.size()].client);
  return list;
}

/// Reads one of the tables of a layout.
class place_reader {
public:
  place_reader(const std::filesystem::path& file, const toml::node& from)
      : file_{file}, from_{from} {}

  std::string text(const char* key) {
    const auto value = table()[key].value<std::string>();
    return value ? *value : missing<std::string>(key);
  }

  std::uint16_t port(const char* key) {
    const auto value = table()[key].value<std::int64_t>();
    return value && *value > 0 && *value < 65'536 ? static_cast<std::uint16_t>(*value)
                                                  : missing<std::uint16_t>(key);
  }

  const std::optional<error>& failure() const { return failure_; }

private:
  const toml::table& table() const {
    static const toml::table none;
    return from_.is_table() ? *from_.as_table() : none;
  }

  template <class T>
  T missing(const char* key) {
    failure_ =
        wrong_at(file_, from_.source(), fmt::format("`{}` is missing or wrong", key)).value();
    return {};
  }

  const std::filesystem::path& file_;
  const toml::node& from_;
  std::optional<error> failure_;
};

std::string names_of_nodes(const cluster_layout& layout) {
  std::string nodes;
  for (const node_place& each : layout.nodes)
    nodes += fmt::format("{}\"{}\"", nodes.empty() ? "" : ", ", each.name);
  return nodes;
}

/// Returns the tables of a node's configuration that make one service of all nodes: of settlement,
/// and of payments if they are to be one.
std::string group_tables(const cluster_layout& layout) {
  const std::string nodes = names_of_nodes(layout);
  std::string text = fmt::format("\n[settlement]\nnodes = [{}]\n", nodes);
  if (!layout.payments.empty())
    text += fmt::format("\n[payments]\nnodes = [{}]\nmode = \"{}\"\nstandby = \"{}\"\n", nodes,
                        layout.payments, layout.payments == "active_active" ? "active" : "hot");
  return text;
}

template <class Place, class Read>
result<std::vector<Place>> read_places(const std::filesystem::path& file, const toml::table& root,
                                       const char* name, Read read) {
  std::vector<Place> places;
  const toml::array* const list = root[name].as_array();
  if (list == nullptr || list->empty())
    return wrong_at(file, root.source(), fmt::format("`{}` is missing", name));
  for (const toml::node& each : *list) {
    place_reader reader{file, each};
    places.push_back(read(reader));
    if (reader.failure())
      return tl::unexpected(*reader.failure());
  }
  return places;
}

/// Whoever is told may be on this machine.
std::string alert_keys(const std::string& url) {
  return url.empty() ? "" : fmt::format("url = \"{}\"\nallow_private = true\n", url);
}

/// It is for show: nobody waits for one of a hundred.
std::string traces_table(const std::string& url) {
  return url.empty() ? "" : fmt::format("\n[traces]\nto = \"{}\"\nsampled = \"1\"\n", url);
}

} // namespace

result<cluster_layout> make_layout(const layout_request& request) {
  cluster_layout layout;
  layout.payments = request.payments;
  port_finder free;
  bool failed = false;
  const auto port = [&](std::uint32_t number, std::uint16_t offset) {
    const auto chosen = request.base_port == 0
                            ? free.next()
                            : static_cast<std::uint16_t>(request.base_port +
                                                         ports_of_a_node * (number - 1) + offset);
    failed = failed || chosen == 0;
    return chosen;
  };
  const std::uint32_t members = request.nodes < 3 ? 1 : 3;
  for (std::uint32_t i = 1; i <= members; ++i)
    layout.members.push_back(
        {.name = fmt::format("etcd{}", i), .client = port(i, 3), .peer = port(i, 4)});
  for (std::uint32_t i = 1; i <= request.nodes; ++i)
    layout.nodes.push_back({.name = fmt::format("node{}", i),
                            .http = port(i, 0),
                            .grpc = port(i, 1),
                            .link = port(i, 2),
                            .metrics = port(i, 5)});
  if (failed)
    return fail(errc::io, "there is no free port");
  return layout;
}

std::string to_toml(const cluster_layout& layout) {
  std::string text = fmt::format("cluster = \"{}\"\n", layout.cluster);
  if (!layout.payments.empty())
    text += fmt::format("payments = \"{}\"\n", layout.payments);
  for (const etcd_place& each : layout.members)
    text += fmt::format("\n[[etcd]]\nname = \"{}\"\nclient = {}\npeer = {}\n", each.name,
                        each.client, each.peer);
  for (const node_place& each : layout.nodes)
    text +=
        fmt::format("\n[[node]]\nname = \"{}\"\nhttp = {}\ngrpc = {}\nlink = {}\nmetrics = {}\n",
                    each.name, each.http, each.grpc, each.link, each.metrics);
  return text;
}

result<cluster_layout> read_layout(const std::filesystem::path& file) {
  const auto root = read_toml(file);
  if (!root)
    return tl::unexpected(root.error());
  cluster_layout layout{.cluster = (*root)["cluster"].value_or(""),
                        .members = {},
                        .nodes = {},
                        .payments = (*root)["payments"].value_or("")};
  if (layout.cluster.empty())
    return wrong_at(file, root->source(), "`cluster` is missing");
  auto members = read_places<etcd_place>(file, *root, "etcd", [](place_reader& from) {
    return etcd_place{from.text("name"), from.port("client"), from.port("peer")};
  });
  if (!members)
    return tl::unexpected(members.error());
  auto nodes = read_places<node_place>(file, *root, "node", [](place_reader& from) {
    return node_place{from.text("name"), from.port("http"), from.port("grpc"), from.port("link"),
                      from.port("metrics")};
  });
  if (!nodes)
    return tl::unexpected(nodes.error());
  layout.members = std::move(*members);
  layout.nodes = std::move(*nodes);
  return layout;
}

std::string node_config_of(const cluster_layout& layout, const node_place& node,
                           const std::filesystem::path& directory, const node_settings& settings) {
  const std::string at = directory.string();
  std::size_t priority = 1;
  while (layout.nodes[priority - 1].name != node.name)
    ++priority;
  return fmt::format("node = \"{0}\"\n"
                     "cluster = \"{1}\"\n"
                     "data = \"{2}/{0}\"\n"
                     "\n[listen]\n"
                     "http = \"127.0.0.1:{3}\"\n"
                     "grpc = \"127.0.0.1:{4}\"\n"
                     "metrics = \"127.0.0.1:{10}\"\n"
                     "\n[faults]\n"
                     "allowed = {5}\n"
                     "\n[etcd]\n"
                     "endpoints = [{6}]\n"
                     "entries_kept = 100000\n" // So that all of a demonstration can be looked at.
                     "entries_max = 200000\n"
                     "\n[link]\n"
                     "listen = \"127.0.0.1:{7}\"\n"
                     "ca = \"{2}/certs/ca.crt\"\n"
                     "certificate = \"{2}/certs/{0}.crt\"\n"
                     "key = \"{2}/certs/{0}.key\"\n"
                     "priority = {8}\n"
                     "\n[guardian]\n" // What is crashed for show is to be back soon, however often.
                     "restarts_max = 1000\n"
                     "window_s = 60\n"
                     "backoff_ms = 50\n"
                     "backoff_max_ms = 200\n"
                     "\n[alerts]\n"
                     "{11}"
                     "{12}"
                     "{9}",
                     node.name, layout.cluster, at, node.http, node.grpc, settings.faults,
                     endpoints(layout, priority - 1), node.link, priority, group_tables(layout),
                     node.metrics, alert_keys(settings.alerts_to),
                     traces_table(settings.traces_to));
}

/// Elections within a fifth of a second, none for a member that was only cut off, and no more
/// entries in memory than it needs: a node compacts what it has trimmed.
std::vector<std::string> etcd_words(const cluster_layout& layout, const etcd_place& member,
                                    const std::filesystem::path& directory) {
  std::string all;
  for (const etcd_place& each : layout.members)
    all += (all.empty() ? "" : ",") + each.name + "=" + url(each.peer);
  return {"etcd",
          "--name",
          member.name,
          "--data-dir",
          (directory / member.name).string(),
          "--listen-client-urls",
          url(member.client),
          "--advertise-client-urls",
          url(member.client),
          "--listen-peer-urls",
          url(member.peer),
          "--initial-advertise-peer-urls",
          url(member.peer),
          "--initial-cluster",
          all,
          "--initial-cluster-token",
          layout.cluster,
          "--heartbeat-interval",
          "20",
          "--election-timeout",
          "200",
          "--pre-vote",
          "--snapshot-count",
          "2000",
          "--max-request-bytes",
          "20971520",
          "--quota-backend-bytes",
          "8589934592",
          "--logger",
          "zap",
          "--log-level",
          "error"};
}

} // namespace ducat::cli
