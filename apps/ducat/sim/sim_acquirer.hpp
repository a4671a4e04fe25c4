/// An acquirer in a simulation: the host of ducat-acquirer, and the network between it and nodes.
#pragma once

#include "acquirer/host_core.hpp"
#include "card_links.hpp"
#include "device/link_socket.hpp"

#include <ducat/testing/sim_cluster.hpp>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ducat::cli {

/// What a link to it is called.
inline const std::string sim_acquirer_name = "acme";

/// It is outside of all nodes: it outlives them, and what a node's process has written before its
/// end may still arrive. It makes mistakes, drawn by the seed: it declines, is late, does not hear
/// or does not answer, answers twice or with something that nobody can read, or hangs up. One
/// thread.
class sim_acquirer final : public device::link_dialer,
                           public std::enable_shared_from_this<sim_acquirer> {
public:
  explicit sim_acquirer(std::uint64_t seed);

  /// From now on it can be reached. `on` is used until leave().
  void enter(testing::sim_cluster& on);

  /// It makes mistakes, and the network to it breaks, for so long.
  void disturb(duration time);

  /// The network to it is whole, and it makes no mistakes any more.
  void heal();

  /// Nobody reaches it any more.
  void leave() { on_ = nullptr; }

  std::shared_ptr<device::link_socket> open(const device::link_config& config,
                                            std::function<void(device::socket_news)> tell) override;

  /// Returns all that it has done, in order.
  const std::vector<acquirer::effect>& journal() const { return host_.done().effects(); }

  /// Returns a sentence for each attempt that was sent more than once.
  const std::vector<std::string>& sent_again() const noexcept { return sent_again_; }

private:
  class connection;

  void note(const std::string& payload);
  void draw_mistakes();
  void break_next(time_point until);
  void break_connections();

  acquirer::host_core host_;
  testing::sim_cluster* on_ = nullptr; ///< Null: it cannot be reached.
  std::vector<std::weak_ptr<connection>> connections_;
  std::set<std::string> sent_; ///< References of the attempts that have arrived.
  std::vector<std::string> sent_again_;
  time_point dead_until_{}; ///< Until then the network to it carries nothing.
};

/// Returns the way of a node to it, as the configuration of a node would make it. It asks for
/// authorisations if `holds`, else for financial transactions.
card_link link_to(const std::shared_ptr<sim_acquirer>& to, const node& n, bool holds);

} // namespace ducat::cli
