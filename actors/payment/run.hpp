/// One request on its way through its steps.
#pragma once

#include <ducat/payment/acquirer.hpp>
#include <ducat/payment/payment_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ducat::payment {

struct run {
  caf::event_based_actor* self;
  handle ledger;
  std::optional<fencing_token> token;
  time_point deadline;
  std::function<void(const v1::Command&)> acted;
  std::function<void(result<paid>)> finished;
  card_routes routes{};
  std::optional<pan> card{};
  sensitive security_code{};
  std::size_t route = 0;         ///< The next one to be tried.
  std::uint32_t attempts = 0;    ///< How many the payment has had.
  attempt_plan plan{};           ///< Of the newest attempt.
  std::uint64_t after_epoch = 0; ///< The next plan has to be of a newer grant.
  int switches = 0;              ///< How often it took another link to the same acquirer.
  std::string refused{};         ///< Why routes were passed by, for people.
  time_point sent_by{};   ///< Nothing leaves after that: the log takes the attempt for in doubt.
  receipt newest{};       ///< Of the steps that had an effect in this run; index 0: none had.
  trace::span_ptr span{}; ///< Null: it is not traced.
  bool begun = false;     ///< Some step is in the log, or may be, by this run or another.
};

/// Returns the attempt that a payment shows.
attempt_record attempt_of(const v1::Attempt& shown);

/// Commits `step`, and goes on with what follows.
void take_step(const std::shared_ptr<run>& r, const v1::Command& step);

/// Ends a run that cannot go on.
void stop(const run& r, error why);

/// Goes on with a card payment that `done` says the state of. Returns false if nothing is to be
/// done over a link. (`step` had an effect if done.receipt.index is not 0.)
bool go_on_over_links(const std::shared_ptr<run>& r, const v1::Command& step, const paid& done);

} // namespace ducat::payment
