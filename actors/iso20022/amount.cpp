#include <ducat/iso20022/amount.hpp>

namespace ducat::iso20022 {

namespace {

bool is_decimal_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Returns whether `value` could take `digit` behind it. Kept negative: int64 has one more there.
bool append_digit(std::int64_t& value, char digit) noexcept {
  return !__builtin_mul_overflow(value, 10, &value) &&
         !__builtin_sub_overflow(value, digit - '0', &value);
}

} // namespace

std::string to_decimal(std::int64_t minor, std::uint32_t exponent) {
  const auto magnitude =
      minor < 0 ? 0U - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
  std::string digits = std::to_string(magnitude);
  if (digits.size() <= exponent)
    digits.insert(0, exponent + 1 - digits.size(), '0');
  if (exponent > 0)
    digits.insert(digits.size() - exponent, 1, '.');
  return minor < 0 ? '-' + digits : digits;
}

std::optional<std::int64_t> from_decimal(std::string_view text, std::uint32_t exponent) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+'))
    text.remove_prefix(1);
  std::int64_t value = 0;
  std::size_t digits = 0;
  std::optional<std::uint32_t> decimals;
  for (const char c : text) {
    if (c == '.' && !decimals) {
      decimals = 0;
      continue;
    }
    if (!is_decimal_digit(c))
      return std::nullopt;
    ++digits;
    if (decimals && ++*decimals > exponent) {
      if (c != '0')
        return std::nullopt;
    } else if (!append_digit(value, c))
      return std::nullopt;
  }
  if (digits == 0)
    return std::nullopt;
  for (std::uint32_t had = decimals.value_or(0); had < exponent; ++had)
    if (!append_digit(value, '0'))
      return std::nullopt;
  if (negative)
    return value;
  if (__builtin_sub_overflow(std::int64_t{0}, value, &value))
    return std::nullopt;
  return value;
}

std::optional<std::int64_t> add(std::int64_t left, std::int64_t right) noexcept {
  if (__builtin_add_overflow(left, right, &left))
    return std::nullopt;
  return left;
}

} // namespace ducat::iso20022
