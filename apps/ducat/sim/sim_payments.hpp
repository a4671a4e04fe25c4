/// Payments through the nodes of a simulated cluster, and the client's record of them.
#pragma once

#include "record/call_record.hpp"
#include "sim/client_request.hpp"

#include <ducat/testing/sim_cluster.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

/// A client that opens accounts, pays, captures, voids and refunds, and asks again under the same
/// key until the outcome is known, unless it is told that nothing was done: then it may leave it at
/// that. It asks for what was done once more, and for what must be refused. What it leaves to
/// chance it draws from the cluster.
class sim_payments {
public:
  /// All that is asked and answered is put on `record`. `by_card`: some pay so.
  sim_payments(testing::sim_cluster& on, call_record& record, bool by_card)
      : on_{on}, record_{record}, by_card_{by_card} {}

  sim_payments(const sim_payments&) = delete;
  sim_payments& operator=(const sim_payments&) = delete;

  /// Begins `count` payments, one after another, some milliseconds apart, once the accounts are
  /// open.
  void begin(std::uint64_t count);

  /// Returns whether every outcome is known.
  bool is_done() const noexcept { return is_begun_ && left_ == 0 && open_ == 0; }

  /// Returns the newest entry that an acknowledgement has named so far.
  std::uint64_t newest_acknowledged() const noexcept { return newest_acknowledged_; }

  /// Returns how many answers said that the outcome was not known.
  std::uint64_t unknown() const noexcept { return unknown_; }

private:
  /// A request, and what is asked when its outcome is known.
  struct request : client_request {
    std::vector<request> next{};
    bool is_probe = false;  ///< It was asked because of what another one came to.
    bool is_repeat = false; ///< Not the first attempt.
  };

  /// While it is waited for, it is not copied.
  using kept_request = std::shared_ptr<const request>;

  request draw_payment();
  void pay_next();
  void ask(request what);
  void attempt(const kept_request& what);
  void wait_for(const kept_request& what, const std::string& node,
                const testing::sim_cluster::pending& answer, time_point until);
  void take(const kept_request& what, const std::string& node, const result<caf::message>& answer);
  void take_outcome(const kept_request& what, const std::string& node, const v1::Outcome& outcome,
                    const receipt& proof);
  void locate_then_take(const kept_request& what, const std::string& node,
                        const v1::Outcome& outcome);
  void wait_for_receipt(const kept_request& what, const v1::Outcome& outcome,
                        const testing::sim_cluster::pending& answer, time_point until);
  void finish(const kept_request& what, const v1::Outcome& outcome, const receipt& proof);
  void again(const kept_request& what, call_outcome why, duration pause);
  void leave_it(const kept_request& what, const error& why);

  // sim_probes.cpp
  void probe(const request& done);
  request one_more_change(const request& of);
  static request with_other_body(const request& of);

  testing::sim_cluster& on_;
  call_record& record_;
  const bool by_card_;
  std::uint64_t left_ = 0;
  std::uint64_t open_ = 0;
  std::uint64_t payments_ = 0;
  std::uint64_t unknown_ = 0;
  std::uint64_t newest_acknowledged_ = 0;
  std::uint64_t pause_max_ns_ = 1;
  bool is_begun_ = false;
};

} // namespace ducat::cli
