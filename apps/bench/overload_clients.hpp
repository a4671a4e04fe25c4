/// Clients that pay as fast as they are answered, so many at a time.
#pragma once

#include "bench/latencies.hpp"

#include <ducat/v1/payment.grpc.pb.h>

#include <grpcpp/channel.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace ducat::bench {

struct paid_figures {
  std::uint64_t captured = 0;
  std::uint64_t refused = 0; ///< With certainty: nothing was done.
  std::map<std::string, std::uint64_t> others{};
  latencies of_captured{};
  latencies of_refused{};
};

/// From construction to destruction `in_flight` payments are always under way, over connections of
/// 100 each. Each has one second, and is never repeated.
class overload_clients {
public:
  overload_clients(const std::string& address, std::size_t in_flight);
  ~overload_clients();
  overload_clients(const overload_clients&) = delete;
  overload_clients& operator=(const overload_clients&) = delete;

  /// Returns what was counted since the last time.
  paid_figures take();

private:
  struct call;

  void pay(std::size_t channel);
  void on_answer(const call& of, const grpc::Status& status);

  std::vector<std::unique_ptr<v1::Payments::Stub>> payments_;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<bool> is_over_{false};
  std::mutex guard_;
  std::condition_variable ended_;
  std::size_t open_ = 0;
  paid_figures figures_;
};

} // namespace ducat::bench
