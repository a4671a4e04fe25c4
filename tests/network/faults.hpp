/// What befalls a host of a cluster.
#pragma once

#include "hosts/host_cluster.hpp"
#include "hosts/network.hpp"

#include <cstdint>
#include <string>

namespace ducat::testing {

using cli::host_cluster;
using cli::network;
using cli::why_no_network;

enum class role : std::uint8_t { writer, follower };

/// A host is cut off, from one side or both. network::heal() mends it.
struct cut {
  const char* name;
  void (*make)(const network& of, std::size_t host);
};

inline const cut deafened{"Deafened", [](const network& of, std::size_t host) { of.deafen(host); }};
inline const cut muted{"Muted", [](const network& of, std::size_t host) { of.mute(host); }};
inline const cut isolated{"Isolated",
                          [](const network& of, std::size_t host) { of.isolate(host); }};
inline const cut reset{"Reset", [](const network& of, std::size_t host) { of.reset(host); }};

/// Only the node: its etcd member goes on.
inline const cut node_isolated{
    "NodeIsolated", [](const network& of, std::size_t host) {
      of.isolate_ports(host, std::string{host_cluster::etcd_port} + ", " + host_cluster::link_port,
                       host_cluster::link_port);
    }};

} // namespace ducat::testing
