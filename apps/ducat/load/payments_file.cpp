#include "load/payments_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <istream>
#include <limits>

namespace ducat::cli {

namespace {

using nlohmann::json;

constexpr std::size_t id_length_max = 64;
constexpr std::size_t text_length_max = 255;

/// Why a line cannot be used. Leaves this file as an error.
struct malformed {
  std::string why;
};

/// The fields of one object, each taken once.
class fields {
public:
  explicit fields(const json& object) : left_(object) { // Braces would make an array of it.
    if (!object.is_object())
      throw malformed{"an object is expected"};
  }

  std::string text(const std::string& name) {
    const json value = take(name);
    if (!value.is_string())
      throw malformed{name + " must be a string"};
    return value.get<std::string>();
  }

  std::string text_or_empty(const std::string& name) {
    return left_.contains(name) ? text(name) : std::string{};
  }

  bool flag(const std::string& name) {
    if (!left_.contains(name))
      return false;
    const json value = take(name);
    if (!value.is_boolean())
      throw malformed{name + " must be true or false"};
    return value.get<bool>();
  }

  std::int64_t amount(const std::string& name) {
    const json value = take(name);
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() <= most;
    if (!fits || value.get<std::int64_t>() == 0)
      throw malformed{name + " must be a positive integer, in minor units"};
    return value.get<std::int64_t>();
  }

  std::int64_t amount_or_all(const std::string& name) {
    return left_.contains(name) ? amount(name) : 0;
  }

  void expect_no_more() const {
    if (!left_.empty())
      throw malformed{"the field " + left_.begin().key() + " is not known"};
  }

private:
  json take(const std::string& name) {
    const auto found = left_.find(name);
    if (found == left_.end())
      throw malformed{name + " is missing"};
    json value = std::move(*found);
    left_.erase(found);
    return value;
  }

  json left_;
};

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::string key_in(fields& from, const std::string& name) {
  std::string key = from.text(name);
  if (key.empty() || key.size() > text_length_max || !std::ranges::all_of(key, is_printable))
    throw malformed{name + " must be 1 to 255 printable ASCII characters"};
  return key;
}

std::string account_in(fields& from, const std::string& name) {
  std::string id = from.text(name);
  if (id.empty() || id.size() > id_length_max || !std::ranges::all_of(id, is_id_character))
    throw malformed{name + " must be 1 to 64 of a-z A-Z 0-9 . _ -"};
  return id;
}

std::string currency_in(fields& from) {
  std::string code = from.text("currency");
  if (code.size() != 3 || !std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; }))
    throw malformed{"currency must be an ISO 4217 code, such as EUR"};
  return code;
}

std::string existence_of(const std::string& account) {
  return "account " + account;
}

std::string credit_of(const std::string& account) {
  return "credit " + account;
}

/// A key that comes again must find what the first request has done.
std::string use_of_key(const std::string& key) {
  return "key " + key;
}

operation account_operation(fields from) {
  v1::CreateAccountRequest request;
  request.set_id(account_in(from, "id"));
  request.set_currency(currency_in(from));
  request.set_overdraft(from.flag("overdraft"));
  from.expect_no_more();
  const account_body body{.currency = request.currency(), .overdraft = request.overdraft()};
  return {.id = {.kind = operation_kind::account, .key = request.id()},
          .body = body_hash(body),
          .request = request,
          .needs = {existence_of(request.id())},
          .touches = {existence_of(request.id())}};
}

v1::CreatePaymentRequest payment_request(fields& from) {
  v1::CreatePaymentRequest request;
  request.set_idempotency_key(key_in(from, "idempotency_key"));
  request.set_from(account_in(from, "from"));
  request.set_to(account_in(from, "to"));
  request.set_amount(from.amount("amount"));
  request.set_currency(currency_in(from));
  request.set_capture_method(from.flag("manual_capture") ? v1::MANUAL : v1::AUTOMATIC);
  request.set_description(from.text_or_empty("description"));
  from.expect_no_more();
  if (request.from() == request.to())
    throw malformed{"from and to must be different accounts"};
  if (request.description().size() > text_length_max)
    throw malformed{"description must be at most 255 bytes"};
  return request;
}

operation payment_operation(fields from) {
  const v1::CreatePaymentRequest request = payment_request(from);
  const payment_body body{.from = request.from(),
                          .to = request.to(),
                          .amount = request.amount(),
                          .currency = request.currency(),
                          .manual_capture = request.capture_method() == v1::MANUAL,
                          .description = request.description()};
  const std::string id = payment_id_of(request.idempotency_key());
  const std::string key = use_of_key(request.idempotency_key());
  return {.id = {.kind = operation_kind::payment, .key = request.idempotency_key()},
          .body = body_hash(body),
          .request = request,
          .needs = {id, key, existence_of(request.from()), existence_of(request.to()),
                    credit_of(request.from())},
          .touches = {id, key, credit_of(request.to())}};
}

/// Of a capture, void or refund.
template <class Request>
operation change_operation(operation_kind kind, fields from) {
  Request request;
  change_body body{.kind = kind, .payment_id = {}, .amount = 0};
  request.set_idempotency_key(key_in(from, "idempotency_key"));
  request.set_id(payment_id_of(key_in(from, "payment_key")));
  if constexpr (requires { request.set_amount(0); })
    request.set_amount(body.amount = from.amount_or_all("amount"));
  from.expect_no_more();
  body.payment_id = request.id();
  return {.id = {.kind = kind, .key = request.idempotency_key()},
          .body = body_hash(body),
          .request = request,
          .needs = {request.id(), use_of_key(request.idempotency_key())},
          .touches = {request.id(), use_of_key(request.idempotency_key())}};
}

operation operation_in(const json& line) {
  if (!line.is_object() || line.size() != 1)
    throw malformed{"an object with one operation is expected"};
  const auto kind = operation_kind_of(line.begin().key());
  if (!kind)
    throw malformed{"the operation " + line.begin().key() + " is not known"};
  fields from{line.begin().value()};
  switch (*kind) {
  case operation_kind::account:
    return account_operation(std::move(from));
  case operation_kind::payment:
    return payment_operation(std::move(from));
  case operation_kind::capture:
    return change_operation<v1::CapturePaymentRequest>(*kind, std::move(from));
  case operation_kind::void_payment:
    return change_operation<v1::VoidPaymentRequest>(*kind, std::move(from));
  case operation_kind::refund:
    return change_operation<v1::RefundPaymentRequest>(*kind, std::move(from));
  }
  throw malformed{"the operation is not known"};
}

} // namespace

result<operation> parse_operation(std::string_view line) {
  const json parsed = json::parse(line, nullptr, false);
  if (parsed.is_discarded())
    return fail(errc::invalid_argument, "this is not JSON");
  try {
    return operation_in(parsed);
  } catch (const malformed& reason) {
    return fail(errc::invalid_argument, reason.why);
  }
}

result<std::optional<operation>> read_operation(std::istream& in, std::uint64_t& line) {
  for (std::string text; std::getline(in, text);) {
    ++line;
    if (text.find_first_not_of(" \t\r") == std::string::npos)
      continue;
    auto parsed = parse_operation(text);
    if (!parsed)
      return fail(errc::invalid_argument,
                  "line " + std::to_string(line) + ": " + parsed.error().message);
    return std::optional{std::move(*parsed)};
  }
  return std::optional<operation>{};
}

result<std::uint64_t> count_operations(std::istream& in) {
  std::uint64_t line = 0;
  for (std::uint64_t count = 0;; ++count) {
    const auto next = read_operation(in, line);
    if (!next)
      return tl::unexpected(next.error());
    if (!*next)
      return count;
  }
}

} // namespace ducat::cli
