#include "check/history.hpp"

#include "check/two_persons.hpp"

#include <algorithm>
#include <utility>

namespace ducat::cli {

void history::add(const entry& e, findings& found) {
  entry_reading reading;
  read(e, reading);
  add(reading, found);
}

void history::add(const entry_reading& e, findings& found) {
  check_chain(e, found);
  hashes_.push_back(e.hash);
  now_ns_ = e.at.nanoseconds;
  if (!e.is_batch) {
    found.add({.kind = finding_kind::broken,
               .index = entries(),
               .subject = "entry",
               .text = "its payload is not a batch of commands"});
    return;
  }
  expect(e.commands);
  for (const command_reading& command : e.commands) {
    ++commands_;
    if (auto wrong = std::visit([&](const auto& what) { return apply(what); }, command)) {
      wrong->index = entries();
      found.add(std::move(*wrong));
    }
  }
  check_books(found);
  settlement_.check_sums(found, entries());
}

/// Has the memory brought in that new payments come to: it is anywhere in the indexes.
void history::expect(const std::vector<command_reading>& commands) const {
  for (const command_reading& each : commands)
    if (const auto* made = std::get_if<created_payment>(&each)) {
      effects_by_key_.expect(made->key_hash);
      payments_by_id_.expect(hash_of_id(made->id));
    }
}

void history::expect(const operation_id& id) const {
  (id.kind == operation_kind::account ? accounts_by_id_ : effects_by_key_)
      .expect(hash_of_key(id.key));
}

void history::check_chain(const entry_reading& e, findings& found) const {
  const auto broken = [&](std::string text) {
    found.add({.kind = finding_kind::broken,
               .index = e.index,
               .subject = "entry",
               .text = std::move(text)});
  };
  if (e.index != entries() + 1)
    broken("its index does not follow " + std::to_string(entries()));
  if (e.previous != (hashes_.empty() ? digest{} : hashes_.back()))
    broken("it does not carry the hash of the entry before");
  if (!e.is_hash_right)
    broken("its hash is not that of its content");
}

void history::check_books(findings& found) {
  for (const auto& [currency, sums] : books_.sums())
    if (!sums.are_equal())
      found.add({.kind = finding_kind::unbalanced,
                 .index = entries(),
                 .subject = currency,
                 .text = "debits " + decimal(sums.debits_posted) + ", credits " +
                         decimal(sums.credits_posted)});
  if (books_.overdrawn() == books::none || std::exchange(overdraft_reported_, true))
    return;
  found.add({.kind = finding_kind::overdrawn,
             .index = entries(),
             .subject = books_.at(books_.overdrawn()).id,
             .text = "spent more than it had"});
}

std::size_t history::find(const operation_id& id) const {
  return find(id.kind == operation_kind::account, id.key, hash_of_key(id.key));
}

std::size_t history::find(bool is_account, std::string_view key, std::uint64_t key_hash) const {
  const place_index& places = is_account ? accounts_by_id_ : effects_by_key_;
  return places.find(key_hash, [&](std::size_t place) { return effects_[place].key == key; });
}

std::optional<finding> history::apply(const v1::Command& command) {
  if (auto found = check_owner(command))
    return found;
  if (is_for_two(command)) {
    pending_.emplace(++changes_, command);
    return std::nullopt;
  }
  return apply_now(command);
}

std::optional<finding> history::apply_now(const v1::Command& command) {
  switch (command.kind_case()) {
  case v1::Command::kOpenAccount:
    return apply(command.open_account());
  case v1::Command::kCreatePayment:
    return apply(reading_of(command.create_payment()));
  case v1::Command::kAuthorizePayment:
    return apply(authorized_payment{payment_name{command.authorize_payment().payment_id()}});
  case v1::Command::kCapturePayment:
    return apply(captured_payment{.payment = payment_name{command.capture_payment().payment_id()},
                                  .key = command.capture_payment().idempotency_key(),
                                  .amount = command.capture_payment().amount()});
  case v1::Command::kVoidPayment:
    return apply(command.void_payment());
  case v1::Command::kRefundPayment:
    return apply(command.refund_payment());
  case v1::Command::kGrantLink:
    return apply(command.grant_link());
  case v1::Command::kSendAttempt:
    return apply(command.send_attempt());
  case v1::Command::kResolveAttempt:
    return apply(command.resolve_attempt());
  case v1::Command::kPassTime:
    return apply(command.pass_time());
  case v1::Command::kGiveUpPayment:
    return apply(command.give_up_payment());
  case v1::Command::kReversePayment:
    return apply(command.reverse_payment());
  case v1::Command::kRecordAdvice:
    return apply(command.record_advice());
  case v1::Command::kReconcileTerminal:
    return apply(command.reconcile_terminal());
  case v1::Command::kResolveAdvice:
    return apply(command.resolve_advice());
  case v1::Command::kDecidePayment:
    return apply(command.decide_payment());
  case v1::Command::kReconcileAcquirer:
    return apply(command.reconcile_acquirer());
  case v1::Command::kSettlement:
    return command.settlement().has_dispute() ? apply(command.settlement().dispute())
                                              : settlement_.apply(command.settlement());
  case v1::Command::kSettlementException:
    return settlement_.apply(command.settlement_exception(), now_ns_);
  case v1::Command::kPutEndpoint:
  case v1::Command::kRemoveEndpoint:
  case v1::Command::kNoteDeliveries:
  case v1::Command::kReplayEvents:
  case v1::Command::kRecordAudit:
    return std::nullopt; // They move no money.
  case v1::Command::kDecideChange:
    return apply(command.decide_change(), command.principal());
  case v1::Command::KIND_NOT_SET:
    break;
  }
  return make_finding(finding_kind::broken, "command", "it is of no known kind");
}

std::optional<finding> history::apply(const v1::OpenAccount& command) {
  if (books_.find(command.id()) != books::none)
    return make_finding(finding_kind::doubled, command.id(), "the account was opened before");
  books_.open(command.id(), command.currency(), command.overdraft(), command.owner());
  add_effect({.kind = operation_kind::account,
              .settled = true,
              .key = command.id(),
              .body = body_digest(
                  account_body{.currency = command.currency(), .overdraft = command.overdraft()})});
  return std::nullopt;
}

bool history::is_used(std::string_view key) const {
  return is_used(key, hash_of_key(key));
}

bool history::is_used(std::string_view key, std::uint64_t key_hash) const {
  return find(false, key, key_hash) != none || other_keys_.contains(key);
}

std::size_t history::add_effect(effect made) {
  return add_effect(made, hash_of_key(made.key));
}

std::size_t history::add_effect(effect made, std::uint64_t key_hash) {
  const std::size_t place = effects_.size();
  auto& places = made.kind == operation_kind::account ? accounts_by_id_ : effects_by_key_;
  places.add(key_hash, place);
  made.index = entries();
  made.key = keep(made.key);
  effects_.add(made);
  return place;
}

/// Returns the same text, which lives as long as the history.
std::string_view history::keep(std::string_view text) {
  if (text.empty())
    return {};
  auto* const kept = static_cast<char*>(texts_.allocate(text.size(), 1));
  std::ranges::copy(text, kept);
  return {kept, text.size()};
}

} // namespace ducat::cli
