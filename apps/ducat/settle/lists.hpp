/// What of settlement is shown, as tables. Amounts are in minor units, as everywhere.
#pragma once

#include "client/session.hpp"

#include <ducat/time.hpp>
#include <ducat/v1/exception.pb.h>
#include <ducat/v1/settlement.pb.h>

#include <iosfwd>

namespace ducat::cli {

void print(std::ostream& out, const v1::ListLedgersReply& list);
void print(std::ostream& out, const v1::ListWindowsReply& list);
void print(std::ostream& out, const v1::ListSettlementsReply& list);
void print(std::ostream& out, const v1::ListMerchantWindowsReply& list);
void print(std::ostream& out, const v1::ListMembersReply& list);
void print(std::ostream& out, const v1::ListMerchantsReply& list);
void print(std::ostream& out, const v1::ListParticipantsReply& list);
void print(std::ostream& out, const v1::ListPayoutsReply& list);
void print(std::ostream& out, const v1::ListPayoutBatchesReply& list);
void print(std::ostream& out, const v1::ListPositionsReply& list);

/// Prints one line for each, with its age at `now`. Suspense is what the external source has more
/// than the internal one: -100 EUR is 100 EUR less.
void print(std::ostream& out, const v1::ListSettlementExceptionsReply& list, log_time now);

/// Prints all there is of one.
void print_in_full(std::ostream& out, const v1::SettlementException& shown, log_time now);

/// Prints the files of settlements and batches.
void print_files(std::ostream& out, const v1::ListSettlementsReply& settlements,
                 const v1::ListPayoutBatchesReply& batches);

} // namespace ducat::cli
