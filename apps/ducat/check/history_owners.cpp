/// Whether a merchant had only what is theirs.

#include "check/history.hpp"

#include <string>

namespace ducat::cli {

namespace {

/// Returns the payment that a merchant's command changes; empty if it makes one.
std::string changed_by(const v1::Command& command) {
  if (command.has_capture_payment())
    return command.capture_payment().payment_id();
  if (command.has_void_payment())
    return command.void_payment().payment_id();
  return command.refund_payment().payment_id();
}

} // namespace

/// They pay out of what is theirs, or are paid into it by a card; and change what was paid into it.
/// Whatever else is wrong with the command is found as of anybody.
history::answer history::check_owner(const v1::Command& command) {
  if (command.principal().role() != "merchant")
    return std::nullopt;
  const std::string& merchant = command.principal().name();
  books::number own = books::none;
  std::string subject = command.create_payment().idempotency_key();
  if (command.has_create_payment()) {
    const v1::CreatePayment& made = command.create_payment();
    own = books_.find(made.card().empty() ? made.from() : made.to());
  } else if (const checked_payment* changed = payment(changed_by(command))) {
    own = changed->to;
    subject = changed->id();
  }
  if (own == books::none || (!merchant.empty() && books_.at(own).owner == merchant))
    return std::nullopt;
  return make_finding(finding_kind::impossible, std::move(subject),
                      "merchant " + merchant + " had what is not theirs");
}

} // namespace ducat::cli
