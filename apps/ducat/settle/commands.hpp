/// `ducat settle ...`. Each prints its answer and returns the program's exit code. A repeated
/// request has no second effect; what is left out of it is what comes next when it is sent.
#pragma once

#include "client/session.hpp"

#include <cstdint>
#include <string>

namespace ducat::cli {

/// Sends one command and shows what it has changed.
template <class Request>
using settle_method = grpc::Status (v1::Settlements::Stub::*)(grpc::ClientContext*, const Request&,
                                                              v1::SettlementReply*);

/// Shows what a command has changed, or why it was not done.
exit_code show_changed(const session& with,
                       const tl::expected<v1::SettlementReply, failure>& reply);

template <class Request>
exit_code settle(const session& with, settle_method<Request> method, const Request& request) {
  return show_changed(with, call(with.limits, repetition::keyed, with.node, method, request));
}

/// Cuts the open window of a currency. Without a date the next window has that of this one.
exit_code cut_window(const session& with, v1::CutWindow request);

/// Begins the next payout batch of a currency; the node goes on with it.
exit_code pay_out(const session& with, v1::BatchPayouts request);

/// Settles the closed windows up to `last_window`, or all; follows the settlement to its end, on a
/// terminal with a bar. The exit code is failed if it was aborted.
exit_code run_settlement(const session& with, v1::StartSettlement request);

/// Shows the settlement or batch of payouts, or with an empty id all settlements. With `members`
/// every movement that is in it, merchant by merchant.
exit_code show_settlements(const session& with, const std::string& id, bool members);

/// Lists exceptions of reconciliation, or shows all of the one that is asked for by its id.
exit_code show_exceptions(const session& with, const v1::ListSettlementExceptionsRequest& asked);

/// Takes ledgers, merchants and participants from the TOML file at `path`.
exit_code configure_from(const session& with, const std::string& path);

/// Returns the ledger of a currency. Errors: those of the call; settlement_not_configured.
tl::expected<v1::SettlementLedger, failure> find_ledger(const session& with,
                                                        const std::string& currency);

} // namespace ducat::cli
