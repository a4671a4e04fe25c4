#include "record/operation.hpp"

#include <algorithm>
#include <charconv>

namespace ducat::cli {

namespace {

constexpr std::string_view payment_prefix = "pay_";

half_digest half_of(const digest& whole) {
  half_digest half{};
  std::copy_n(whole.begin(), half.size(), half.begin());
  return half;
}

half_digest id_digest(std::string_view kind, std::string_view key) {
  return half_of(sha256({kind, std::string_view{"\0", 1}, key}));
}

/// Fields that are hashed together. Lengths keep them apart, whatever they hold. A thread has one
/// at a time: they share their memory.
class hashed_fields {
public:
  hashed_fields() { text_.clear(); }

  hashed_fields& add(std::string_view field) {
    append_digits(field.size());
    text_ += ':';
    text_ += field;
    return *this;
  }

  hashed_fields& add(std::int64_t number) {
    std::array<char, 20> digits{};
    const char* const end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    return add(std::string_view{digits.begin(), end});
  }

  half_digest digest() const { return half_of(sha256({text_})); }

private:
  static std::string& shared_text() {
    thread_local std::string text;
    return text;
  }

  /// Most fields are short.
  void append_digits(std::size_t number) {
    if (number < 10)
      text_ += static_cast<char>('0' + number);
    else
      text_ += std::to_string(number);
  }

  std::string& text_ = shared_text();
};

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string_view word_of(bool value) {
  return value ? "1" : "0";
}

} // namespace

std::string_view to_string(operation_kind kind) noexcept {
  switch (kind) {
  case operation_kind::account:
    return "account";
  case operation_kind::payment:
    return "payment";
  case operation_kind::capture:
    return "capture";
  case operation_kind::void_payment:
    return "void";
  case operation_kind::refund:
    return "refund";
  }
  return "?";
}

std::optional<operation_kind> operation_kind_of(std::string_view word) noexcept {
  for (const operation_kind kind :
       {operation_kind::account, operation_kind::payment, operation_kind::capture,
        operation_kind::void_payment, operation_kind::refund})
    if (word == to_string(kind))
      return kind;
  return std::nullopt;
}

std::string name_of(const operation_id& id) {
  return (id.kind == operation_kind::account ? "a" : "k") + id.key;
}

std::string digits_of(const half_digest& value) {
  std::string text(2 * value.size(), '0');
  for (std::size_t i = 0; i < value.size(); ++i) {
    text[2 * i] = hex_digits[value[i] >> 4];
    text[2 * i + 1] = hex_digits[value[i] & 0xf];
  }
  return text;
}

std::optional<half_digest> half_digest_in(std::string_view digits) noexcept {
  half_digest value{};
  std::array<std::uint8_t, 2 * value.size()> worth{};
  if (digits.size() != worth.size())
    return std::nullopt;
  unsigned odd = 0;                                // Not 0 as soon as one is no digit.
  for (std::size_t i = 0; i < worth.size(); ++i) { // No table: this is done for many at once.
    const auto digit = static_cast<std::uint8_t>(digits[i]);
    worth[i] = static_cast<std::uint8_t>((digit & 0xf) + ((digit >> 6) & 1) * 9);
    const auto shown_as = static_cast<std::uint8_t>(worth[i] + (worth[i] > 9 ? 'a' - 10 : '0'));
    odd |= static_cast<std::uint8_t>((shown_as ^ digit) | (worth[i] & 0x10));
  }
  for (std::size_t i = 0; i < value.size(); ++i)
    value[i] = static_cast<std::uint8_t>((worth[2 * i] << 4) | worth[2 * i + 1]);
  return odd != 0 ? std::nullopt : std::optional{value};
}

std::optional<half_digest> payment_digest_in(std::string_view id) noexcept {
  return id.starts_with(payment_prefix) ? half_digest_in(id.substr(payment_prefix.size()))
                                        : std::nullopt;
}

half_digest payment_digest_of(std::string_view idempotency_key) {
  return id_digest("payment", idempotency_key);
}

std::string payment_id_of(std::string_view idempotency_key) {
  return payment_id_of(payment_digest_of(idempotency_key));
}

std::string payment_id_of(const half_digest& digest) {
  return std::string{payment_prefix} + digits_of(digest);
}

std::string refund_id_of(std::string_view idempotency_key) {
  return "ref_" + digits_of(id_digest("refund", idempotency_key));
}

half_digest body_digest(const account_body& body) {
  return hashed_fields{}.add("account").add(body.currency).add(word_of(body.overdraft)).digest();
}

half_digest body_digest(const payment_body& body) {
  hashed_fields fields;
  fields.add("payment").add(body.from).add(body.to).add(body.amount);
  fields.add(body.currency).add(word_of(body.manual_capture)).add(body.description);
  for (const auto& [key, value] : body.metadata)
    fields.add(key).add(value);
  return fields.digest();
}

half_digest body_digest(const change_body& body) {
  return hashed_fields{}.add(to_string(body.kind)).add(body.payment_id).add(body.amount).digest();
}

std::string body_hash(const account_body& body) {
  return digits_of(body_digest(body));
}

std::string body_hash(const payment_body& body) {
  return digits_of(body_digest(body));
}

std::string body_hash(const change_body& body) {
  return digits_of(body_digest(body));
}

} // namespace ducat::cli
