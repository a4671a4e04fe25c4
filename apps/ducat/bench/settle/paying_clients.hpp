/// Clients that pay merchants while something else is done, each one payment at a time.
#pragma once

#include "bench/latencies.hpp"

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace ducat::bench {

struct payer_plan {
  std::string name;            ///< Of the keys: unique among all that ever paid.
  std::uint32_t merchants = 1; ///< Accounts m0, m1, …
  std::uint32_t payers = 1;    ///< Accounts p0, p1, …
  steady::duration pace{};     ///< Between two payments of a client; 0: as fast as can be.
  steady::duration phase{};    ///< Until the first one.
};

/// A payment that was answered.
struct timed_payment {
  steady::time_point due;
  steady::duration took; ///< From when it was due until the answer.
};

struct paying_outcome {
  std::vector<timed_payment> payments{};
  std::uint64_t captured = 0;
  std::string failure{}; ///< Why one ended early; empty if none did.
};

class paying_clients {
public:
  /// Starts them at `payments`, a router of payment actors. `per_second` is of all; 0: no limit.
  paying_clients(caf::actor_system& system, const caf::actor& payments, std::uint32_t clients,
                 std::uint32_t per_second, const payer_plan& plan);
  paying_clients(const paying_clients&) = delete;
  paying_clients& operator=(const paying_clients&) = delete;
  ~paying_clients();

  /// Waits until half of them have nothing to pay yet: what was due has been paid then. No longer
  /// than `most`, for without a pace they always have.
  void wait_until_calm(std::chrono::duration<double> most) const;

  /// Waits until each has its answer; once.
  paying_outcome stop();

private:
  std::shared_ptr<std::atomic<std::size_t>> idle_ = std::make_shared<std::atomic<std::size_t>>(0);
  std::vector<caf::actor> clients_;
  std::vector<std::future<paying_outcome>> outcomes_;
};

} // namespace ducat::bench
