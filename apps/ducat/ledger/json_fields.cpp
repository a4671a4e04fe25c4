#include "ledger/json_fields.hpp"

namespace ducat::cli {

namespace {

using nlohmann::json;

/// Returns the value of a digit in bases up to 16; more than that for what is no digit.
unsigned digit_of(char c) {
  if (c >= '0' && c <= '9')
    return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f')
    return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F')
    return static_cast<unsigned>(c - 'A') + 10;
  return 99;
}

std::optional<u128> parse_u128(std::string_view text) {
  if (text == "max")
    return u128_max;
  const bool is_hex = text.starts_with("0x");
  const unsigned base = is_hex ? 16 : 10;
  if (is_hex)
    text.remove_prefix(2);
  if (text.empty())
    return std::nullopt;
  u128 value = 0;
  for (const char c : text) {
    const unsigned digit = digit_of(c);
    if (digit >= base || __builtin_mul_overflow(value, u128{base}, &value) ||
        __builtin_add_overflow(value, u128{digit}, &value))
      return std::nullopt;
  }
  return value;
}

} // namespace

u128 wide_of(const json& value, std::string_view what) {
  if (value.is_number_unsigned())
    return value.get<std::uint64_t>();
  const auto parsed =
      value.is_string() ? parse_u128(value.get_ref<const std::string&>()) : std::nullopt;
  if (!parsed)
    throw malformed{std::string{what} +
                    " must be an integer from 0 to 2^128-1, as a string when over 2^64-1"};
  return *parsed;
}

json_fields::json_fields(const json& object) : left_(object) { // Braces would make an array of it.
  if (!object.is_object())
    throw malformed{"an object is expected instead of " + object.dump()};
}

std::optional<json> json_fields::take(const char* name) {
  const auto found = left_.find(name);
  if (found == left_.end())
    return std::nullopt;
  std::optional<json> value{std::move(*found)};
  left_.erase(found);
  return value;
}

bool json_fields::flag(const char* name, bool absent) {
  const auto value = take(name);
  if (!value)
    return absent;
  if (!value->is_boolean())
    throw malformed{std::string{name} + " must be true or false"};
  return value->get<bool>();
}

void json_fields::expect_no_more() const {
  if (!left_.empty())
    throw malformed{"the field " + left_.begin().key() + " is not known"};
}

} // namespace ducat::cli
