#include "payment/stored_attempt.hpp"

namespace ducat::payment {

v1::StoredAttempt stored(const attempt_record& attempt) {
  v1::StoredAttempt row;
  row.set_id(attempt.id);
  row.set_link(attempt.link);
  row.set_state(static_cast<std::uint32_t>(attempt.now));
  row.set_stan(attempt.stan);
  row.set_number(attempt.number);
  row.set_amount(attempt.amount);
  row.set_approved_amount(attempt.approved_amount);
  row.set_approval_code(attempt.approval_code);
  row.set_response_code(attempt.response_code);
  row.set_reason(attempt.reason);
  row.set_was_late(attempt.was_late);
  row.set_sent_at_ns(attempt.sent_at.nanoseconds);
  row.set_in_doubt_at_ns(attempt.in_doubt_at.nanoseconds);
  row.set_resolved_at_ns(attempt.resolved_at.nanoseconds);
  row.set_carrier(attempt.carrier);
  row.set_epoch(attempt.epoch);
  row.set_is_reversed_again(attempt.is_reversed_again);
  row.set_deadline_ns(attempt.deadline.nanoseconds);
  row.set_reversal_number(attempt.reversal_number);
  row.set_reversal_at_ns(attempt.reversal_at.nanoseconds);
  row.set_asked(static_cast<std::uint32_t>(attempt.asked));
  return row;
}

std::optional<attempt_record> attempt_in(const v1::StoredAttempt& row) {
  if (row.state() < static_cast<std::uint32_t>(attempt_state::sent) ||
      row.state() > static_cast<std::uint32_t>(attempt_state::exception) ||
      row.asked() > static_cast<std::uint32_t>(asked_for::financial))
    return std::nullopt;
  return attempt_record{.id = row.id(),
                        .link = row.link(),
                        .now = static_cast<attempt_state>(row.state()),
                        .stan = row.stan(),
                        .number = row.number(),
                        .amount = row.amount(),
                        .approved_amount = row.approved_amount(),
                        .approval_code = row.approval_code(),
                        .response_code = row.response_code(),
                        .reason = row.reason(),
                        .was_late = row.was_late(),
                        .sent_at = {row.sent_at_ns()},
                        .in_doubt_at = {row.in_doubt_at_ns()},
                        .resolved_at = {row.resolved_at_ns()},
                        .carrier = row.carrier(),
                        .epoch = row.epoch(),
                        .is_reversed_again = row.is_reversed_again(),
                        .deadline = {row.deadline_ns()},
                        .reversal_number = row.reversal_number(),
                        .reversal_at = {row.reversal_at_ns()},
                        .asked = static_cast<asked_for>(row.asked())};
}

} // namespace ducat::payment
