/// What this node knows of the others, from what stands in etcd. Pure.
#pragma once

#include "cluster/failure_detector.hpp"
#include "cluster/link.hpp"
#include "cluster/succession.hpp"
#include "link.pb.h"

#include <ducat/cluster.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cluster {

/// The keys of a cluster. Nodes and the epoch of the log stand together, without the log's entries.
///   ducat/CLUSTER/log/...            the log: see etcd/keys.hpp
///   ducat/CLUSTER/node/beat/ID       ducat.link.v1.Beat
///   ducat/CLUSTER/node/kept/ID       ducat.link.v1.Kept; without a lease
///   ducat/CLUSTER/node/member/ID     ducat.link.v1.Member
class member_keys {
public:
  explicit member_keys(const std::string& cluster) : prefix_{"ducat/" + cluster + "/"} {}

  std::string log() const { return prefix_ + "log/"; }

  std::string epoch() const { return log() + "epoch"; }

  std::string beat(const std::string& id) const { return prefix_ + "node/beat/" + id; }

  std::string kept(const std::string& id) const { return prefix_ + "node/kept/" + id; }

  std::string member(const std::string& id) const { return prefix_ + "node/member/" + id; }

  /// The range [epoch(), end()) holds the epoch, the beats and the members.
  std::string end() const { return prefix_ + "node0"; } // '0' follows '/'.

private:
  std::string prefix_;
};

/// Not thread-safe.
class member_view {
public:
  member_view(const cluster_options& options, const member_keys& keys)
      : me_{options.node}, keys_{keys}, detector_{options.node, options.beats_missed_max} {}

  /// All that stands in etcd is told anew: what is not put until the end of it is gone.
  void begin_anew();
  void end_anew();

  /// A key of the range was put, or is gone. A value that cannot be read is as one that is gone.
  void put(std::string_view key, const std::string& value);
  void remove(std::string_view key);

  void set_link(const std::string& node, link_state state);

  /// There is no such node any more, and it is not shown.
  void forget(const std::string& node);

  /// Returns whether something stands for the node.
  bool is_member(const std::string& node) const {
    const auto found = nodes_.find(node);
    return found != nodes_.end() && found->second.record;
  }

  const shared_log::holder& holder() const noexcept { return holder_; }

  /// Returns whether whoever wrote the log does not any more.
  bool has_holder_failed() const;

  /// Returns this node's place among those who would take over.
  std::optional<std::size_t> rank() const;

  /// Returns how often this node's own beat was seen.
  std::uint64_t own_beats() const noexcept { return own_beats_; }

  /// Returns where every other member is to be reached, by id.
  std::map<std::string, std::string> addresses() const;

  std::vector<member_status> statuses() const;

private:
  struct known {
    std::optional<ducat::link::v1::Member> record; ///< Nothing: it is gone.
    ducat::link::v1::Member last_record;
    ducat::link::v1::Beat beat;
    std::uint64_t kept = 0;
    link_state link = link_state::connecting;
    std::uint64_t beats_seen = 0;
    std::uint64_t beats_at_refusal = 0; ///< `beats_seen` when its port was closed.
    bool is_told = true;
    bool is_kept_told = true;
  };

  void put_member(const std::string& id, const std::string& value);
  void put_beat(const std::string& id, const std::string& value);
  void put_kept(const std::string& id, const std::string& value);
  void remove_kept(const std::string& id);
  void put_epoch(const std::string& value);
  bool is_able(const std::string& id, const known& node) const;
  static bool has_ended(const known& node);
  bool is_cut_off(const std::string& id, const known& node) const;
  member_status status_of(const std::string& id, const known& node) const;

  std::string me_;
  member_keys keys_;
  failure_detector detector_;
  std::map<std::string, known> nodes_;
  shared_log::holder holder_;
  std::uint64_t own_beats_ = 0;
};

} // namespace ducat::cluster
