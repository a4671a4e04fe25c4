/// What settlement does next, from what the machine says: pure. Whoever does it only proposes: the
/// machine decides, and a proposal that comes twice is a replay.
#pragma once

#include <ducat/settlement/files.hpp>
#include <ducat/time.hpp>
#include <ducat/v1/settlement.pb.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <variant>

namespace ducat::settlement {

/// Returns the business date (yyyymmdd) of the window that opens, if the open one is to be cut now.
using cut_rule = std::function<std::optional<std::uint32_t>(const v1::Calendar& calendar,
                                                            const v1::Window& open, log_time now)>;

/// What the machine says of one currency, all of the same or a later moment than the ledger.
struct currency_view {
  v1::SettlementLedger ledger;
  v1::ListWindowsReply windows; ///< The open one, and those from `unsettled_from` on.
  /// The newest ones, the newest first; then the oldest one that is not finished.
  v1::ListSettlementsReply settlements;
  v1::ListPayoutBatchesReply batches; ///< The same.
};

/// The files of a settlement that has ended are to be written.
struct write_settlement {
  v1::Settlement of;
};

/// The files of a batch that is complete are to be written.
struct write_batch {
  v1::PayoutBatch of;
};

using step = std::variant<v1::SettlementCommand, write_settlement, write_batch>;

/// Whether no file of a settlement or batch is to be written: the log has all of them, or it is left
/// so for now.
using is_done = std::function<bool(const std::string& id, const recorded_files& recorded)>;

/// Return whether nothing is left to be done.
bool is_finished(const v1::Settlement& of, const is_done& files_done);
bool is_finished(const v1::PayoutBatch& of, const is_done& files_done);

/// Returns the next step, or nothing if there is none now. The order: what is under way goes on,
/// then files are written, then a window is cut, then a settlement begins. One that was aborted is
/// not begun again by itself: whoever aborted it, or has not the liquidity, is asked first.
std::optional<step> next_step(const currency_view& of, log_time now, const cut_rule& cut,
                              const is_done& files_done);

/// Returns how many newest windows have to be asked for.
constexpr std::uint32_t windows_looked_at = 100;

} // namespace ducat::settlement
