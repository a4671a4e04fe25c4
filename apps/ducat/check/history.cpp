#include "check/history.hpp"

#include <utility>

namespace ducat::cli {

namespace {

finding at(finding_kind kind, std::string subject, std::string text) {
  return {.kind = kind, .index = 0, .subject = std::move(subject), .text = std::move(text)};
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return value;
}

} // namespace

std::string_view to_string(payment_phase phase) noexcept {
  switch (phase) {
  case payment_phase::created:
    return "CREATED";
  case payment_phase::authorized:
    return "AUTHORIZED";
  case payment_phase::captured:
    return "CAPTURED";
  case payment_phase::voided:
    return "VOIDED";
  case payment_phase::declined:
    return "DECLINED";
  }
  return "?";
}

std::optional<std::vector<std::string_view>> batch_in(std::string_view payload) {
  constexpr std::size_t length_size = 4;
  if (payload.empty() || payload.front() != 1)
    return std::nullopt;
  std::vector<std::string_view> commands;
  for (payload.remove_prefix(1); !payload.empty();) {
    if (payload.size() < length_size)
      return std::nullopt;
    const std::size_t length = little_endian(payload);
    payload.remove_prefix(length_size);
    if (payload.size() < length)
      return std::nullopt;
    commands.push_back(payload.substr(0, length));
    payload.remove_prefix(length);
  }
  return commands;
}

std::optional<std::vector<v1::Command>> commands_in(std::string_view payload) {
  const auto batch = batch_in(payload);
  if (!batch)
    return std::nullopt;
  std::vector<v1::Command> commands;
  for (const std::string_view each : *batch)
    if (!commands.emplace_back().ParseFromArray(each.data(), static_cast<int>(each.size())))
      return std::nullopt;
  return commands;
}

void history::add(const entry& e, findings& found) {
  check_chain(e, found);
  hashes_.push_back(e.hash);
  const auto commands = commands_in(e.payload);
  if (!commands) {
    found.add({.kind = finding_kind::broken,
               .index = entries(),
               .subject = "entry",
               .text = "its payload is not a batch of commands"});
    return;
  }
  for (const v1::Command& command : *commands) {
    ++commands_;
    if (auto wrong = apply(command)) {
      wrong->index = entries();
      found.add(std::move(*wrong));
    }
  }
  check_books(found);
}

void history::check_chain(const entry& e, findings& found) const {
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
  if (hash_of(e) != e.hash)
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

const effect* history::find(const operation_id& id) const {
  const auto& places = id.kind == operation_kind::account ? accounts_by_id_ : effects_by_key_;
  const auto place = places.find(id.key);
  return place == places.end() ? nullptr : &effects_[place->second];
}

std::optional<finding> history::apply(const v1::Command& command) {
  switch (command.kind_case()) {
  case v1::Command::kOpenAccount:
    return apply(command.open_account());
  case v1::Command::kCreatePayment:
    return apply(command.create_payment());
  case v1::Command::kAuthorizePayment:
    return apply(command.authorize_payment());
  case v1::Command::kCapturePayment:
    return apply(command.capture_payment());
  case v1::Command::kVoidPayment:
    return apply(command.void_payment());
  case v1::Command::kRefundPayment:
    return apply(command.refund_payment());
  case v1::Command::kGrantLink: // It moves nothing.
    return std::nullopt;
  case v1::Command::kSendAttempt:
  case v1::Command::kResolveAttempt:
  case v1::Command::kPassTime:
  case v1::Command::kGiveUpPayment:
  case v1::Command::kReversePayment:
  case v1::Command::kRecordAdvice:
  case v1::Command::kReconcileTerminal:
  case v1::Command::kResolveAdvice:
  case v1::Command::kDecidePayment:
  case v1::Command::kReconcileAcquirer:
    return at(finding_kind::broken, "command", "card payments are not checked yet");
  case v1::Command::kSettlement:
  case v1::Command::kSettlementException:
    return at(finding_kind::broken, "command", "settlement is not checked yet");
  case v1::Command::kPutEndpoint:
  case v1::Command::kRemoveEndpoint:
  case v1::Command::kNoteDeliveries:
  case v1::Command::kReplayEvents:
    return std::nullopt; // Webhooks move no money.
  case v1::Command::KIND_NOT_SET:
    break;
  }
  return at(finding_kind::broken, "command", "it is of no known kind");
}

std::optional<finding> history::apply(const v1::OpenAccount& command) {
  if (accounts_by_id_.contains(command.id()))
    return at(finding_kind::doubled, command.id(), "the account was opened before");
  books_.open(command.id(), command.currency(), command.overdraft());
  add_effect({.id = {.kind = operation_kind::account, .key = command.id()},
              .body = body_hash(
                  account_body{.currency = command.currency(), .overdraft = command.overdraft()}),
              .payment_id = {},
              .settled = true});
  return std::nullopt;
}

std::optional<finding> history::check_parties(const v1::CreatePayment& command) const {
  const books::number from = books_.find(command.from());
  const books::number to = books_.find(command.to());
  const auto impossible = [&](std::string why) {
    return at(finding_kind::impossible, command.idempotency_key(), std::move(why));
  };
  if (command.amount() <= 0)
    return impossible("a payment of " + std::to_string(command.amount()));
  if (from == books::none || to == books::none || from == to)
    return impossible("a payment from " + command.from() + " to " + command.to());
  if (books_.at(from).currency != command.currency() ||
      books_.at(to).currency != command.currency())
    return impossible("a payment in " + command.currency() + " between accounts in another");
  return std::nullopt;
}

std::optional<finding> history::apply(const v1::CreatePayment& command) {
  if (effects_by_key_.contains(command.idempotency_key()))
    return at(finding_kind::doubled, command.idempotency_key(), "the key was used before");
  if (auto wrong = check_parties(command))
    return wrong;
  const std::string id = payment_id_of(command.idempotency_key());
  const payment_snapshot now{.amount = command.amount()};
  std::vector<std::pair<std::string_view, std::string_view>> metadata;
  for (const v1::MetadataPair& pair : command.metadata())
    metadata.emplace_back(pair.key(), pair.value());
  const std::size_t place =
      add_effect({.id = {.kind = operation_kind::payment, .key = command.idempotency_key()},
                  .body = body_hash(payment_body{.from = command.from(),
                                                 .to = command.to(),
                                                 .amount = command.amount(),
                                                 .currency = command.currency(),
                                                 .manual_capture = command.manual_capture(),
                                                 .description = command.description(),
                                                 .metadata = std::move(metadata)}),
                  .payment_id = id,
                  .then = now});
  payments_.emplace(id, checked_payment{.from = books_.find(command.from()),
                                        .to = books_.find(command.to()),
                                        .manual_capture = command.manual_capture(),
                                        .creation = place,
                                        .now = now});
  return std::nullopt;
}

std::optional<finding> history::apply(const v1::AuthorizePayment& command) {
  checked_payment* held = payment(command.payment_id());
  if (held == nullptr)
    return at(finding_kind::impossible, command.payment_id(), "a hold for no payment");
  if (held->now.phase != payment_phase::created)
    return at(finding_kind::doubled, command.payment_id(), "its hold was decided before");
  const bool affordable = books_.can_spend(held->from, held->now.amount);
  if (affordable)
    books_.hold(held->from, held->to, held->now.amount);
  held->now.phase = affordable ? payment_phase::authorized : payment_phase::declined;
  effects_[held->creation].declined = !affordable;
  settle(*held, held->creation);
  return std::nullopt;
}

finding history::not_in_phase(std::string_view what, const std::string& id,
                              const checked_payment& payment) {
  const payment_phase phase = payment.now.phase;
  const bool was_ended = phase == payment_phase::captured || phase == payment_phase::voided;
  return at(was_ended ? finding_kind::doubled : finding_kind::impossible, id,
            std::string{what} + " of a payment that is " + std::string{to_string(phase)});
}

std::optional<finding> history::apply(const v1::CapturePayment& command) {
  checked_payment* held = payment(command.payment_id());
  const std::string& key = command.idempotency_key();
  if (held == nullptr)
    return at(finding_kind::impossible, command.payment_id(), "a capture of no payment");
  if (!key.empty() && effects_by_key_.contains(key))
    return at(finding_kind::doubled, key, "the key was used before");
  if (held->now.phase != payment_phase::authorized)
    return not_in_phase("a capture", command.payment_id(), *held);
  const std::int64_t amount = command.amount() == 0 ? held->now.amount : command.amount();
  if (amount < 0 || amount > held->now.amount)
    return at(finding_kind::impossible, command.payment_id(), "more is captured than was held");
  if (key.empty() && (held->manual_capture || command.amount() != 0))
    return at(finding_kind::phantom, command.payment_id(), "nobody asked for this capture");
  books_.release(held->from, held->to, held->now.amount);
  books_.post(held->from, held->to, amount);
  held->now.phase = payment_phase::captured;
  held->now.captured = amount;
  const change_body body{.kind = operation_kind::capture,
                         .payment_id = command.payment_id(),
                         .amount = command.amount()};
  settle(*held, key.empty() ? held->creation
                            : add_effect({.id = {.kind = operation_kind::capture, .key = key},
                                          .body = body_hash(body),
                                          .payment_id = command.payment_id()}));
  return std::nullopt;
}

std::optional<finding> history::apply(const v1::VoidPayment& command) {
  checked_payment* held = payment(command.payment_id());
  if (held == nullptr)
    return at(finding_kind::impossible, command.payment_id(), "a void of no payment");
  if (effects_by_key_.contains(command.idempotency_key()))
    return at(finding_kind::doubled, command.idempotency_key(), "the key was used before");
  if (held->now.phase != payment_phase::authorized)
    return not_in_phase("a void", command.payment_id(), *held);
  books_.release(held->from, held->to, held->now.amount);
  held->now.phase = payment_phase::voided;
  const change_body body{.kind = operation_kind::void_payment, .payment_id = command.payment_id()};
  settle(*held,
         add_effect({.id = {.kind = operation_kind::void_payment, .key = command.idempotency_key()},
                     .body = body_hash(body),
                     .payment_id = command.payment_id()}));
  return std::nullopt;
}

std::optional<finding> history::apply(const v1::RefundPayment& command) {
  checked_payment* paid = payment(command.payment_id());
  if (paid == nullptr)
    return at(finding_kind::impossible, command.payment_id(), "a refund of no payment");
  if (effects_by_key_.contains(command.idempotency_key()))
    return at(finding_kind::doubled, command.idempotency_key(), "the key was used before");
  const std::int64_t left = paid->now.captured - paid->now.refunded;
  const std::int64_t amount = command.amount() == 0 ? left : command.amount();
  if (amount <= 0 || amount > left)
    return at(finding_kind::impossible, command.payment_id(), "more is refunded than was captured");
  const bool affordable = books_.can_spend(paid->to, amount);
  if (affordable) {
    books_.post(paid->to, paid->from, amount);
    paid->now.refunded += amount;
  }
  const change_body body{.kind = operation_kind::refund,
                         .payment_id = command.payment_id(),
                         .amount = command.amount()};
  settle(*paid,
         add_effect({.id = {.kind = operation_kind::refund, .key = command.idempotency_key()},
                     .body = body_hash(body),
                     .payment_id = command.payment_id(),
                     .declined = !affordable}));
  return std::nullopt;
}

history::checked_payment* history::payment(const std::string& id) {
  const auto found = payments_.find(id);
  return found == payments_.end() ? nullptr : &found->second;
}

std::size_t history::add_effect(effect made) {
  const std::size_t place = effects_.size();
  auto& places = made.id.kind == operation_kind::account ? accounts_by_id_ : effects_by_key_;
  places.emplace(made.id.key, place);
  made.index = entries();
  effects_.push_back(std::move(made));
  return place;
}

/// Notes the payment as operation `mine` has left it, and that the operations without a step left,
/// this one and the payment's creation, are answered like that for ever.
void history::settle(checked_payment& payment, std::size_t mine) {
  const bool steps_left = payment.now.phase == payment_phase::authorized && !payment.manual_capture;
  effects_[mine].index = entries();
  for (const std::size_t place : {mine, payment.creation}) {
    effect& done = effects_[place];
    if (done.settled)
      continue;
    done.then = payment.now;
    done.settled = !steps_left;
  }
}

} // namespace ducat::cli
