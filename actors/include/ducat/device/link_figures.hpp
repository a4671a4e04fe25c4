/// What there is to say of a link.
#pragma once

#include <ducat/device/link_options.hpp>
#include <ducat/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace ducat::device {

struct link_figures {
  link_state state = link_state::down;
  std::string why{}; ///< It is in that state. For people; not stable.
  std::optional<time_point> signed_on_since{};
  std::uint32_t echoes_missed = 0;
  std::size_t in_flight = 0;
  std::uint64_t answered = 0; ///< Requests. As all below: since the life of the link began.
  std::uint64_t unknown = 0;
  std::uint64_t unmatched = 0;
  std::uint64_t garbled = 0;            ///< Messages that could not be read.
  std::optional<duration> answer_p50{}; ///< Of the last answers, some hundreds at most.
  std::optional<duration> answer_p99{};
};

} // namespace ducat::device
