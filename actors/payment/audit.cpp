/// What the payment machine writes down of those who administer it.

#include "payment/audit_book.hpp"
#include "payment/change_book.hpp"
#include "payment/command_words.hpp"
#include "payment/limits.hpp"
#include "payment/view.hpp"

#include <ducat/payment/change_id.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <string>

namespace ducat::payment {

namespace {

constexpr std::size_t word_length_max = 64;

v1::AuditEntry entry_by(const v1::Principal& who) {
  v1::AuditEntry entry;
  entry.set_role(who.role());
  entry.set_name(who.name());
  entry.set_node(who.node());
  return entry;
}

v1::AuditEntry entry_of(const v1::Command& command) {
  v1::AuditEntry entry = entry_by(command.principal());
  entry.set_action(action_of(command));
  entry.set_target(target_of(command));
  entry.set_detail(detail_of(command));
  return entry;
}

} // namespace

machine::decision machine::check(const v1::RecordAudit& command) const {
  const v1::Principal& who = command.by();
  const bool has_words = !command.action().empty() && command.action().size() <= word_length_max &&
                         !command.outcome().empty() && command.outcome().size() <= word_length_max;
  const bool is_known = !who.name().empty() && who.name().size() <= word_length_max &&
                        who.role().size() <= word_length_max &&
                        who.node().size() <= word_length_max;
  const bool is_short =
      command.target().size() <= reason_length_max && command.detail().size() <= reason_length_max;
  return has_words && is_known && is_short && command.about() <= audit_->size()
             ? decision{}
             : refuse(refusal::command_malformed);
}

v1::Outcome machine::apply(const proposal& where, const v1::RecordAudit& command) {
  v1::AuditEntry entry = entry_by(command.by());
  entry.set_action(command.action());
  entry.set_target(command.target());
  entry.set_outcome(command.outcome());
  entry.set_about(command.about());
  entry.set_detail(command.detail());
  add_audit(where, std::move(entry));
  v1::Outcome out;
  *out.mutable_audit() = audit_->head();
  out.set_index(where.index);
  return out;
}

/// A command that somebody has asked for says itself what was done. Merchants administer nothing.
void machine::audit(const proposal& where, const v1::Command& command) {
  if (!command.has_principal() || command.principal().role() == "merchant")
    return;
  if (command.has_decide_change())
    return audit(where, command.decide_change());
  v1::AuditEntry entry = entry_of(command);
  entry.set_outcome(waits_for_second(command) ? "pending" : "done");
  add_audit(where, std::move(entry));
}

/// Who has decided, and then, if it was approved, what was done of whoever has asked for it.
void machine::audit(const proposal& where, const v1::DecideChange& command) {
  const v1::StoredChange& change = *changes_->find(command.number());
  const bool is_approved = command.decision() == v1::DecideChange::APPROVED;
  v1::AuditEntry decided = entry_by(change.decided_by());
  decided.set_action("decide_change");
  decided.set_target(change_id(command.number()));
  decided.set_outcome(is_approved ? "approved" : "rejected");
  decided.set_about(change.audited());
  decided.set_detail(command.reason());
  add_audit(where, std::move(decided));
  if (!is_approved)
    return;
  v1::AuditEntry done = entry_of(change.command());
  done.set_outcome("done");
  done.set_about(change.audited());
  add_audit(where, std::move(done));
}

void machine::add_audit(const proposal& where, v1::AuditEntry entry) {
  entry.set_at_ns(where.at.nanoseconds);
  entry.set_index(where.index);
  audit_->add(std::move(entry));
}

v1::Outcome machine::ask(const v1::ListAuditRequest& question) const {
  if (question.limit() > page_size_max)
    return refused(refusal::limit_invalid, "limit");
  v1::Outcome out;
  *out.mutable_audit() = audit_->ask(question);
  return out;
}

} // namespace ducat::payment
