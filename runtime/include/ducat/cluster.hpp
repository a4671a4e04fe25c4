/// A node among others: it shares their log, and they reach each other's children.
#pragma once

#include <ducat/certificates.hpp>
#include <ducat/error.hpp>
#include <ducat/etcd_options.hpp>
#include <ducat/node.hpp>
#include <ducat/protocol.hpp>
#include <ducat/shared_log.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ducat::cluster {

/// How much of the log is kept when the nodes have its state on their disks. What a node lacks that
/// was trimmed away it gets from another node, as a copy of its state.
struct trim_rule {
  std::uint64_t entries_kept = 10'000; ///< At least so many, for nodes that come back soon.

  /// With more than that a node that is alive but does not get on is not waited for.
  std::uint64_t entries_max = 40'000;
};

struct cluster_options {
  std::string node;    ///< The id of this node, as in its certificate.
  std::string cluster; ///< As in its certificate.
  etcd_options etcd;
  security::credentials tls;              ///< Of the links.
  std::string listen = "127.0.0.1:0";     ///< Where other nodes reach this one; port 0: a free one.
  std::string advertise{};                ///< What they are told; default: `listen`.
  std::string api{};                      ///< Where clients reach this one; for `ducat nodes`.
  std::uint32_t priority = 100;           ///< Who takes the log over: the smallest first.
  std::chrono::milliseconds beat{100};    ///< How often a node shows that it is alive.
  std::uint32_t beats_missed_max = 6;     ///< Then it is taken for failed.
  std::chrono::seconds clock_off_max{10}; ///< Against the other nodes.
  trim_rule trimming{};
};

/// One node as another sees it.
struct member_status {
  enum class state : std::uint8_t {
    alive = 1,
    silent = 2,   ///< It does not beat.
    draining = 3, ///< It takes no new work.
    gone = 4,     ///< It has left, or its lease has run out.
  };
  std::string id{};
  state now = state::gone;
  std::string link{};
  std::string api{};
  bool is_linked = false;    ///< There is a connection from here; of the node itself always.
  bool holds_log = false;    ///< It took the log's newest epoch.
  epoch granted{};           ///< That epoch, if it holds it.
  std::uint64_t applied = 0; ///< The newest entry that it said it has applied.
  std::uint64_t kept = 0;    ///< The newest entry whose state it keeps on its disk.
  std::uint32_t priority = 0;
  std::string version{};

  friend bool operator==(const member_status&, const member_status&) = default;
};

/// A redundancy group as one node sees it.
struct group_status {
  std::string pool; ///< Its path.
  redundancy_spec spec{};
  grant granted{};                    ///< The newest one; not with active_active.
  std::vector<std::string> serving{}; ///< The nodes whose workers may be asked.
};

std::string_view to_string(member_status::state value) noexcept;

enum class member_change : std::uint8_t {
  drain = 1,  ///< It hands the log over and takes no new work.
  resume = 2, ///< It takes work again.
  remove = 3, ///< It is gone for good and is to be forgotten.
};

/// Lives from before the node's start until after its stop. Members may be called from any thread.
class member {
public:
  /// Joins the cluster, opens its log and listens for other nodes.
  /// Errors: invalid_argument (options; the node's clock is far off), those of check_credentials()
  /// (such as not_permitted: the key of the certificate can be read by others), not_permitted (the
  /// certificate is not one of this node), in_use (a node with this id is alive; somebody listens
  /// at that address), unavailable (etcd does not answer), corrupt, newer_version.
  static result<std::unique_ptr<member>> join(const cluster_options& options);

  /// Leaves the cluster.
  ~member();

  member(const member&) = delete;
  member& operator=(const member&) = delete;

  /// Makes `options` those of a node of this cluster: its machine is kept in the cluster's log, its
  /// redundancy groups are of several nodes, and the children of all nodes reach each other with
  /// the requests of `speaks`. The groups are those of the tree when it has started.
  void enter(node_options& options, protocol speaks = {});

  /// Returns the handle of a child of the node with the id `node`, for a tree of `here`. It is
  /// running while that node is alive and linked and can be asked; requests of the protocol reach
  /// the child whichever life it has. Errors of a request, besides the child's own: unavailable
  /// (nothing was done: no such child runs there, the node takes no new work, the link is down),
  /// outcome_unknown (the link was lost, or the child went down with it), invalid_argument (not of
  /// the protocol, or too large for a link).
  handle find(const node& here, const std::string& node, const std::string& path);

  /// Returns the newest grant of the redundancy group at the path `pool`, as known here.
  grant granted(const std::string& pool) const;

  /// Returns the redundancy groups of the node's tree, as they stand now.
  std::vector<group_status> groups() const;

  std::vector<member_status> members() const;

  /// Hands the log over if this node writes it, and takes no new work. Waits until another node
  /// writes the log, two seconds at most. Errors: unavailable.
  result<void> drain();

  /// Changes a node, this one or another; `done` is told once, on any thread. Errors: not_found (no
  /// such node), unavailable (it cannot be reached; nothing was done), outcome_unknown,
  /// not_permitted (a node that is alive is not removed).
  void change(const std::string& id, member_change what, time_point deadline,
              std::function<void(result<void>)> done);

  /// A fault, to see what comes of it: ends this node's connection to another one, and makes none
  /// for `lease`. What is asked of the other node fails meanwhile, see find(); its own connection
  /// to this node stays. Returns whether there was one. Errors: not_found (no such node).
  result<bool> cut_link(const std::string& id, duration lease);

private:
  struct state;
  explicit member(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

} // namespace ducat::cluster
