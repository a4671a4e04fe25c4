/// What is owed to an acquirer as the log has it, in the words of store and forward. Pure.
#pragma once

#include <ducat/device/saf_core.hpp>
#include <ducat/payment/acquirer.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ducat::acquiring {

device::request_id id_of(const payment::attempt_record& attempt);
device::request_id id_of_advice(const std::string& advice);
device::request_id id_of_reconciliation(std::uint64_t number);

/// One item: what is asked of the acquirer's actor (but for deadline and repeat), and what was.
struct owed_item {
  device::saf_item as_stored;
  std::variant<payment::reverse_attempt, payment::send_advice, payment::compare_totals> ask;
  std::string payment_id{}; ///< Empty for a reconciliation.
  std::uint32_t number = 0; ///< Of the payment's attempts or advices.
  std::string link{};       ///< Of a reconciliation.
};

/// Returns the items: reversals, advices, and reconciliations that are begun. Of one payment one is
/// sent at a time. `may_have_been_sent`: by a life before.
std::vector<owed_item> items_in(const v1::Owed& owed, log_time now, bool may_have_been_sent);

/// What an answer means for an item.
struct item_fate {
  std::optional<v1::Command> done{}; ///< The host has taken it: that is to be in the log.
  bool was_sent = true;              ///< Else it is proven that it was not.
};

item_fate fate_of(const owed_item& item, const payment::acquirer_answer& heard);
item_fate fate_of(const owed_item& item, const payment::advice_answer& heard);
item_fate fate_of(const owed_item& item, const payment::totals_answer& heard);

/// Returns the command that makes an exception of it; nothing if it is sent on all the same: of a
/// reversal the log knows by itself when it has become an exception.
std::optional<v1::Command> exception_of(const owed_item& item, device::exhaustion why);

/// When an acquirer's totals are compared without being asked for.
struct reconciliation_times {
  std::optional<std::chrono::minutes> at{}; ///< Of the day in UTC.
  /// One that was interrupted is begun again after so long.
  duration again_after = std::chrono::minutes{1};
  bool is_cut_over = false; ///< The host has ended its day.
};

/// Returns whether the host says that its day has ended (0800 with 201).
bool is_cut_over(const device::unmatched& what);

/// Returns whether a reconciliation is to be begun now: its time of day has come since the last one
/// was begun, or the host's day has ended, or the last one was interrupted; and nothing is open.
bool is_due(const v1::Acquirer& acquirer, const reconciliation_times& when, log_time now);

} // namespace ducat::acquiring
