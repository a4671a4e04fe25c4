/// The writer's side of the log on etcd: entries under way, and their order.
#pragma once

#include "etcd/client.hpp"
#include "etcd/keys.hpp"
#include "log/chain.hpp"

#include <ducat/shared_log.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace ducat::etcd {

/// Of one epoch. Each entry is put by a transaction that holds only under that epoch, tried until
/// it is known what became of it; they may take effect in any order, and count in theirs. Any
/// thread.
class append_queue {
public:
  /// The epoch is `granted`, taken at `revision`; entries continue `newest`.
  struct begin_options {
    epoch granted;
    std::int64_t revision = 0;
    chain_link newest;
    std::chrono::milliseconds give_up;
  };

  append_queue(const client& to, const keys& names, const begin_options& how);

  /// Waits for what is under way. `done` of each has been called then.
  ~append_queue();

  /// See shared_log::begin_append(). `payload` is not too large.
  result<entry> begin(log_time at, std::string payload, log_callback done);

  epoch granted() const noexcept { return options_.granted; }

  std::int64_t revision() const noexcept { return options_.revision; }

  /// Returns the newest entry that is known to be durable.
  chain_link newest() const;

private:
  struct item;

  void attempt(const std::shared_ptr<item>& what);
  void answered(const std::shared_ptr<item>& what, const result<pb::TxnResponse>& answer);
  result<void> outcome_of(const item& what, const result<pb::TxnResponse>& answer) const;
  void settle();

  const client& client_;
  const keys& keys_;
  const begin_options options_;

  mutable std::mutex guard_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<item>> items_; ///< Under way, in the order of their entries.
  std::size_t attempts_ = 0;                ///< That have not been answered.
  chain_link begun_;                        ///< The newest entry that was begun.
  chain_link durable_;                      ///< Invariant: not after begun_.
  std::optional<error> failed_;             ///< Why nothing more can be appended.
  bool ending_ = false;
};

} // namespace ducat::etcd
