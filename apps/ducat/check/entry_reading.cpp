#include "check/entry_reading.hpp"

#include "check/wire_reader.hpp"

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

/// Fills in what a payment is known by: the digests of its key and of all that was asked for.
void complete(created_payment& made, std::string_view description,
              std::vector<std::pair<std::string_view, std::string_view>> metadata) {
  made.id = payment_digest_of(made.key);
  made.body = body_digest(payment_body{.from = made.from,
                                       .to = made.to,
                                       .amount = made.amount,
                                       .currency = made.currency,
                                       .manual_capture = made.manual_capture,
                                       .description = description,
                                       .metadata = std::move(metadata)});
}

std::optional<created_payment> read_created(std::string_view bytes) {
  created_payment made;
  std::string_view description;
  std::string_view card;
  wire_reader in{bytes};
  in.text(v1::CreatePayment::kIdempotencyKeyFieldNumber, made.key);
  in.text(v1::CreatePayment::kFromFieldNumber, made.from);
  in.text(v1::CreatePayment::kToFieldNumber, made.to);
  in.number(v1::CreatePayment::kAmountFieldNumber, made.amount);
  in.text(v1::CreatePayment::kCurrencyFieldNumber, made.currency);
  in.flag(v1::CreatePayment::kManualCaptureFieldNumber, made.manual_capture);
  in.text(v1::CreatePayment::kDescriptionFieldNumber, description);
  in.text(v1::CreatePayment::kCardFieldNumber, card);
  in.text(v1::CreatePayment::kTerminalFieldNumber, made.terminal);
  if (!in.is_done())
    return std::nullopt;
  made.is_card = !card.empty();
  complete(made, description, {});
  return made;
}

std::optional<authorized_payment> read_authorized(std::string_view bytes) {
  std::string_view id;
  wire_reader in{bytes};
  in.text(v1::AuthorizePayment::kPaymentIdFieldNumber, id);
  return in.is_done() ? std::optional{authorized_payment{payment_name{id}}} : std::nullopt;
}

std::optional<captured_payment> read_captured(std::string_view bytes) {
  std::string_view id;
  std::string_view key;
  std::int64_t amount = 0;
  wire_reader in{bytes};
  in.text(v1::CapturePayment::kPaymentIdFieldNumber, id);
  in.text(v1::CapturePayment::kIdempotencyKeyFieldNumber, key);
  in.number(v1::CapturePayment::kAmountFieldNumber, amount);
  return in.is_done() ? std::optional{captured_payment{payment_name{id}, key, amount}}
                      : std::nullopt;
}

/// Returns the reading of one of the commands that are read where they lie; nothing says nothing.
std::optional<command_reading> read_plain(std::string_view bytes) {
  std::string_view message;
  std::string_view by;
  wire_reader in{bytes};
  const bool creates = in.message(v1::Command::kCreatePaymentFieldNumber, message);
  const bool authorizes =
      !creates && in.message(v1::Command::kAuthorizePaymentFieldNumber, message);
  const bool captures =
      !creates && !authorizes && in.message(v1::Command::kCapturePaymentFieldNumber, message);
  in.text(v1::Command::kByFieldNumber, by);
  if (!in.is_done())
    return std::nullopt;
  if (creates)
    return read_created(message);
  if (authorizes)
    return read_authorized(message);
  return captures ? std::optional<command_reading>{read_captured(message)} : std::nullopt;
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

std::optional<command_reading> read_command(std::string_view bytes) {
  if (auto plain = read_plain(bytes))
    return plain;
  v1::Command command;
  if (!command.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return std::nullopt;
  return command;
}

created_payment reading_of(const v1::CreatePayment& command) {
  created_payment made{.key = command.idempotency_key(),
                       .from = command.from(),
                       .to = command.to(),
                       .currency = command.currency(),
                       .terminal = command.terminal(),
                       .amount = command.amount(),
                       .manual_capture = command.manual_capture(),
                       .is_card = !command.card().empty()};
  std::vector<std::pair<std::string_view, std::string_view>> metadata;
  for (const v1::MetadataPair& pair : command.metadata())
    metadata.emplace_back(pair.key(), pair.value());
  complete(made, command.description(), std::move(metadata));
  return made;
}

void read(const entry& e, entry_reading& into) {
  into.index = e.index;
  into.at = e.at;
  into.previous = e.previous;
  into.hash = e.hash;
  into.is_hash_right = hash_of(e) == e.hash;
  into.is_batch = false;
  into.commands.clear();
  const auto batch = batch_in(e.payload);
  if (!batch)
    return;
  for (const std::string_view each : *batch) {
    auto command = read_command(each);
    if (!command)
      return;
    into.commands.push_back(std::move(*command));
  }
  into.is_batch = true;
}

} // namespace ducat::cli
