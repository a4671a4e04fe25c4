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

/// Returns the places of those that their accounts cannot pay, of which the ledger is not asked:
/// what it has refused once it refuses for ever. What was known before is none of them.
std::set<int> unpayable(const effect& on, const v1::PresentCaptures& command) {
  std::set<int> out;
  std::map<std::string_view, u128> taken;
  for (int i = 0; i < command.items_size(); ++i) {
    const v1::PresentedCapture& item = command.items(i);
    const ledger::account& from = *on.money.find(on.accounts.find(item.from())->number);
    if (!ledger::has(from.flags, ledger::account_flags::debits_must_not_exceed_credits) ||
        on.money.find(ledger::transfer_id{payment::number_of("present", item.reference())}))
      continue;
    u128& all = taken[item.from()];
    const u128 owed = from.debits_pending + from.debits_posted + all;
    if (owed + static_cast<u128>(item.amount()) > from.credits_posted)
      out.insert(i);
    else
      all += static_cast<u128>(item.amount());
  }
  return out;
}

v1::PresentCaptures without(const std::set<int>& places, const v1::PresentCaptures& all) {
  v1::PresentCaptures out;
  for (int i = 0; i < all.items_size(); ++i)
    if (!places.contains(i))
      *out.add_items() = all.items(i);
  return out;
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
v1::SettlementAnswer book::apply(const effect& on, const v1::PresentCaptures& presented) {
  const std::set<int> refused = unpayable(on, presented);
  v1::PresentCaptures others;
  const v1::PresentCaptures& command =
      refused.empty() ? presented : others = without(refused, presented);
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
  count.set_refused(refused.size());
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
