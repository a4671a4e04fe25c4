#include <ducat/iso8583/mti.hpp>

#include <algorithm>
#include <ostream>

namespace ducat::iso8583 {

namespace {

std::optional<std::string> text_of(const std::optional<mti>& type) {
  return type ? std::optional{to_string(*type)} : std::nullopt;
}

char digit(unsigned number) {
  return static_cast<char>('0' + number);
}

} // namespace

bool mti::wants_answer() const noexcept {
  return function == message_function::request || function == message_function::advice;
}

bool mti::is_answer() const noexcept {
  return function == message_function::response || function == message_function::advice_response;
}

std::optional<mti> parse_mti(std::string_view digits) noexcept {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.size() != 4 || !std::ranges::all_of(digits, is_digit))
    return std::nullopt;
  if (digits[1] < '1' || digits[1] > '8' || digits[2] > '4' || digits[3] > '5')
    return std::nullopt;
  const auto number = [&](std::size_t at) { return static_cast<std::uint8_t>(digits[at] - '0'); };
  return mti{.version = digits[0],
             .kind = static_cast<message_class>(number(1)),
             .function = static_cast<message_function>(number(2)),
             .origin = static_cast<message_origin>(number(3) & ~1U),
             .is_repeat = number(3) % 2 != 0};
}

std::string to_string(const mti& type) {
  return {type.version, digit(static_cast<unsigned>(type.kind)),
          digit(static_cast<unsigned>(type.function)),
          digit(static_cast<unsigned>(type.origin) + (type.is_repeat ? 1U : 0U))};
}

std::ostream& operator<<(std::ostream& out, const mti& type) {
  return out << to_string(type);
}

std::optional<mti> response_to(const mti& request) noexcept {
  if (!request.wants_answer())
    return std::nullopt;
  mti response = request;
  response.function = request.function == message_function::request
                          ? message_function::response
                          : message_function::advice_response;
  response.is_repeat = false;
  return response;
}

std::optional<mti> repeat_of(const mti& request) noexcept {
  if (request.is_answer())
    return std::nullopt;
  mti repeat = request;
  repeat.is_repeat = true;
  return repeat;
}

std::optional<std::string> response_to(std::string_view request) {
  const auto type = parse_mti(request);
  return type ? text_of(response_to(*type)) : std::nullopt;
}

std::optional<std::string> repeat_of(std::string_view request) {
  const auto type = parse_mti(request);
  return type ? text_of(repeat_of(*type)) : std::nullopt;
}

} // namespace ducat::iso8583
