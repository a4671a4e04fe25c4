/// Everybody who asks something of a simulated cluster.
#pragma once

#include "record/call_record.hpp"
#include "sim/sim_echo.hpp"
#include "sim/sim_payments.hpp"
#include "sim/sim_reads.hpp"
#include "sim/sim_settlement.hpp"
#include "sim/sim_terminals.hpp"
#include "sim/sim_world.hpp"

#include <ducat/testing/sim_cluster.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ducat::cli {

/// Of one run, which it outlives not.
class sim_workload {
public:
  sim_workload(testing::sim_cluster& on, std::shared_ptr<const sim_world> around);

  sim_workload(const sim_workload&) = delete;
  sim_workload& operator=(const sim_workload&) = delete;

  /// Begins so many payments, some of them at terminals if there are any, and all that goes on
  /// beside them until end().
  void begin(std::uint64_t payments);

  /// Returns whether every outcome is known.
  bool is_done() const noexcept { return payments_.is_done() && terminals_.is_done(); }

  void end();

  /// Waits until nobody outside is owed anything. Returns a sentence for each who stays so, and for
  /// all that they say otherwise than the cluster.
  std::vector<std::string> differences_outside();

  /// Returns a sentence for each answer that nobody may have been given, and for each effect that
  /// nobody may have had.
  std::vector<std::string> violations() const;

  /// Returns all that was asked and answered.
  const call_record& record() const noexcept { return record_; }

  std::uint64_t unknown() const noexcept { return payments_.unknown(); }

private:
  testing::sim_cluster& on_;
  std::shared_ptr<const sim_world> around_;
  call_record record_;
  sim_payments payments_;
  sim_terminals terminals_;
  sim_reads reads_;
  sim_echo echo_;
  sim_payouts payouts_;
};

} // namespace ducat::cli
