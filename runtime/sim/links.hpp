/// The links between the nodes of a simulation.
#pragma once

#include "cluster/link.hpp"
#include "cluster/link_server.hpp"
#include "sim/clockwork.hpp"
#include "sim/network.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace ducat::sim {

/// As gRPC's streams: in order, and what was under way when one is lost is unknown, also if it
/// still arrives. A stream of which something is lost breaks, and another one is opened; a link
/// that is cut in either direction is noticed after a while, and a process that has ended at once.
/// One thread.
class links {
public:
  /// One life of a node, as the others reach it.
  struct end {
    std::function<void(cluster::incoming_ask, cluster::link_respond)> serve;
    std::function<void(const std::string& other, cluster::link_state)> on_change;
  };

  links(clockwork& time, network& ways) : time_{time}, ways_{ways} {}

  /// A life of the node begins; it has links to all others soon.
  void enter(const std::string& node, end what);

  /// It has ended, and what it has under way is told to nobody.
  void leave(const std::string& node);

  /// See cluster::link::ask().
  void ask(const std::string& from, const std::string& to, cluster::outgoing_ask what,
           time_point deadline, cluster::ask_callback done);

  /// The ways in the network were cut or joined.
  void look();

private:
  using way = std::pair<std::string, std::string>; ///< From, to.

  struct pending {
    way along;
    std::uint64_t life; ///< Of whoever is asked.
    cluster::ask_callback done;
  };

  bool is_whole(const way& along) const {
    return !ways_.is_cut(along.first, along.second) && !ways_.is_cut(along.second, along.first);
  }

  std::uint64_t life_of(const std::string& node) const;
  void set(const way& along, cluster::link_state now);
  void lose(const way& along, std::uint64_t life);
  void break_stream(const way& along);
  void settle(std::uint64_t number, result<std::string> answer);
  void notice_cut(const way& along, std::uint64_t since);
  void connect(const way& along);

  clockwork& time_;
  network& ways_;
  std::map<std::string, std::pair<std::uint64_t, end>>
      ends_; ///< By node: its life, and what it is.
  std::map<way, cluster::link_state> states_;
  std::map<way, std::uint64_t> changes_; ///< How often each was cut or joined.
  std::map<way, bool> whole_;            ///< As of the last look().
  std::map<std::uint64_t, pending> asks_;
  std::uint64_t numbers_ = 0;
};

} // namespace ducat::sim
