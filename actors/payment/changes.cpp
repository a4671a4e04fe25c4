/// What needs two persons (dual control, the four-eyes principle): one asks for it, and it has its
/// effect when another one has approved it.

#include "payment/audit_book.hpp"
#include "payment/change_book.hpp"
#include "payment/dual_control.hpp"
#include "payment/limits.hpp"
#include "payment/view.hpp"

#include <ducat/payment/change_id.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <utility>

namespace ducat::payment {

namespace {

v1::Outcome shown_as_outcome(const v1::StoredChange& change) {
  v1::Outcome out;
  *out.mutable_changes()->add_data() = view_of(change);
  return out;
}

/// Nothing but that it waits has happened.
v1::Outcome pending(const v1::StoredChange& change) {
  v1::Outcome out = refused(refusal::approval_pending, "");
  out.mutable_error()->set_message("nothing was done yet: " + change_id(change.number()) +
                                   " waits until a second person approves it");
  return out;
}

} // namespace

bool machine::waits_for_second(const v1::Command& command) {
  return command.has_principal() && !command.principal().alone() && needs_second(command);
}

/// Asking for it once more is answered with the change that waits.
machine::decision machine::check_change(const v1::Command& command) const {
  if (const v1::StoredChange* same = changes_->find_same(command))
    return {.what = decision::kind::replay, .change = same};
  return changes_->is_full() ? refuse(refusal::changes_exhausted) : decision{};
}

v1::Outcome machine::add_change(const proposal& where, const v1::Command& command) {
  v1::Outcome out = pending(changes_->add(where.at, command, audit_->size() + 1));
  out.set_index(where.index);
  return out;
}

/// What is approved has to be possible now: it may have been overtaken since it was asked for.
machine::decision machine::check(const v1::DecideChange& command, const v1::Principal& by) const {
  const bool is_approval = command.decision() == v1::DecideChange::APPROVED;
  if (!is_approval && command.decision() != v1::DecideChange::REJECTED)
    return refuse(refusal::decision_unknown, "decision");
  if (command.reason().empty() || command.reason().size() > reason_length_max)
    return refuse(refusal::reason_invalid, "reason");
  const v1::StoredChange* change = changes_->find(command.number());
  if (change == nullptr)
    return refuse(refusal::change_not_found, "id");
  if (!may_propose(by.role(), change->command()))
    return refuse(refusal::role_not_allowed);
  if (change->state() != v1::Change::PENDING) {
    const bool is_same = is_approval == (change->state() == v1::Change::APPROVED) &&
                         change->decided_by().name() == by.name() &&
                         change->reason() == command.reason();
    return is_same ? decision{.what = decision::kind::replay, .change = change}
                   : refuse(refusal::change_decided);
  }
  if (!is_approval)
    return {};
  if (by.name() == change->command().principal().name())
    return refuse(refusal::second_person_needed);
  const decision now = check_by_kind(change->command());
  return now.what == decision::kind::replay ? refuse(refusal::change_overtaken) : now;
}

v1::Outcome machine::apply(const proposal& where, const v1::DecideChange& command,
                           const v1::Principal& by) {
  const v1::Command asked_for = changes_->find(command.number())->command();
  v1::Outcome out;
  if (command.decision() == v1::DecideChange::APPROVED)
    out = apply_by_kind({where, asked_for.by()}, asked_for);
  changes_->decide(where.at, command, by);
  *out.mutable_changes() = shown_as_outcome(*changes_->find(command.number())).changes();
  const bool has_new_secret = command.decision() == v1::DecideChange::APPROVED &&
                              !asked_for.put_endpoint().secret().empty();
  if (has_new_secret) // Shown once: a repeated approval is not told.
    out.mutable_changes()->mutable_data(0)->set_secret(asked_for.put_endpoint().secret());
  out.set_index(where.index);
  return out;
}

v1::Outcome machine::outcome_of_change(const v1::StoredChange& change) const {
  return change.state() == v1::Change::PENDING ? pending(change) : shown_as_outcome(change);
}

v1::Outcome machine::ask(const v1::ListChangesRequest& question) const {
  if (question.limit() > page_size_max)
    return refused(refusal::limit_invalid, "limit");
  auto page = changes_->ask(question);
  if (!page)
    return refused(refusal::cursor_not_found, "starting_after");
  v1::Outcome out;
  *out.mutable_changes() = std::move(*page);
  return out;
}

} // namespace ducat::payment
