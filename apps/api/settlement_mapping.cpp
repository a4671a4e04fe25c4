#include "api/settlement_mapping.hpp"

#include "api/request_mapping.hpp"

#include <utility>

namespace ducat::api {

namespace {

/// Moves the only row of `list`, if there is one.
template <class List, class Row>
void take_first(List& list, Row* (v1::SettlementReply::*part)(), v1::SettlementReply& into) {
  if (!list.data().empty())
    *(into.*part)() = std::move(*list.mutable_data(0));
}

void take_settled(v1::SettlementAnswer& told, v1::SettlementReply& out) {
  using reply = v1::SettlementReply;
  switch (told.kind_case()) {
  case v1::SettlementAnswer::kLedgers:
    take_first(*told.mutable_ledgers(), &reply::mutable_ledger, out);
    break;
  case v1::SettlementAnswer::kWindows:
    take_first(*told.mutable_windows(), &reply::mutable_window, out);
    break;
  case v1::SettlementAnswer::kSettlements:
    take_first(*told.mutable_settlements(), &reply::mutable_settlement, out);
    break;
  case v1::SettlementAnswer::kMerchants:
    take_first(*told.mutable_merchants(), &reply::mutable_merchant, out);
    break;
  case v1::SettlementAnswer::kParticipants:
    take_first(*told.mutable_participants(), &reply::mutable_participant, out);
    break;
  case v1::SettlementAnswer::kBatches:
    *out.mutable_batches() = std::move(*told.mutable_batches());
    break;
  case v1::SettlementAnswer::kPresented:
    *out.mutable_presented() = told.presented();
    break;
  case v1::SettlementAnswer::kDispute:
    *out.mutable_dispute() = std::move(*told.mutable_dispute());
    break;
  default: // ResolvePayouts that say nothing new.
    out.mutable_batches();
  }
}

} // namespace

v1::SettlementReply settlement_reply(v1::Outcome outcome, const receipt& where) {
  v1::SettlementReply out;
  if (outcome.has_settlement_exceptions())
    *out.mutable_exceptions() = std::move(*outcome.mutable_settlement_exceptions());
  else
    take_settled(*outcome.mutable_settlement(), out);
  out.set_replayed(outcome.replayed());
  *out.mutable_receipt() = message_of(where);
  return out;
}

} // namespace ducat::api
