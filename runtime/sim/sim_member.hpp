/// One life of a node of a simulation among the others.
#pragma once

#include "cluster/exchange.hpp"
#include "cluster/member_view.hpp"
#include "cluster/replicated_actor.hpp"
#include "cluster/writer_watch.hpp"
#include "sim/links.hpp"
#include "sim/log_service.hpp"
#include "sim/sim_log.hpp"

#include <ducat/cluster.hpp>
#include <ducat/node.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::sim {

class sim_member;

/// What all nodes of a simulation have in common.
struct surface {
  clockwork& time;
  dice& chance;
  network& ways;
  log_service& service;
  sim::links& links;

  /// Returns the life of now of a node; null: there is none.
  std::function<std::shared_ptr<sim_member>(const std::string&)> find;
};

/// As cluster::member with its membership, over the network of a simulation. One thread.
class sim_member : public std::enable_shared_from_this<sim_member> {
public:
  sim_member(const surface& on, const cluster::cluster_options& options);

  /// Begins to beat. Then it is one of them, until leave().
  void join();

  /// Makes `options` those of a node of this cluster.
  void enter(node_options& options, protocol speaks);

  /// Ends as a process does: nobody is told anything.
  void leave();

  bool is_alive() const noexcept { return *alive_; }

  std::shared_ptr<const bool> alive() const noexcept { return alive_; }

  const std::shared_ptr<sim_log>& log() const noexcept { return log_; }

  std::vector<cluster::member_status> members() const { return view_.statuses(); }

private:
  const std::string& me() const noexcept { return options_.node; }

  /// Calls `what` again and again while this life lasts.
  void every(duration pause, std::function<void()> what);

  void say(const std::string& key, const std::string& value, duration lease);
  void beat();
  void tick();
  void trim();
  result<void> fetch_into(state_store& into);
  result<void> fetch_from(const std::string& node, state_store& into);
  void serve(cluster::incoming_ask ask, cluster::link_respond respond);
  void ask(const std::string& node, cluster::outgoing_ask what, time_point deadline,
           cluster::ask_callback done);
  cluster::surroundings see() const;
  void note_own_beats();

  surface on_;
  cluster::cluster_options options_;
  cluster::member_keys keys_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::shared_ptr<sim_log> log_;
  std::shared_ptr<cluster::replicated_port> port_;
  std::shared_ptr<cluster::exchange_port> children_ = std::make_shared<cluster::exchange_port>();
  std::shared_ptr<grant_board> grants_;
  std::string machine_path_;
  std::shared_ptr<state_store> store_; ///< Null: this node keeps no state.
  std::optional<std::uint64_t> kept_told_;
  bool is_trimming_ = false;
  cluster::member_view view_;
  cluster::writer_watch writer_;
  std::shared_ptr<log_service::key_watch> watch_;
  std::uint64_t beats_ = 0;
  std::uint64_t own_beats_ = 0; ///< That came back.
  time_point heard_at_{};
};

} // namespace ducat::sim
