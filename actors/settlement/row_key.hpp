/// How settlement's rows in the machine's store are named. They come back in this order:
///
///   key                                   value
///   "s/0/" currency                       v1.StoredSettlementLedger
///   "s/1/" … place                        v1.StoredParticipant
///   "s/2/" … place                        v1.StoredMerchant
///   "s/3/" currency, window               v1.StoredWindow
///   "s/4/" currency, window, merchant     v1.StoredAccrual
///   "s/5/" currency, number               v1.StoredSettlement
///   "s/6/" currency, number               v1.StoredPayoutBatch
///   "s/7/" currency, batch, place         v1.StoredPayout
///   "s/8/" payment                        v1.StoredDispute
#pragma once

#include "settlement/book.hpp"

#include <ducat/v1/settlement_state.pb.h>

#include <optional>
#include <string>
#include <string_view>

namespace ducat::settlement {

inline constexpr std::string_view dispute_prefix = "s/8/";

/// Returns the key, so that the order of keys is that of the ids.
std::string key_of(const row_id& row);

/// Returns what the key names; nothing if it is none.
std::optional<row_id> row_in(std::string_view key);

/// Returns the sums with their splits.
accrual accrual_in(const v1::StoredAccrual& stored);

} // namespace ducat::settlement
