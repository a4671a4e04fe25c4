#include <ducat/iso8583/elements.hpp>

#include <algorithm>
#include <charconv>

namespace ducat::iso8583 {

namespace {

constexpr std::size_t amount_digits = 12;
constexpr std::size_t mti_size = 4;
constexpr std::size_t stan_size = 6;
constexpr std::size_t time_size = 10;
constexpr std::size_t institution_size = 11;
constexpr std::size_t whole_size = mti_size + stan_size + time_size + 2 * institution_size;

bool is_digits(std::string_view text, std::size_t size) {
  return text.size() == size &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string with_zeros(std::string_view digits, std::size_t size) {
  const std::size_t missing = size - std::min(size, digits.size());
  return std::string(missing, '0') += digits;
}

bool is_good(const original_data& original) {
  return is_digits(original.mti, mti_size) && is_digits(original.stan, stan_size) &&
         is_digits(original.transmitted_at, time_size) &&
         is_digits(original.acquirer, institution_size) &&
         is_digits(original.forwarder, institution_size);
}

} // namespace

std::optional<std::string> amount_text(std::int64_t amount_minor) {
  if (amount_minor < 0 || amount_minor > amount_minor_max)
    return std::nullopt;
  return with_zeros(std::to_string(amount_minor), amount_digits);
}

std::optional<std::int64_t> parse_amount(std::string_view text) noexcept {
  if (!is_digits(text, amount_digits))
    return std::nullopt;
  std::int64_t amount_minor = 0;
  std::from_chars(text.data(), text.data() + text.size(), amount_minor);
  return amount_minor;
}

std::optional<original_data> original_data_of(const message& original) {
  const auto part = [&](int field) { return std::string{original.find(field).value_or("")}; };
  original_data data{.mti = original.mti(),
                     .stan = part(11),
                     .transmitted_at = part(7),
                     .acquirer = with_zeros(part(32), institution_size),
                     .forwarder = with_zeros(part(33), institution_size)};
  return is_good(data) ? std::optional{std::move(data)} : std::nullopt;
}

std::optional<std::string> to_text(const original_data& original) {
  if (!is_good(original))
    return std::nullopt;
  return original.mti + original.stan + original.transmitted_at + original.acquirer +
         original.forwarder;
}

std::optional<original_data> parse_original_data(std::string_view text) {
  if (!is_digits(text, whole_size))
    return std::nullopt;
  const auto take = [&](std::size_t size) {
    std::string part{text.substr(0, size)};
    text.remove_prefix(size);
    return part;
  };
  original_data data;
  data.mti = take(mti_size);
  data.stan = take(stan_size);
  data.transmitted_at = take(time_size);
  data.acquirer = take(institution_size);
  data.forwarder = take(institution_size);
  return data;
}

} // namespace ducat::iso8583
