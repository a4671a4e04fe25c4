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
  made.key_hash = hash_of_key(made.key);
  made.id = payment_digest_of(made.key);
  made.body = body_digest(payment_body{.from = made.from,
                                       .to = made.to,
                                       .amount = made.amount,
                                       .currency = made.currency,
                                       .manual_capture = made.manual_capture,
                                       .description = description,
                                       .metadata = std::move(metadata)});
}

bool read_created(std::string_view bytes, created_payment& into) {
  std::string_view description;
  std::string_view card;
  wire_reader in{bytes};
  in.text(v1::CreatePayment::kIdempotencyKeyFieldNumber, into.key);
  in.text(v1::CreatePayment::kFromFieldNumber, into.from);
  in.text(v1::CreatePayment::kToFieldNumber, into.to);
  in.number(v1::CreatePayment::kAmountFieldNumber, into.amount);
  in.text(v1::CreatePayment::kCurrencyFieldNumber, into.currency);
  in.flag(v1::CreatePayment::kManualCaptureFieldNumber, into.manual_capture);
  in.text(v1::CreatePayment::kDescriptionFieldNumber, description);
  in.text(v1::CreatePayment::kCardFieldNumber, card);
  in.text(v1::CreatePayment::kTerminalFieldNumber, into.terminal);
  if (!in.is_done())
    return false;
  into.is_card = !card.empty();
  complete(into, description, {});
  return true;
}

bool read_authorized(std::string_view bytes, authorized_payment& into) {
  std::string_view id;
  wire_reader in{bytes};
  in.text(v1::AuthorizePayment::kPaymentIdFieldNumber, id);
  into.payment = payment_name{id};
  return in.is_done();
}

bool read_captured(std::string_view bytes, captured_payment& into) {
  std::string_view id;
  wire_reader in{bytes};
  in.text(v1::CapturePayment::kPaymentIdFieldNumber, id);
  in.text(v1::CapturePayment::kIdempotencyKeyFieldNumber, into.key);
  in.number(v1::CapturePayment::kAmountFieldNumber, into.amount);
  into.payment = payment_name{id};
  return in.is_done();
}

/// Reads one of the commands that are read where they lie. Else it returns false, which says
/// nothing.
bool read_plain(std::string_view bytes, command_reading& into) {
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
    return false;
  if (creates)
    return read_created(message, into.emplace<created_payment>());
  if (authorizes)
    return read_authorized(message, into.emplace<authorized_payment>());
  return captures && read_captured(message, into.emplace<captured_payment>());
}

/// Calls `take` with the bytes of each command until it returns false. Returns whether that never
/// happened, and the payload is a batch. See batch_in().
template <class Take>
bool for_each_command(std::string_view payload, Take take) {
  constexpr std::size_t length_size = 4;
  if (payload.empty() || (payload.front() != 1 && payload.front() != 2))
    return false;
  const std::size_t kind_size = payload.front() == 2 ? 1 : 0;
  for (payload.remove_prefix(1); !payload.empty();) {
    if (payload.size() < length_size + kind_size)
      return false;
    const std::size_t length = little_endian(payload);
    const char kind = kind_size == 0 ? command_kind : payload[length_size];
    payload.remove_prefix(length_size + kind_size);
    if (payload.size() < length || (kind != command_kind && kind != grant_kind))
      return false;
    if (kind == command_kind && !take(payload.substr(0, length)))
      return false;
    payload.remove_prefix(length);
  }
  return true;
}

} // namespace

std::optional<std::vector<std::string_view>> batch_in(std::string_view payload) {
  std::vector<std::string_view> commands;
  const bool is_batch = for_each_command(payload, [&](std::string_view each) {
    commands.push_back(each);
    return true;
  });
  return is_batch ? std::optional{std::move(commands)} : std::nullopt;
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

bool read_command(std::string_view bytes, command_reading& into) {
  return read_plain(bytes, into) ||
         into.emplace<v1::Command>().ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
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
  into.commands.clear();
  into.is_batch = for_each_command(e.payload, [&](std::string_view each) {
    return read_command(each, into.commands.emplace_back());
  });
}

} // namespace ducat::cli
