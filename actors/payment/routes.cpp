/// What the payment machine remembers of ways to acquirers: who carries payments, and that nobody
/// does.

#include <ducat/check.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>
#include <ducat/v1/state.pb.h>

namespace ducat::payment {

namespace {

void add_to(v1::LinkGrants& all, const std::string& acquirer, const std::string& node,
            const link_grant& grant) {
  v1::LinkGrant& shown = *all.add_data();
  shown.set_acquirer(acquirer);
  shown.set_node(node);
  shown.set_link(grant.link);
  shown.set_epoch(grant.epoch);
  shown.set_index(grant.index);
  shown.set_at_ns(grant.at.nanoseconds);
}

} // namespace

v1::Outcome machine::apply(const proposal& where, const v1::GrantLink& command) {
  const link_group key{command.acquirer(), command.node()};
  link_grant& grant = link_grants_[key];
  grant = {.link = command.link(), .epoch = grant.epoch + 1, .index = where.index, .at = where.at};
  if (keeper_.is_keeping())
    changed_grants_.push_back(key);
  return outcome_of_grant(command);
}

/// Returns the grant that stands, whether or not it is the one that was asked for.
v1::Outcome machine::outcome_of_grant(const v1::GrantLink& command) const {
  v1::Outcome out;
  out.mutable_link_grants();
  if (const link_grant* now = find_grant(command.acquirer(), command.node())) {
    add_to(*out.mutable_link_grants(), command.acquirer(), command.node(), *now);
    out.set_index(now->index);
  }
  return out;
}

v1::Outcome machine::link_grants() const {
  v1::Outcome out;
  out.mutable_link_grants();
  for (const auto& [group, grant] : link_grants_)
    add_to(*out.mutable_link_grants(), group.first, group.second, grant);
  return out;
}

/// What its last attempt came to is what the payment comes to.
v1::Outcome machine::apply(const proposal& where, const v1::GiveUpPayment& command) {
  payment_record& payment = payment_at(command.payment_id());
  DUCAT_CHECK(payment.now == state::created);
  const attempt_state last =
      payment.attempts.empty() ? attempt_state::not_sent : payment.attempts.back().now;
  if (last == attempt_state::declined) {
    payment.now = state::declined;
    payment.decline_code = payment.attempts.back().response_code;
  } else if (last == attempt_state::reversed) {
    payment.now = state::reversed;
  } else {
    payment.now = state::failed;
    payment.failure_reason = command.reason();
  }
  wait_until(payment, {});
  note(where, payment, to_string(payment.now), command.reason());
  settle_keys(where, payment, payment.key);
  return outcome_now(payment, where.index);
}

void machine::restore(const v1::StoredLinkGrant& stored) {
  link_grants_[{stored.acquirer(), stored.node()}] = {.link = stored.link(),
                                                      .epoch = stored.epoch(),
                                                      .index = stored.index(),
                                                      .at = {stored.at_ns()}};
}

} // namespace ducat::payment
