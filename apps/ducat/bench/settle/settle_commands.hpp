/// What the bench of settlement commands: merchants m0, m1, … with fees, a reserve and a bank, each
/// tenth with a split; payers p0, p1, …; and captures. Pure: equal seeds, equal commands.
#pragma once

#include "bench/settle/drawn_capture.hpp"

#include <ducat/v1/journal.pb.h>

#include <cstdint>
#include <vector>

namespace ducat::bench {

constexpr const char* bench_currency = "EUR";
constexpr std::uint32_t bench_date = 20'261'102;

std::vector<v1::Command> accounts_of(const settle_shape& shape);

/// The settlement of the currency, which is to be committed before the merchants.
v1::SettlementCommand settlement_of_currency();

std::vector<v1::Command> merchants_of(const settle_shape& shape);

/// A number of captures and what they are worth, in minor units.
struct capture_sum {
  std::uint64_t count = 0;
  std::int64_t amount = 0;

  friend bool operator==(const capture_sum&, const capture_sum&) = default;
};

class capture_source {
public:
  explicit capture_source(const settle_shape& shape) : shape_{shape}, sums_(shape.merchants) {}

  /// Returns the next so many, as one command.
  v1::Command next(std::uint32_t count);

  /// Returns what was made of each merchant.
  const std::vector<capture_sum>& sums() const noexcept { return sums_; }

private:
  settle_shape shape_;
  std::uint64_t made_ = 0;
  std::vector<capture_sum> sums_;
};

} // namespace ducat::bench
