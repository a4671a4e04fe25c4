/// Steps of a settlement that participants pay each other by.

#include "settlement/ids.hpp"
#include "settlement/move_amount.hpp"

#include <ducat/check.hpp>
#include <ducat/settlement/positions.hpp>

#include <span>

namespace ducat::settlement {

/// What participants owe each other over the windows, netted as the model has it. What the gross
/// model left unsettled is netted by pairs: its gross legs would only need more liquidity.
void book::record_positions(ledger_record& of, settlement_record& settlement) {
  obligations owed;
  for (std::uint64_t number = settlement.facts.first_window();
       number <= settlement.facts.last_window(); ++number)
    for (const auto& [pair, amount] : of.windows[number - 1].owed) {
      const std::string& from = participants_[pair.first].terms.id();
      const std::string& to = participants_[pair.second].terms.id();
      if (owed.add(amount > 0 ? obligation{from, to, amount} : obligation{to, from, -amount}))
        return abort(of, settlement, "what participants owe is more than can be summed");
    }
  const settlement_model model = settlement.facts.model() == v1::NET_MULTILATERAL_DEFERRED
                                     ? settlement_model::net_multilateral_deferred
                                     : settlement_model::net_bilateral_deferred;
  for (const leg& each : legs_of(model, owed)) {
    v1::Position& shown = *settlement.facts.add_legs();
    const bool is_of_hub = each.from == the_hub;
    shown.set_participant(is_of_hub ? each.to : each.from);
    shown.set_against(is_of_hub ? each.from : each.to);
    shown.set_amount(is_of_hub ? each.amount : -each.amount);
  }
  settlement.facts.set_state(v1::Settlement::PS_TRANSFERS_RECORDED);
}

const account_record& book::settlement_account(const v1::Position& position, bool of_other,
                                               std::string_view currency,
                                               const account_table& accounts) const {
  const std::string& id = of_other ? position.against() : position.participant();
  return *accounts.find(id.empty() ? hub_account("hub", currency) : id + ".settlement");
}

/// Debtors' money is held. If one of them does not have it, nothing was committed, and the whole
/// settlement is aborted.
void book::reserve_positions(const effect& on, ledger_record& of, settlement_record& settlement) {
  std::vector<ledger::transfer> held;
  for (int i = 0; i < settlement.facts.legs_size(); ++i) {
    const v1::Position& position = settlement.facts.legs(i);
    if (position.amount() >= 0)
      continue;
    held.push_back(transfer_between(
        settlement_account(position, false, of.terms.currency(), on.accounts),
        settlement_account(position, true, of.terms.currency(), on.accounts), -position.amount(),
        code::participant, settlement.facts.id() + "/reserve/" + std::to_string(i)));
    held.back().flags = ledger::transfer_flags::pending | ledger::transfer_flags::linked;
  }
  if (!held.empty()) {
    held.back().flags = ledger::transfer_flags::pending;
    const auto outcomes = on.money.create_transfers(on.where.at, held);
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      if (outcomes[i] != ledger::transfer_outcome::ok &&
          outcomes[i] != ledger::transfer_outcome::linked_event_failed)
        return abort(of, settlement,
                     "a participant has not the liquidity: " +
                         std::string{ledger::to_string(outcomes[i])});
  }
  settlement.facts.set_state(v1::Settlement::PS_TRANSFERS_RESERVED);
}

void book::commit_positions(const effect& on, ledger_record& of, settlement_record& settlement) {
  const std::string& currency = of.terms.currency();
  for (int i = 0; i < settlement.facts.legs_size(); ++i) {
    const v1::Position& position = settlement.facts.legs(i);
    const std::string name = settlement.facts.id() + "/commit/" + std::to_string(i);
    const account_record& own = settlement_account(position, false, currency, on.accounts);
    const account_record& other = settlement_account(position, true, currency, on.accounts);
    if (position.amount() > 0) {
      if (position.against().empty()) // From the hub, which has it of the debtors, who come first.
        move_amount(on, other, own, position.amount(), code::participant, name);
      continue;
    }
    ledger::transfer posted =
        transfer_between(own, other, -position.amount(), code::participant, name);
    posted.pending_id = {
        payment::number_of("settlement", settlement.facts.id() + "/reserve/" + std::to_string(i))};
    posted.flags = ledger::transfer_flags::post_pending;
    DUCAT_CHECK(on.money.create_transfers(on.where.at, std::span(&posted, 1)).front() ==
                ledger::transfer_outcome::ok);
  }
  settlement.facts.set_state(v1::Settlement::PS_TRANSFERS_COMMITTED);
}

} // namespace ducat::settlement
