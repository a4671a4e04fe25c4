/// What a payment says to an acquirer, whatever the acquirer's language: the words between the
/// actors of payments and those of a link.
#pragma once

#include <ducat/payment/acquirer_totals.hpp>
#include <ducat/payment/advice.hpp>
#include <ducat/payment/attempt.hpp>
#include <ducat/payment/card.hpp>
#include <ducat/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace ducat::payment {

/// Asks whether an attempt may be sent now, and over which link, before it is in the log. Answered
/// with `attempt_plan`, which has no effect and may be out of date a moment later.
struct plan_attempt {
  std::uint64_t after_epoch = 0; ///< The grant has to be newer than that; it is waited for.
};

struct attempt_plan {
  std::string refused{};   ///< Why nothing may be sent; empty: it may.
  std::string carrier{};   ///< The link; empty: there is one only.
  std::uint64_t epoch = 0; ///< Of its grant.
};

/// Asks for an approval of an attempt that is `sent` in the log. Answered with `acquirer_answer`,
/// whose event is one of approved, partially_approved, declined, not_sent, in_doubt, conflicted. A
/// request that cannot be answered is in doubt, unless it is answered with `unavailable`: then it
/// was not sent.
struct authorize_attempt {
  attempt_record attempt;
  std::string currency;      ///< ISO 4217, three letters.
  std::optional<pan> card{}; ///< Nothing: whoever runs the payment has it no more.
  sensitive security_code{}; ///< Never kept: a crash loses it, and the attempt is reversed.
  time_point deadline{};
};

/// Asks to take an attempt back. It may be asked any number of times. Answered with
/// `acquirer_answer`, whose event is reversal_accepted or in_doubt.
struct reverse_attempt {
  attempt_record attempt;
  std::string currency;
  bool is_repeat = false; ///< It may have been asked before.
  std::chrono::nanoseconds since_sent{
      0}; ///< How long ago the attempt was sent, by the log's clock.
  time_point deadline{};
};

/// Tells the acquirer of something that is done. It may be told any number of times. Answered with
/// `advice_answer`.
struct send_advice {
  std::string id; ///< Of the advice.
  advice_record advice;
  attempt_record original; ///< What it is about.
  std::string currency;
  bool is_repeat = false; ///< It may have been told before.
  time_point deadline{};
};

struct advice_answer {
  bool is_acknowledged = false;
  bool was_sent = true; ///< Or may have been.
  std::string response_code{};
  std::string reason{}; ///< Why it is not acknowledged.
};

/// Asks the acquirer whether its totals are these. It may be asked any number of times. Answered
/// with `totals_answer`.
struct compare_totals {
  std::uint64_t number = 0; ///< Of the reconciliation.
  log_time begun_at;
  std::string currency;
  acquirer_totals ours;
  bool is_repeat = false;
  time_point deadline{};
};

struct totals_answer {
  bool was_compared = false; ///< Else nothing of the rest is known.
  bool was_sent = true;      ///< Or may have been.
  bool is_in_balance = false;
  acquirer_totals theirs{}; ///< Unless it is in balance.
};

struct acquirer_answer {
  attempt_event what = attempt_event::in_doubt;
  std::int64_t amount = 0; ///< Of an approval, in minor units.
  std::string approval_code{};
  std::string response_code{};
  std::string reason{};    ///< Why it is in doubt, or was not sent. Holds no card data.
  bool may_reroute = true; ///< Of a decline: another acquirer may say something else.
  bool may_switch = false; ///< Of `not_sent`: another link to the same acquirer may take it.
};

} // namespace ducat::payment

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::plan_attempt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::attempt_plan)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::authorize_attempt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::reverse_attempt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::send_advice)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::advice_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::compare_totals)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::totals_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::acquirer_answer)
