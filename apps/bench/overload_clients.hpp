/// Clients that pay over gRPC: in turns, or at a given rate whatever comes of it.
#pragma once

#include "overload_tally.hpp"

#include <ducat/v1/payment.grpc.pb.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace ducat::bench {

struct overload_options {
  std::uint32_t connections = 64; ///< A node takes 100 calls of each at a time.
  steady::duration deadline{};    ///< Of each payment.
  std::size_t under_way_max = 6'400;
};

/// Pays from "world" to "shop". Every payment has a deadline, and so nothing is waited for without
/// an end.
class overload_clients {
public:
  overload_clients(const std::string& endpoint, overload_options options);
  overload_clients(const overload_clients&) = delete;
  overload_clients& operator=(const overload_clients&) = delete;

  /// Waits for all answers: for their deadlines, at most.
  ~overload_clients();

  /// Lets so many clients pay for `time`, each its next payment as soon as it has the answer to the
  /// one before, and waits for the last answers. A client whose payment fails goes home.
  payment_counts pay_in_turns(std::uint32_t clients, steady::duration time);

  /// Sends `per_second` payments a second for `time`, whatever is answered, and returns without
  /// waiting for the answers.
  void offer(double per_second, steady::duration time, const std::shared_ptr<payment_tally>& into);

  /// Waits until all is answered, until its deadlines at most; returns whether it is.
  bool wait_for_answers();

private:
  struct one_payment;
  using afterwards = std::function<void(payment_end)>;

  void send(const std::shared_ptr<payment_tally>& into, const afterwards& then);
  void pay_next(const std::shared_ptr<payment_tally>& into, steady::time_point until);
  bool has_room();
  void note_answer();

  overload_options options_;
  std::vector<std::unique_ptr<v1::Payments::Stub>> stubs_;
  std::mutex mutex_; // Of what follows.
  std::condition_variable answered_;
  std::size_t under_way_ = 0;
  std::uint64_t sent_ = 0;
};

} // namespace ducat::bench
