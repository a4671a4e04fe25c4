/// Clients that pay by card, each one payment at a time.
#pragma once

#include "bench/latencies.hpp"
#include "client/connection.hpp"

#include <ducat/v1/payment.pb.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ducat::cli {

/// What a client was told of each of its payments: STATE_UNSPECIFIED if nothing. (A byte each: an
/// hour has millions.)
struct told_states {
  std::vector<std::uint8_t> of_payments;
};

/// Payments by "CLIENT/NUMBER", which is their description.
struct payment_name {
  std::uint32_t client = 0;
  std::uint64_t number = 0;
};

std::string to_text(const payment_name& name);

/// Returns nothing if the text is no name.
std::optional<payment_name> parse_payment_name(const std::string& text);

class card_clients {
public:
  /// Starts `clients` threads, which pay from "world" to "shop" at `endpoint` until stop(). With
  /// `per_second` they pay that often in all, unless the node is slower; 0: as fast as it is.
  card_clients(const std::string& endpoint, std::uint32_t clients, std::uint32_t per_second);
  card_clients(const card_clients&) = delete;
  card_clients& operator=(const card_clients&) = delete;
  ~card_clients();

  /// Waits until each has its answer.
  void stop();

  // After stop():

  /// Of those that were answered, from the first attempt to the answer.
  const bench::latencies& times() const noexcept { return times_; }

  const std::vector<told_states>& told() const noexcept { return told_; }

  /// From the start to the last answer.
  double seconds() const noexcept { return seconds_; }

private:
  void pay(std::uint32_t client, bench::latencies& times);

  connection node_;
  bench::steady::duration pause_;
  std::atomic<bool> stopped_{false};
  bench::steady::time_point begin_ = bench::steady::now();
  double seconds_ = 0;
  std::vector<told_states> told_;
  std::vector<bench::latencies> times_of_;
  bench::latencies times_;
  std::vector<std::thread> threads_;
};

} // namespace ducat::cli
