/// Which of those who ask for what they may not are written down. Pure: the time is an argument.
#pragma once

#include "access/principal.hpp"

#include <ducat/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace ducat::access {

/// What is written down is kept for ever, so that nobody may fill it, nor hide another one behind
/// what they fill it with. Thread-safety: none.
class denial_notes {
public:
  /// Who asks for the same within this time after it was written down is counted only.
  static constexpr std::chrono::hours quiet{1};

  /// Returns whether this denial of `request`, the name of a message, is to be written down: how
  /// many of the same were not since the last one that was. `now` never goes back.
  std::optional<std::uint64_t> note(const principal& who, std::string_view request, time_point now);

  /// Of how many different ones it knows something.
  std::size_t size() const noexcept { return notes_.size(); }

private:
  struct one {
    time_point written{};
    std::uint64_t left_out = 0; ///< Since then.
  };

  void forget_old(time_point now);

  std::map<std::tuple<security::role, std::string, std::string>, one> notes_;
  std::size_t forget_at_ = 1'024;
};

} // namespace ducat::access
