/// What a cluster on one machine consists of: where everything is and on which ports.
#pragma once

#include <ducat/error.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ducat::cli {

/// An etcd member.
struct etcd_place {
  std::string name; ///< "etcd1"
  std::uint16_t client = 0;
  std::uint16_t peer = 0;
};

struct node_place {
  std::string name; ///< "node1"
  std::uint16_t http = 0;
  std::uint16_t grpc = 0;
  std::uint16_t link = 0;
  std::uint16_t metrics = 0;
};

/// All ports are of 127.0.0.1.
struct cluster_layout {
  std::string cluster = "local";
  std::vector<etcd_place> members;
  std::vector<node_place> nodes;
  std::string payments = {}; ///< The redundancy_mode of payments; empty: each node has its own.
};

struct layout_request {
  std::uint32_t nodes = 3;
  std::uint16_t base_port = 7410; ///< 0: ports that are free now.
  std::string payments = {};      ///< As in the layout.
};

/// Returns a new layout: one etcd member for one or two nodes, three for more. Node I has the ports
/// from base_port + 10 (I - 1) on. Errors: io (no free port can be had).
result<cluster_layout> make_layout(const layout_request& request);

/// Returns the layout as TOML, and the one in a file. Errors: not_found, io, invalid_argument.
std::string to_toml(const cluster_layout& layout);
result<cluster_layout> read_layout(const std::filesystem::path& file);

struct node_settings {
  bool faults = false;
  std::string alerts_to{}; ///< A URL; empty: alerts are logged and shown only.
  std::string traces_to{}; ///< A URL; empty: nothing is traced. Else all payments are.
};

/// Returns the configuration of one node, as `ducat node --config` takes it. Its files are in
/// `directory`.
std::string node_config_of(const cluster_layout& layout, const node_place& node,
                           const std::filesystem::path& directory, const node_settings& settings);

/// Returns the command line of an etcd member.
std::vector<std::string> etcd_words(const cluster_layout& layout, const etcd_place& member,
                                    const std::filesystem::path& directory);

} // namespace ducat::cli
