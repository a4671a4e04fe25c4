/// Three-way reconciliation: what we have captured and refunded, what the acquirer says of it, and
/// what the bank has booked. In bounded memory, however many items there are.
#pragma once

#include <ducat/error.hpp>
#include <ducat/settlement/difference.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace ducat::settlement {

/// Takes a difference. It is never of the class matched.
using difference_sink = std::function<void(const difference&)>;

/// Takes a pair that counts, and what it is; also if it is matched.
using pair_sink = std::function<void(reconciliation_leg leg, difference_class what,
                                     const reconciliation_item& internal,
                                     const reconciliation_item& external)>;

/// Of one leg and currency, in minor units. What differs is external less internal, summed over the
/// differences alone.
struct currency_sums {
  std::int64_t internal_count = 0;
  std::int64_t external_count = 0;
  std::int64_t count_differences = 0;
  std::int64_t internal = 0;
  std::int64_t external = 0;
  std::int64_t differences = 0;
  std::int64_t internal_fees = 0;
  std::int64_t external_fees = 0;
  std::int64_t fee_differences = 0;
  std::int64_t fees_not_compared = 0; ///< The same, of pairs of which one states no fee.

  friend bool operator==(const currency_sums&, const currency_sums&) = default;
};

struct leg_sums {
  std::map<std::uint32_t, currency_sums> by_currency{};
  std::array<std::uint64_t, difference_classes + 1> counts{}; ///< By the number of the class.

  std::uint64_t count(difference_class of) const { return counts.at(static_cast<std::size_t>(of)); }
};

/// Returns whether internal + differences = external, in each currency: counts, amounts and fees.
bool holds(const leg_sums& sums);

struct reconciliation_sums {
  leg_sums acquirer{};
  leg_sums bank{};
};

struct reconciliation_options {
  std::filesystem::path
      directory{}; ///< For files without a name, while there is not enough memory.
  std::size_t items_in_memory = 200'000; ///< Of each leg.
  std::uint64_t window = 0;              ///< Of what only others have.

  /// The last business date, yyyymmdd, which the source holds whole; 0: whatever was to come has
  /// come.
  std::uint32_t acquirer_through = 0;
  std::uint32_t bank_through = 0;

  bool has_bank = true;         ///< If not, only ours and the acquirer are compared.
  bool bank_has_batches = true; ///< Its references are the batches of the acquirer's items.
};

/// Takes the items of the three sources, in any order, and then tells what differs. Items of open
/// exceptions of windows before are given once more, as ours. Memory: items_in_memory for each leg
/// and a sum for each batch. If there are more items, they go to files by a hash of their
/// references, 16 at a time, and those that are still too large once more: each item is written
/// once for each factor of 16. For one thread.
class reconciliation {
public:
  explicit reconciliation(reconciliation_options options);
  reconciliation(const reconciliation&) = delete;
  reconciliation& operator=(const reconciliation&) = delete;
  ~reconciliation();

  /// Errors of each: invalid_argument (a reference of another size than 1 to 255 bytes; a sum that
  /// is no int64; of the acquirer, no batch though the bank has them), io (the disk is full),
  /// overloaded (more than batches_max batches). After an error the object is of no more use.
  result<void> add_ours(const reconciliation_item& item);
  result<void> add_acquirer(const reconciliation_item& item);
  result<void> add_bank(const reconciliation_item& item);

  /// Takes a batch of a window before, which the bank had not booked then.
  result<void> add_batch(const reconciliation_item& batch);

  /// Tells each difference once, in an order that depends on the items alone and not on the order
  /// in which they came, and `pairs`, if there is one, of each pair; returns the sums. Errors: as above, and corrupt (the sums do not hold). To
  /// be called once, at the end.
  result<reconciliation_sums> finish(const difference_sink& sink, const pair_sink& pairs = {});

  static constexpr std::size_t batches_max = 100'000;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace ducat::settlement
