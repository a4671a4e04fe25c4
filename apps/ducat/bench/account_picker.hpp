/// Which two accounts a transfer moves money between.
#pragma once

#include "load/random.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ducat::bench {

enum class distribution : std::uint8_t {
  uniform, ///< Every account is as likely as any other.
  zipf,    ///< Account k is drawn 1/k as often as account 1, on both sides.
  hot,     ///< Account 1 is credited by every transfer; the debited one is uniform.
};

std::string_view to_string(distribution shape) noexcept;

/// Numbers from 1 to the number of accounts. Never the same account twice.
struct account_pair {
  std::uint64_t debit;
  std::uint64_t credit;
};

/// Immutable: any number of threads may pick at the same time.
class account_picker {
public:
  /// `accounts` is at least 2.
  account_picker(distribution shape, std::uint64_t accounts);

  account_pair pick(cli::random_numbers& random) const;

private:
  /// A slot of Walker's alias table: drawn evenly, it stands for its own account with `own`, else
  /// for `other`. One draw costs the same for every shape.
  struct slot {
    double own = 1;
    std::size_t other = 0;
  };

  static std::vector<slot> zipf_slots(std::uint64_t accounts);
  std::uint64_t pick_one(cli::random_numbers& random) const;

  distribution shape_;
  std::uint64_t accounts_;
  std::vector<slot> slots_; ///< Empty unless zipf.
};

} // namespace ducat::bench
