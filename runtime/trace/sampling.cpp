#include <ducat/trace.hpp>

#include <cstddef>

namespace ducat::trace {

namespace {

constexpr std::size_t places = 6;
constexpr std::uint64_t one = 1'000'000; ///< In millionths, as ratios are read.
constexpr std::uint64_t all_values = std::uint64_t{1} << 56;

/// Returns the number of those digits; nothing if there is another character.
std::optional<std::uint64_t> number_in(std::string_view digits) noexcept {
  std::uint64_t number = 0;
  for (const char each : digits) {
    if (each < '0' || each > '9')
      return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(each - '0');
  }
  return number;
}

/// Returns so many millionths of all values, without a number that is too large on the way.
constexpr std::uint64_t share_of(std::uint64_t millionths) noexcept {
  return millionths * (all_values / one) + millionths * (all_values % one) / one;
}

static_assert(share_of(one) == all_values);

} // namespace

std::optional<sampling_ratio> sampling_ratio::parse(std::string_view text) noexcept {
  const bool has_point = text.size() > 1 && text[1] == '.';
  const std::string_view behind = has_point ? text.substr(2) : std::string_view{};
  if (text.empty() || (text.size() > 1 && behind.empty()) || behind.size() > places)
    return std::nullopt;
  const auto whole = number_in(text.substr(0, 1));
  auto part = number_in(behind);
  if (!whole || !part)
    return std::nullopt;
  for (std::size_t i = behind.size(); i < places; ++i)
    *part *= 10;
  const std::uint64_t millionths = *whole * one + *part;
  return millionths > one ? std::nullopt : std::optional{sampling_ratio{share_of(millionths)}};
}

bool sampling_ratio::takes(const trace_id& id) const noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 9; i < id.bytes.size(); ++i)
    value = value << 8 | id.bytes[i];
  return value >= all_values - share_;
}

} // namespace ducat::trace
