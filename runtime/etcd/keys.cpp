#include "etcd/keys.hpp"

#include <charconv>

namespace ducat::etcd {

namespace {

constexpr std::size_t index_digits = 16;
constexpr std::string_view entries = "entry/";

/// Returns the number that is all of `text`.
std::optional<std::uint64_t> number_in(std::string_view text, int base) {
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.begin(), text.end(), number, base);
  return code == std::errc{} && end == text.end() ? std::optional{number} : std::nullopt;
}

} // namespace

std::string keys::entry(std::uint64_t index) const {
  std::string digits(index_digits, '0');
  for (std::size_t i = 0; i < index_digits; ++i)
    digits[index_digits - 1 - i] = "0123456789abcdef"[index >> (4 * i) & 15];
  return prefix_ + std::string{entries} + digits;
}

std::optional<std::uint64_t> keys::index_in(std::string_view key) const {
  const std::string begin = prefix_ + std::string{entries};
  if (!key.starts_with(begin) || key.size() != begin.size() + index_digits)
    return std::nullopt;
  return number_in(key.substr(begin.size()), 16);
}

std::string encode(const epoch_record& record) {
  return std::to_string(record.number) + " " + record.taken_by;
}

std::optional<epoch_record> decode_epoch(std::string_view bytes) {
  const std::size_t space = bytes.find(' ');
  if (space == std::string_view::npos)
    return std::nullopt;
  const auto number = number_in(bytes.substr(0, space), 10);
  if (!number)
    return std::nullopt;
  return epoch_record{*number, std::string{bytes.substr(space + 1)}};
}

} // namespace ducat::etcd
