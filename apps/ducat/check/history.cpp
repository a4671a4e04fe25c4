#include "check/history.hpp"

#include <utility>

namespace ducat::cli {

namespace {

// Kinds of records in a batch.
constexpr char command_kind = 1;
constexpr char grant_kind = 2;

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return value;
}

} // namespace

std::optional<std::vector<std::string_view>> batch_in(std::string_view payload) {
  constexpr std::size_t length_size = 4;
  if (payload.empty() || (payload.front() != 1 && payload.front() != 2))
    return std::nullopt;
  const std::size_t kind_size = payload.front() == 2 ? 1 : 0;
  std::vector<std::string_view> commands;
  for (payload.remove_prefix(1); !payload.empty();) {
    if (payload.size() < length_size + kind_size)
      return std::nullopt;
    const std::size_t length = little_endian(payload);
    const char kind = kind_size == 0 ? command_kind : payload[length_size];
    payload.remove_prefix(length_size + kind_size);
    if (payload.size() < length || (kind != command_kind && kind != grant_kind))
      return std::nullopt;
    if (kind == command_kind)
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
  now_ns_ = e.at.nanoseconds;
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
  settlement_.check_sums(found, entries());
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
    return std::nullopt; // Webhooks move no money.
  case v1::Command::KIND_NOT_SET:
    break;
  }
  return make_finding(finding_kind::broken, "command", "it is of no known kind");
}

std::optional<finding> history::apply(const v1::OpenAccount& command) {
  if (books_.find(command.id()) != books::none)
    return make_finding(finding_kind::doubled, command.id(), "the account was opened before");
  books_.open(command.id(), command.currency(), command.overdraft());
  add_effect({.id = {.kind = operation_kind::account, .key = command.id()},
              .body = body_hash(
                  account_body{.currency = command.currency(), .overdraft = command.overdraft()}),
              .payment_id = {},
              .settled = true});
  return std::nullopt;
}

bool history::is_used(const std::string& key) const {
  return effects_by_key_.contains(key) || other_keys_.contains(key);
}

std::size_t history::add_effect(effect made) {
  const std::size_t place = effects_.size();
  auto& places = made.id.kind == operation_kind::account ? accounts_by_id_ : effects_by_key_;
  places.emplace(made.id.key, place);
  made.index = entries();
  effects_.push_back(std::move(made));
  return place;
}

} // namespace ducat::cli
