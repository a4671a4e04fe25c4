/// What the payment machine writes down of those who administer it.

#include "payment/audit_book.hpp"
#include "payment/limits.hpp"
#include "payment/view.hpp"

#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <string>

namespace ducat::payment {

namespace {

constexpr std::size_t word_length_max = 64;

/// Returns the name of what is set in `of`, as its field is called: decide_payment, say.
std::string kind_in(const google::protobuf::Message& of, const char* oneof_name) {
  const auto* const oneof = of.GetDescriptor()->FindOneofByName(oneof_name);
  const auto* const field = of.GetReflection()->GetOneofFieldDescriptor(of, oneof);
  return field == nullptr ? "" : field->name();
}

std::string action_of(const v1::Command& command) {
  const std::string kind = kind_in(command, "kind");
  if (command.has_settlement())
    return kind + '.' + kind_in(command.settlement(), "kind");
  if (command.has_settlement_exception())
    return kind + '.' + kind_in(command.settlement_exception(), "kind");
  return kind;
}

/// Returns what names the thing that a command is about, where one thing is named.
std::string target_of(const v1::Command& command) {
  switch (command.kind_case()) {
  case v1::Command::kOpenAccount:
    return command.open_account().id();
  case v1::Command::kDecidePayment:
    return command.decide_payment().payment_id();
  case v1::Command::kResolveAdvice:
    return command.resolve_advice().payment_id();
  case v1::Command::kReconcileAcquirer:
    return command.reconcile_acquirer().link();
  case v1::Command::kPutEndpoint:
    return command.put_endpoint().id();
  case v1::Command::kRemoveEndpoint:
    return command.remove_endpoint().id();
  case v1::Command::kReplayEvents:
    return command.replay_events().endpoint_id();
  default:
    return {};
  }
}

std::string detail_of(const v1::Command& command) {
  return command.has_decide_payment()   ? command.decide_payment().reason()
         : command.has_resolve_advice() ? command.resolve_advice().reason()
                                        : std::string{};
}

v1::AuditEntry entry_by(const v1::Principal& who) {
  v1::AuditEntry entry;
  entry.set_role(who.role());
  entry.set_name(who.name());
  entry.set_node(who.node());
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
  v1::AuditEntry entry = entry_by(command.principal());
  entry.set_action(action_of(command));
  entry.set_target(target_of(command));
  entry.set_outcome("done");
  entry.set_detail(detail_of(command));
  add_audit(where, std::move(entry));
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
