/// What is remembered of settlement. Pure.
#pragma once

#include "settlement/accrual.hpp"

#include <ducat/settlement/fee.hpp>
#include <ducat/settlement/split.hpp>
#include <ducat/v1/payment.pb.h>
#include <ducat/v1/settlement.pb.h>
#include <ducat/v1/settlement_journal.pb.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ducat::settlement {

/// What one participant owes another, by their places.
using obligation_map = std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t>;

/// Invariant: total is the sum of `merchants`, or of those that were let go.
struct window_record {
  v1::Window facts; ///< Without its total and the number of merchants.
  accrual total{};
  std::map<std::uint32_t, accrual> merchants{}; ///< By place. Empty if they were let go.
  std::size_t let_go = 0;                       ///< How many merchants only the store has.
  obligation_map owed{};                        ///< Amounts are not 0.
};

/// Where a payout of a merchant stands.
struct merchant_payout {
  std::uint32_t batch; ///< Place of the batch, and of the payout in it.
  std::uint32_t place;
  std::uint64_t paid_to; ///< The last window that is in this payout or one before.
};

struct merchant_record {
  v1::PutMerchant terms;
  std::uint32_t account = 0;   ///< Place of its account.
  std::uint32_t available = 0; ///< The same, of `ID.available`.
  std::uint32_t reserve = 0;
  std::uint32_t currency = 0; ///< Number of ISO 4217.
  fee_rule discount{};
  split_rule split{};
  std::uint64_t unpaid_from = 1;                    ///< The first window that is in no payout.
  std::uint32_t month = 0;                          ///< yyyymm, of the business date,
  std::int64_t volume = 0;                          ///< and what was captured in it.
  std::map<std::uint64_t, std::int64_t> reserves{}; ///< Held and not released, by window.
  std::int64_t let_go = 0; ///< What windows from unpaid_from on, which were let go, brought. Not
                           ///< stored: it follows from them.
  std::vector<merchant_payout> payouts{}; ///< The oldest first. Not stored: it follows from them.
};

/// Returns whether a reserve of the merchant is released with that window.
inline bool is_release_due(const merchant_record& of, std::uint64_t window) {
  return !of.reserves.empty() && of.reserves.begin()->first + of.terms.reserve_windows() <= window;
}

struct participant_record {
  v1::PutParticipant terms;
  std::uint32_t currency = 0;
  std::uint32_t settlement = 0; ///< Place of the account `ID.settlement`.
  fee_rule interchange{};
};

struct settlement_record {
  v1::Settlement facts;     ///< Without what follows from the steps left.
  std::uint32_t cursor = 0; ///< Merchants of a smaller place are settled.
};

struct batch_record {
  v1::PayoutBatch facts;
  std::uint32_t cursor = 0; ///< As above.
  std::vector<v1::Payout> payouts{};
};

/// The settlement of one currency. Windows are numbered from 1, without gaps.
struct ledger_record {
  v1::ConfigureSettlement terms;
  std::uint32_t currency = 0;
  std::vector<window_record> windows{};
  std::uint64_t unsettled_from = 1; ///< Every window before is settled.
  std::uint64_t kept_from = 1;      ///< Every window before was let go. Not stored.
  std::vector<settlement_record> settlements{};
  std::vector<batch_record> batches{};
};

} // namespace ducat::settlement
