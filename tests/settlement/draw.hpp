/// Numbers for random tests.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>

namespace ducat::settlement::test {

/// Returns DUCAT_SEED, or another seed each time.
/// Tell it with SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed)).
inline std::uint64_t seed_of_this_run() {
  const char* const given = std::getenv("DUCAT_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

/// Draws whole numbers. The same seed draws the same ones.
class draw {
public:
  explicit draw(std::uint64_t seed) : engine_(seed) {}

  /// Returns a number of [from, to].
  std::int64_t whole(std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>{from, to}(engine_);
  }

  /// Returns a number of [from, to] for a count, an index or a rate.
  std::uint32_t small(std::uint32_t from, std::uint32_t to) {
    return std::uniform_int_distribution<std::uint32_t>{from, to}(engine_);
  }

  /// Returns an amount of [0, to], of each length as often.
  std::int64_t amount(std::int64_t to) { return whole(0, to >> small(0, 62)); }

private:
  std::mt19937_64 engine_;
};

} // namespace ducat::settlement::test
