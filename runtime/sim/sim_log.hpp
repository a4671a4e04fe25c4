/// The way of one life of a node to the log of a simulation.
#pragma once

#include "sim/log_service.hpp"

#include <ducat/shared_log.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace ducat::sim {

/// As the log on etcd: appends are tried until it is known what became of them, or given up; what
/// takes a moment there and is waited for, reading and taking the epoch, is done at once here, or
/// fails while the node is cut off. Outlives what it has sent. One thread.
class sim_log final : public shared_log {
public:
  /// Nothing is done or told any more when `alive` is false.
  sim_log(clockwork& time, network& ways, log_service& service, std::string node,
          std::shared_ptr<const bool> alive)
      : time_{time}, ways_{ways}, service_{service}, node_{std::move(node)},
        alive_{std::move(alive)} {}

  result<epoch> take_epoch() override { return take_epoch_after(service_.newest().granted); }

  result<epoch> take_epoch_after(epoch seen) override;
  result<holder> newest_holder() const override;

  std::size_t in_flight_max() const noexcept override { return 8; }

  result<entry> append(epoch writer, log_time at, std::string payload) override;
  result<entry> begin_append(epoch writer, log_time at, std::string payload,
                             log_callback done) override;
  void confirm(epoch writer, log_callback done) override;
  std::unique_ptr<log_feed> follow(receipt last, entry_callback deliver) override;

  /// Nothing is kept elsewhere yet, so that nothing can go.
  result<void> checkpoint(std::uint64_t) override { return {}; }

  result<void> trim(std::uint64_t) override { return {}; }

  result<void> read(std::uint64_t from,
                    const std::function<bool(const entry&)>& visit) const override;

  receipt last() const override { return service_.end().last; }

  std::uint64_t first() const override { return 1; }

private:
  struct item {
    entry what;
    log_callback done;
    time_point until;
    bool is_known = false; ///< What became of it:
    result<void> outcome{};
  };

  class feed;

  bool is_cut_off() const {
    return !*alive_ || ways_.is_cut(node_, log_place) || ways_.is_cut(log_place, node_);
  }

  void attempt(const std::shared_ptr<item>& what);
  void attempt_later(const std::shared_ptr<item>& what);
  void answered(const std::shared_ptr<item>& what, const result<void>& how);

  clockwork& time_;
  network& ways_;
  log_service& service_;
  const std::string node_;
  std::shared_ptr<const bool> alive_;
  epoch granted_;
  chain_link newest_; ///< Of what this life knows: the next entry that it writes continues it.
  std::deque<std::shared_ptr<item>> items_; ///< Under way, in order.
};

} // namespace ducat::sim
