/// Where two sources differ about the same money. Pure.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::settlement {

/// One movement as a source states it.
struct reconciliation_item {
  std::string reference{}; ///< 1 to 255 bytes: what the sources have in common, see reference_of().
  std::string batch{};     ///< Under which the bank books it; only of the acquirer's items.
  std::int64_t amount = 0; ///< Minor units; negative: a refund.
  std::uint32_t currency{};          ///< Its number in ISO 4217.
  std::optional<std::int64_t> fee{}; ///< What the acquirer keeps; nothing: the source does not say.
  std::uint32_t business_date = 0;   ///< yyyymmdd; 0: the source does not say.
  std::uint64_t window = 0;          ///< Only of ours.

  /// It is of another window, and is here only to be paired. Of ours: what it is paired with counts
  /// nowhere. Of the acquirer: it counts if it is paired with one that counts, and is in no batch.
  bool is_aside = false;

  friend bool operator==(const reconciliation_item&, const reconciliation_item&) = default;
};

std::ostream& operator<<(std::ostream& out, const reconciliation_item& what);

/// Returns how a card payment is known to all: the RRN (DE37), and the STAN (DE11) of the message
/// that moved the money, since a refund has the RRN of its capture.
std::string reference_of(std::string_view rrn, std::string_view stan);

/// Of which two sources a difference is.
enum class reconciliation_leg : std::uint8_t {
  acquirer = 1, ///< Internal: ours; external: the acquirer's.
  bank = 2,     ///< Internal: the acquirer's, less its fees; external: the bank's.
};

/// What a pair of items, or an item without another, is. Of a pair the first that holds, in the
/// order currency, amount, fee, late, matched. Values are stored (ducat.v1.SettlementDifference):
/// never renumber.
enum class difference_class : std::uint8_t {
  matched = 1,
  amount = 2,
  currency = 3,
  fee = 4,                ///< Only if both sources state one.
  missing_external = 5,   ///< Only the internal source has it.
  missing_internal = 6,   ///< Only the external source has it.
  duplicate_external = 7, ///< The external source has it more often than the internal one.
  late = 8, ///< They agree but for the business date, or the external source does not yet reach the
            ///< business date of an item that it does not have.
};

constexpr std::uint8_t difference_classes = 8;

std::string_view to_string(reconciliation_leg value) noexcept;
std::string_view to_string(difference_class value) noexcept;
std::ostream& operator<<(std::ostream& out, reconciliation_leg value);
std::ostream& operator<<(std::ostream& out, difference_class value);

/// Invariant: at least one of `internal` and `external` is there. Together with the window, `leg`,
/// `what`, `reference` and `occurrence` name it.
struct difference {
  reconciliation_leg leg = reconciliation_leg::acquirer;
  difference_class what = difference_class::matched;
  std::uint32_t occurrence = 0; ///< From 0, among those of its class and reference.
  std::uint64_t window = 0;     ///< Of the internal item, or else of the reconciliation.
  std::optional<reconciliation_item> internal{};
  std::optional<reconciliation_item> external{};

  const std::string& reference() const {
    return internal ? internal->reference : external->reference;
  }

  friend bool operator==(const difference&, const difference&) = default;
};

std::ostream& operator<<(std::ostream& out, const difference& what);

} // namespace ducat::settlement
