#include "payment/change_book.hpp"

#include "payment/command_words.hpp"
#include "payment/limits.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/history.hpp>
#include <ducat/payment/change_id.hpp>

#include <cstdio>
#include <utility>

namespace ducat::payment {

namespace {

std::string key_of_change(std::uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "c/%016llx", static_cast<unsigned long long>(number));
  return text;
}

/// Which node was asked, which life of it, and what secret it made up makes no difference.
std::string request_in(const v1::Command& command) {
  v1::Command request = command;
  request.clear_by();
  request.mutable_principal()->clear_node();
  if (request.has_put_endpoint())
    request.mutable_put_endpoint()->clear_secret();
  return request.SerializeAsString();
}

} // namespace

v1::Change view_of(const v1::StoredChange& change) {
  v1::Change shown;
  shown.set_id(change_id(change.number()));
  shown.set_state(change.state());
  shown.set_action(action_of(change.command()));
  shown.set_target(target_of(change.command()));
  shown.set_content(content_of(change.command()));
  shown.set_asked_by(change.command().principal().name());
  shown.set_asked_role(change.command().principal().role());
  shown.set_asked_at_ns(change.asked_at_ns());
  shown.set_decided_by(change.decided_by().name());
  shown.set_decided_role(change.decided_by().role());
  shown.set_decided_at_ns(change.decided_at_ns());
  shown.set_reason(change.reason());
  return shown;
}

const v1::StoredChange* change_book::find(std::uint64_t number) const {
  return number == 0 || number > changes_.size() ? nullptr : &changes_[number - 1];
}

const v1::StoredChange* change_book::find_same(const v1::Command& command) const {
  const auto found = pending_.find(request_in(command));
  return found == pending_.end() ? nullptr : find(found->second);
}

const v1::StoredChange& change_book::add(log_time at, const v1::Command& command,
                                         std::uint64_t audited) {
  DUCAT_CHECK(!is_full());
  v1::StoredChange& added = changes_.emplace_back();
  added.set_number(changes_.size());
  *added.mutable_command() = command;
  added.set_state(v1::Change::PENDING);
  added.set_asked_at_ns(at.nanoseconds);
  added.set_audited(audited);
  pending_.emplace(request_in(command), added.number());
  changed_.insert(added.number());
  return added;
}

void change_book::decide(log_time at, const v1::DecideChange& decision, const v1::Principal& by) {
  DUCAT_CHECK(find(decision.number()) != nullptr);
  v1::StoredChange& decided = changes_[decision.number() - 1];
  DUCAT_CHECK(decided.state() == v1::Change::PENDING);
  const bool is_approved = decision.decision() == v1::DecideChange::APPROVED;
  decided.set_state(is_approved ? v1::Change::APPROVED : v1::Change::REJECTED);
  *decided.mutable_decided_by() = by;
  decided.set_decided_at_ns(at.nanoseconds);
  decided.set_reason(decision.reason());
  if (decided.command().has_put_endpoint())
    decided.mutable_command()->mutable_put_endpoint()->clear_secret(); // Nobody needs it here.
  pending_.erase(request_in(decided.command()));
  changed_.insert(decided.number());
}

std::optional<v1::ListChangesReply> change_book::ask(const v1::ListChangesRequest& question) const {
  std::size_t next = 0; // A number less one.
  if (!question.starting_after().empty()) {
    const auto last = change_number_in(question.starting_after());
    if (!last || find(*last) == nullptr)
      return std::nullopt;
    next = *last;
  }
  const std::size_t limit = question.limit() == 0 ? page_size_default : question.limit();
  v1::ListChangesReply reply;
  for (; next < changes_.size(); ++next) {
    const v1::StoredChange& each = changes_[next];
    if (question.only_pending() && each.state() != v1::Change::PENDING)
      continue;
    if (static_cast<std::size_t>(reply.data_size()) == limit) {
      reply.set_has_more(true);
      break;
    }
    *reply.add_data() = view_of(each);
  }
  return reply;
}

std::vector<ledger::kept_row> change_book::take_changed_rows() {
  std::vector<ledger::kept_row> rows;
  for (const std::uint64_t number : std::exchange(changed_, {}))
    rows.push_back({key_of_change(number), changes_[number - 1].SerializeAsString()});
  return rows;
}

bool change_book::restore(std::string_view key, std::string_view value) {
  v1::StoredChange change;
  const bool is_read = change.ParseFromArray(value.data(), static_cast<int>(value.size()));
  const std::uint64_t number = changes_.size() + 1;
  if (!is_read || key != key_of_change(number) || change.number() != number)
    return false;
  if (change.state() == v1::Change::PENDING)
    pending_.emplace(request_in(change.command()), number);
  changes_.push_back(std::move(change));
  return true;
}

} // namespace ducat::payment
