#include "client/utc.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace ducat::cli {

std::string utc(log_time time) {
  constexpr std::uint64_t ns_per_s = 1'000'000'000;
  const auto seconds = static_cast<std::time_t>(time.nanoseconds / ns_per_s);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 16> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%09uZ",
                static_cast<unsigned>(time.nanoseconds % ns_per_s));
  return std::string{date.data()} + fraction.data();
}

std::string about(std::uint64_t milliseconds) {
  const std::uint64_t seconds = milliseconds / 1'000;
  if (seconds < 120)
    return std::to_string(seconds) + " s";
  return seconds < 7'200 ? std::to_string(seconds / 60) + " min"
                         : std::to_string(seconds / 3'600) + " h";
}

} // namespace ducat::cli
