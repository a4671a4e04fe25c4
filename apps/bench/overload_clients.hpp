/// Clients that pay over HTTP: in turns, or at a given rate whatever comes of it.
#pragma once

#include "overload_tally.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace ducat::bench {

struct overload_options {
  std::uint32_t connections = 900; ///< Each has one payment under way at a time.
  steady::duration deadline{};     ///< Of each payment.
};

/// Pays from "world" to "shop", on one thread that does nothing but write requests made of text and
/// look for the end of answers, so that it takes little from what it measures. Every payment has a
/// deadline, and so nothing is waited for without an end. Any one thread.
class overload_clients {
public:
  /// Connects. `endpoint` is IPV4:PORT. Throws boost::system::system_error if nobody is there.
  overload_clients(const std::string& endpoint, overload_options options);
  overload_clients(const overload_clients&) = delete;
  overload_clients& operator=(const overload_clients&) = delete;

  /// Leaves what is under way.
  ~overload_clients();

  /// Lets so many clients pay for `time`, each its next payment as soon as it has the answer to the
  /// one before, and waits for the last answers. More than there are connections are as many as
  /// these. A client whose payment fails goes home.
  payment_counts pay_in_turns(std::uint32_t clients, steady::duration time);

  /// Sends `per_second` payments a second for `time`, whatever is answered, and returns without
  /// waiting for the answers. What is due while each connection has one under way is held back.
  void offer(double per_second, steady::duration time, const std::shared_ptr<payment_tally>& into);

  /// Waits until all is answered, until its deadlines at most; returns whether it is.
  bool wait_for_answers();

private:
  class connection;
  struct loop;

  std::unique_ptr<loop> loop_;
};

} // namespace ducat::bench
