/// The way of one life of a node to the log of a simulation.
#pragma once

#include "sim/log_service.hpp"

#include <ducat/shared_log.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ducat::sim {

/// As the log on etcd, call by call: each takes a while, may be lost on its way or on its way back,
/// may come late, and is tried again with the same effect at most once, until it is known what
/// became of it or it is given up. Whoever reads, takes the epoch or trims waits, and others go on
/// meanwhile. Outlives what it has sent. One thread.
class sim_log final : public shared_log {
public:
  /// Nothing is done or told any more when `alive` is false.
  sim_log(clockwork& time, network& ways, log_service& service, std::string node,
          std::shared_ptr<const bool> alive)
      : time_{time}, ways_{ways}, service_{service}, node_{std::move(node)},
        alive_{std::move(alive)} {}

  result<epoch> take_epoch() override { return take({}); }

  result<epoch> take_epoch_after(epoch seen) override { return take(seen); }

  result<holder> newest_holder() const override;

  std::size_t in_flight_max() const noexcept override { return 8; }

  result<entry> append(epoch writer, log_time at, std::string payload) override;
  result<entry> begin_append(epoch writer, log_time at, std::string payload,
                             log_callback done) override;
  void confirm(epoch writer, log_callback done) override;
  std::unique_ptr<log_feed> follow(receipt last, entry_callback deliver) override;

  result<void> checkpoint(std::uint64_t up_to) override;
  result<void> trim(std::uint64_t up_to) override;
  result<void> read(std::uint64_t from,
                    const std::function<bool(const entry&)>& visit) const override;

  receipt last() const override { return newest_.last; }

  std::uint64_t first() const override { return first_; }

private:
  struct item {
    entry what;
    std::uint64_t revision; ///< Of the epoch's record.
    log_callback done;
    time_point until;
    bool is_known = false; ///< What became of it:
    result<void> outcome{};
  };

  class feed;

  /// Makes one attempt of a call and waits for its answer; nothing: there is none in time.
  template <class T>
  std::optional<T> attempt(std::function<T(log_service&)> what) const;

  /// Makes attempts until one is answered, or it is given up. The call has no further effect when
  /// it is made again.
  template <class T>
  std::optional<T> call(std::function<T(log_service&)> what) const;

  result<epoch> take(std::optional<epoch> seen);
  result<epoch> granted(const log_service::epoch_found& mine);
  result<void> catch_up();
  void put(const std::shared_ptr<item>& what);
  void answered(const std::shared_ptr<item>& what, const result<void>& how);
  void note(const chain_link& link) const;

  clockwork& time_;
  network& ways_;
  log_service& service_;
  const std::string node_;
  std::shared_ptr<const bool> alive_;
  std::uint64_t takes_ = 0;
  log_service::epoch_found granted_;        ///< To this life, last.
  chain_link begun_;                        ///< The next entry that this life writes continues it.
  mutable chain_link newest_;               ///< That this life knows of.
  mutable std::uint64_t first_ = 1;         ///< As far as it knows.
  std::deque<std::shared_ptr<item>> items_; ///< Under way, in order.
  std::optional<error> failed_;             ///< Why nothing more is appended under `granted_`.
};

} // namespace ducat::sim
