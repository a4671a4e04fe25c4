#include "api/spec_view.hpp"

namespace ducat::api {

namespace {

template <class Enum>
std::string word(Enum value) {
  return std::string{to_string(value)};
}

std::uint64_t in_ms(std::chrono::milliseconds time) {
  return static_cast<std::uint64_t>(time.count());
}

void show_shutdown(const shutdown_policy& policy, v1::ChildSpec& out) {
  if (policy.how != shutdown_policy::kind::timeout)
    return out.set_shutdown(to_string(policy));
  out.set_shutdown("timeout");
  out.set_shutdown_ms(in_ms(policy.timeout));
}

v1::BackoffSpec view_of(const backoff_spec& backoff) {
  v1::BackoffSpec out;
  out.set_initial_ms(in_ms(backoff.initial));
  out.set_max_ms(in_ms(backoff.max));
  out.set_jitter_percent(backoff.jitter_percent);
  return out;
}

v1::MailboxSpec view_of(const mailbox_spec& mailbox) {
  v1::MailboxSpec out;
  out.set_fate(word(mailbox.fate));
  out.set_capacity(mailbox.capacity);
  out.set_in_hand_max(mailbox.in_hand_max);
  out.set_poison_after(mailbox.poison_after);
  return out;
}

v1::PoolSpec view_of(const pool_spec& pool) {
  v1::PoolSpec out;
  out.set_size(pool.size);
  out.set_policy(word(pool.policy));
  out.set_restarts_max(pool.restarts_max);
  out.set_window_ms(in_ms(pool.window));
  if (pool.redundancy)
    *out.mutable_redundancy() = api::view_of(*pool.redundancy);
  return out;
}

v1::ChildSpec view_of(const child_spec& child) {
  v1::ChildSpec out;
  out.set_id(child.id);
  out.set_restart_type(word(child.restart));
  if (child.shutdown)
    show_shutdown(*child.shutdown, out);
  out.set_significant(child.significant);
  *out.mutable_backoff() = view_of(child.backoff);
  *out.mutable_mailbox() = view_of(child.mailbox);
  out.set_handler_budget_ms(in_ms(child.handler_budget));
  if (child.pool)
    *out.mutable_pool() = view_of(*child.pool);
  if (child.supervisor)
    *out.mutable_supervisor() = api::view_of(*child.supervisor);
  return out;
}

} // namespace

v1::RedundancySpec view_of(const redundancy_spec& group) {
  v1::RedundancySpec out;
  for (const std::string& node : group.nodes)
    out.add_nodes(node);
  out.set_mode(word(group.mode));
  out.set_standby(word(group.standby));
  out.set_takeover(group.takeover);
  return out;
}

v1::SupervisorSpec view_of(const supervisor_spec& spec) {
  v1::SupervisorSpec out;
  out.set_strategy(word(spec.flags.strategy));
  out.set_restarts_max(spec.flags.restarts_max);
  out.set_window_ms(in_ms(spec.flags.window));
  out.set_auto_shutdown(word(spec.flags.auto_shutdown));
  for (const child_spec& child : spec.children)
    *out.add_children() = view_of(child);
  return out;
}

} // namespace ducat::api
