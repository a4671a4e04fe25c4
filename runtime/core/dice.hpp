/// Chance, from a seed.
#pragma once

#include <ducat/time.hpp>

#include <cstdint>
#include <random>

namespace ducat {

/// The same seed gives the same draws on every machine and in every build. Not thread-safe.
class dice {
public:
  explicit dice(std::uint64_t seed) : engine_{seed} {}

  /// Returns a number below `end`, which is not 0. What a modulo favours is too little to matter.
  std::uint64_t below(std::uint64_t end) { return engine_() % end; }

  bool happens(unsigned times_in_thousand) { return below(1'000) < times_in_thousand; }

  /// Returns a duration from `least` to `most`.
  duration between(duration least, duration most) {
    return least + duration{static_cast<duration::rep>(
                       below(static_cast<std::uint64_t>((most - least).count()) + 1))};
  }

private:
  std::mt19937_64 engine_; // Its numbers are those of the standard; its distributions are not.
};

} // namespace ducat
