/// Captures that were made elsewhere.

#include "settlement/book.hpp"

namespace ducat::settlement {

namespace {

ledger::transfer transfer_of(const v1::PresentedCapture& item, const account_table& accounts) {
  const account_record& from = *accounts.find(item.from());
  return {.id = {payment::number_of("present", item.reference())},
          .debit_account_id = from.number,
          .credit_account_id = accounts.find(item.to())->number,
          .amount = static_cast<u128>(item.amount()),
          .pending_id = {},
          .ledger = from.ledger,
          .code = static_cast<std::uint16_t>(code::presented),
          .timestamp = {}};
}

/// Returns whether it was taken before, perhaps into another window.
bool is_known(ledger::transfer_outcome outcome) noexcept {
  using enum ledger::transfer_outcome;
  return outcome == exists || outcome == exists_with_different_user_data_64 ||
         outcome == exists_with_different_user_data_32;
}

} // namespace

std::vector<ledger::transfer> transfers_of(const v1::PresentCaptures& command,
                                           const account_table& accounts) {
  std::vector<ledger::transfer> out;
  out.reserve(static_cast<std::size_t>(command.items_size()));
  for (const v1::PresentedCapture& each : command.items())
    out.push_back(transfer_of(each, accounts));
  return out;
}

/// A late one is in the window that is open, with its own business date. One that its account
/// cannot pay is not taken.
v1::SettlementAnswer book::apply(const effect& on, const v1::PresentCaptures& command) {
  std::vector<ledger::transfer> batch = transfers_of(command, on.accounts);
  for (int i = 0; i < command.items_size(); ++i) {
    const mark to = *mark_of(on.accounts.place_of(command.items(i).to()));
    ledger::transfer& each = batch[static_cast<std::size_t>(i)];
    each.user_data_64 = to.window;
    const std::uint32_t own = command.items(i).business_date();
    each.user_data_32 = own == 0 ? to.business_date : own;
  }
  const auto outcomes = on.money.create_transfers(on.where.at, batch);
  v1::SettlementAnswer out;
  v1::PresentedCount& count = *out.mutable_presented();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const v1::PresentedCapture& item = command.items(static_cast<int>(i));
    if (outcomes[i] != ledger::transfer_outcome::ok) {
      if (is_known(outcomes[i]))
        count.set_known(count.known() + 1);
      else
        count.set_refused(count.refused() + 1);
      continue;
    }
    count.set_taken(count.taken() + 1);
    captured(on, {.payer = on.accounts.place_of(item.from()),
                  .payee = on.accounts.place_of(item.to()),
                  .amount = item.amount(),
                  .transfer = batch[i].id,
                  .business_date = item.business_date()});
  }
  return out;
}

} // namespace ducat::settlement
