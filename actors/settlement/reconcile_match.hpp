/// Items of the same reference, against each other. Pure.
#pragma once

#include <ducat/settlement/difference.hpp>

#include <functional>
#include <vector>

namespace ducat::settlement {

/// Takes what became of an item or a pair of them. At least one is not null.
using match_sink = std::function<void(difference_class what, const reconciliation_item* internal,
                                      const reconciliation_item* external)>;

/// Returns what a pair is.
difference_class class_of(const reconciliation_item& internal,
                          const reconciliation_item& external) noexcept;

/// Matches all items of both sources, which it sorts. Each item is told once. Among items of the
/// same reference those that agree most are paired: in currency, amount, fee and date; then without
/// the date; without the fee; without the amount; and whatever is left. What has no other then is
/// missing, or late if it is of after `external_through` (0: never), or a duplicate. Items that are
/// aside come last, and are told only in pairs.
void match(std::vector<reconciliation_item>& internal, std::vector<reconciliation_item>& external,
           std::uint32_t external_through, const match_sink& sink);

} // namespace ducat::settlement
