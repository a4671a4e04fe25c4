/// Whether payouts are batched and resolved, and files recorded.

#include "settlement/terms.hpp"
#include "settlement/verdicts.hpp"

#include <algorithm>

namespace ducat::settlement {

namespace {

/// Returns whether some merchants have what the settlement brings, and others have not.
bool is_settling(const ledger_record& of) {
  return !of.settlements.empty() && of.settlements.back().facts.state() == v1::Settlement::SETTLING;
}

/// The order may have been made before they ended: the bank must not pay what was returned.
bool has_ended_payouts(const batch_record* batch) {
  return batch != nullptr && batch->facts.state() != v1::PayoutBatch::SUBMITTED &&
         batch->facts.paid().count() + batch->facts.returned().count() > 0;
}

} // namespace

/// What is paid out meanwhile would be of windows that the payout does not name.
verdict book::check(const v1::BatchPayouts& command) const {
  const ledger_record* of = find_ledger(command.currency());
  if (of == nullptr)
    return refuse(refusal::settlement_not_configured, "currency");
  if (command.batch() == 0 || command.batch() > of->batches.size() + 1)
    return refuse(refusal::batch_not_found, "batch");
  const bool is_new = command.batch() == of->batches.size() + 1;
  if (is_new && command.step() != 0)
    return refuse(refusal::step_not_next, "step");
  if (is_new && !of->batches.empty() &&
      of->batches.back().facts.state() == v1::PayoutBatch::BATCHING)
    return refuse(refusal::batch_under_way, "batch");
  if (is_new && !is_date(command.execution_date()))
    return refuse(refusal::business_date_invalid, "execution_date");
  const std::uint32_t next = is_new ? 0 : of->batches[command.batch() - 1].facts.step();
  if (!is_new && (of->batches[command.batch() - 1].facts.state() != v1::PayoutBatch::BATCHING ||
                  command.step() < next))
    return nothing_new;
  if (command.step() != next)
    return refuse(refusal::step_not_next, "step");
  return is_settling(*of) ? refuse(refusal::settlement_under_way, "currency") : verdict{};
}

verdict book::check(const v1::ResolvePayouts& command) const {
  if (command.results_size() == 0 || command.results_size() > presented_max)
    return refuse(refusal::items_too_many, "results");
  bool is_new = false;
  for (const v1::PayoutResult& each : command.results()) {
    const auto place = find_payout(each.payout());
    if (!place)
      return refuse(refusal::payout_not_found, "results");
    if (each.event() != v1::PayoutResult::PAID && each.event() != v1::PayoutResult::RETURNED)
      return refuse(refusal::command_malformed, "results");
    if (each.reason().size() > 255)
      return refuse(refusal::reason_invalid, "results");
    is_new = is_new || is_news(*place, each);
  }
  return is_new ? verdict{} : nothing_new;
}

/// What was written once is not written otherwise.
verdict book::check(const v1::RecordFile& command) const {
  if (!is_file_name(command.name()))
    return refuse(refusal::file_name_invalid, "name");
  if (command.sha256().size() != 32)
    return refuse(refusal::command_malformed, "sha256");
  const auto* files = files_of(command.of());
  if (files == nullptr)
    return refuse(refusal::settlement_not_found, "of");
  const auto found = std::ranges::find(*files, command.name(), &v1::SettlementFile::name);
  if (found == files->end())
    return command.submits() && has_ended_payouts(find_batch(command.of()).second)
               ? refuse(refusal::batch_changed, "of")
               : verdict{};
  return found->sha256() == hex_of(command.sha256()) && found->size() == command.size()
             ? nothing_new
             : refuse(refusal::file_differs, "sha256");
}

} // namespace ducat::settlement
