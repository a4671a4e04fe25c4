#include "bench/account_picker.hpp"

#include <ducat/check.hpp>

namespace ducat::bench {

std::string_view to_string(distribution shape) noexcept {
  switch (shape) {
  case distribution::uniform:
    return "uniform";
  case distribution::zipf:
    return "zipf";
  case distribution::hot:
    return "hot";
  }
  return "unknown";
}

account_picker::account_picker(distribution shape, std::uint64_t accounts)
    : shape_{shape}, accounts_{accounts} {
  DUCAT_CHECK(accounts >= 2);
  if (shape == distribution::zipf)
    slots_ = zipf_slots(accounts);
}

/// Vose's way: the slots with less than an even share are filled up by those with more.
std::vector<account_picker::slot> account_picker::zipf_slots(std::uint64_t accounts) {
  double total = 0;
  for (std::uint64_t k = 1; k <= accounts; ++k)
    total += 1.0 / static_cast<double>(k);
  std::vector<slot> slots(accounts);
  std::vector<std::size_t> poor;
  std::vector<std::size_t> rich;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    slots[i].own = static_cast<double>(accounts) / (static_cast<double>(i + 1) * total);
    (slots[i].own < 1 ? poor : rich).push_back(i);
  }
  while (!poor.empty() && !rich.empty()) {
    const std::size_t from = rich.back();
    slots[poor.back()].other = from;
    slots[from].own -= 1 - slots[poor.back()].own;
    poor.pop_back();
    if (slots[from].own < 1) {
      rich.pop_back();
      poor.push_back(from);
    }
  }
  for (const std::size_t i : poor) // What rounding has left.
    slots[i].own = 1;
  return slots;
}

std::uint64_t account_picker::pick_one(cli::random_numbers& random) const {
  const std::uint64_t at = random.below(accounts_);
  if (slots_.empty())
    return at + 1;
  const double share = static_cast<double>(random.next() >> 11) * 0x1p-53;
  return (share < slots_[at].own ? at : slots_[at].other) + 1;
}

account_pair account_picker::pick(cli::random_numbers& random) const {
  if (shape_ == distribution::hot)
    return {2 + random.below(accounts_ - 1), 1};
  const std::uint64_t debit = pick_one(random);
  std::uint64_t credit = pick_one(random);
  while (credit == debit)
    credit = pick_one(random);
  return {debit, credit};
}

} // namespace ducat::bench
