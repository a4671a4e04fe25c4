/// Settlements. A step is one log entry: positions are recorded, reserved, committed; then
/// merchants are settled, so many in a step that payments need not wait; then it ends. All
/// participants are committed by one entry, so that there is no half of it.

#include "settlement/book.hpp"
#include "settlement/ids.hpp"

#include <ducat/check.hpp>
#include <ducat/settlement/positions.hpp>
#include <ducat/settlement/reserve.hpp>

#include <algorithm>
#include <span>

namespace ducat::settlement {

namespace {

constexpr std::uint32_t first_merchant_step = 3;

ledger::transfer transfer_between(const account_record& from, const account_record& to,
                                  std::int64_t amount, code why, const std::string& name) {
  return {.id = {payment::number_of("settlement", name)},
          .debit_account_id = from.number,
          .credit_account_id = to.number,
          .amount = static_cast<u128>(amount),
          .pending_id = {},
          .ledger = from.ledger,
          .code = static_cast<std::uint16_t>(why),
          .timestamp = {}};
}

/// Moves an amount, which if it is negative goes the other way. 0 moves nothing.
void move_amount(const effect& on, const account_record& from, const account_record& to,
                 std::int64_t amount, code why, const std::string& name) {
  if (amount == 0)
    return;
  const ledger::transfer moved = amount > 0 ? transfer_between(from, to, amount, why, name)
                                            : transfer_between(to, from, -amount, why, name);
  DUCAT_CHECK(on.money.create_transfers(on.where.at, std::span(&moved, 1)).front() ==
              ledger::transfer_outcome::ok);
}

reserve_terms reserve_terms_of(const v1::PutMerchant& terms) {
  return {.basis_points = terms.reserve_basis_points(), .windows = terms.reserve_windows()};
}

v1::SettlementAnswer answer_of(v1::Settlement shown) {
  v1::SettlementAnswer out;
  *out.mutable_settlements()->add_data() = std::move(shown);
  return out;
}

} // namespace

v1::SettlementAnswer book::apply(const effect& on, const v1::StartSettlement& command) {
  ledger_record& of = *find_ledger(command.currency());
  settlement_record made;
  v1::Settlement& facts = made.facts;
  facts.set_id(settlement_id(command.currency(), of.settlements.size() + 1));
  facts.set_currency(command.currency());
  facts.set_model(of.windows[command.first_window() - 1].facts.model());
  facts.set_state(v1::Settlement::PENDING_SETTLEMENT);
  facts.set_first_window(command.first_window());
  facts.set_last_window(command.last_window());
  facts.set_started_index(on.where.index);
  facts.set_started_at_ns(on.where.at.nanoseconds);
  accrual total;
  for (std::uint64_t number = command.first_window(); number <= command.last_window(); ++number) {
    window_record& window = of.windows[number - 1];
    total.add(window.total);
    window.facts.set_settlement(facts.id());
    const bool is_empty = window.facts.state() == v1::Window::SETTLED;
    set_state(window, is_empty ? v1::Window::SETTLED : v1::Window::PENDING_SETTLEMENT);
  }
  *facts.mutable_total() = message_of(total);
  std::uint64_t merchants = 0;
  for (std::uint32_t place = 0; place < merchants_.size(); ++place)
    merchants += is_to_settle(of, made, place) ? 1 : 0;
  facts.set_merchants(merchants);
  of.settlements.push_back(std::move(made));
  changed_.insert({.what = row_id::kind::ledger, .currency = of.currency});
  note_changed(of, of.settlements.back());
  return answer_of(view(of.settlements.back()));
}

v1::SettlementAnswer book::apply(const effect& on, const v1::AdvanceSettlement& command) {
  auto [of, settlement] = find_settlement(command.id());
  DUCAT_CHECK(settlement->facts.step() == command.step());
  settlement->facts.set_step(command.step() + 1);
  switch (settlement->facts.state()) {
  case v1::Settlement::PENDING_SETTLEMENT:
    record_positions(*of, *settlement);
    break;
  case v1::Settlement::PS_TRANSFERS_RECORDED:
    reserve_positions(on, *of, *settlement);
    break;
  case v1::Settlement::PS_TRANSFERS_RESERVED:
    commit_positions(on, *of, *settlement);
    break;
  case v1::Settlement::PS_TRANSFERS_COMMITTED:
  case v1::Settlement::SETTLING:
    settle_merchants(on, *of, *settlement);
    break;
  default:
    DUCAT_CHECK(settlement->facts.state() == v1::Settlement::SETTLING); // check() lets none pass.
  }
  note_changed(*of, *settlement);
  return answer_of(view(*settlement));
}

/// What participants owe each other over the windows, netted as the model has it. What the gross
/// model left unsettled is netted by pairs: its gross legs would only need more liquidity.
void book::record_positions(ledger_record& of, settlement_record& settlement) {
  obligations owed;
  for (std::uint64_t number = settlement.facts.first_window();
       number <= settlement.facts.last_window(); ++number)
    for (const auto& [pair, amount] : of.windows[number - 1].owed) {
      const std::string& from = participants_[pair.first].terms.id();
      const std::string& to = participants_[pair.second].terms.id();
      DUCAT_CHECK(
          !owed.add(amount > 0 ? obligation{from, to, amount} : obligation{to, from, -amount}));
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

bool book::is_to_settle(const ledger_record& of, const settlement_record& settlement,
                        std::uint32_t merchant) const {
  const merchant_record& record = merchants_[merchant];
  if (record.currency != of.currency)
    return false;
  if (const auto& held = record.reserves;
      !held.empty() &&
      held.begin()->first + record.terms.reserve_windows() <= settlement.facts.last_window())
    return true;
  for (std::uint64_t number = settlement.facts.first_window();
       number <= settlement.facts.last_window(); ++number)
    if (of.windows[number - 1].merchants.contains(merchant))
      return true;
  return false;
}

void book::settle_merchants(const effect& on, ledger_record& of, settlement_record& settlement) {
  settlement.facts.set_state(v1::Settlement::SETTLING);
  std::uint32_t settled = 0;
  std::uint32_t& next = settlement.cursor;
  for (; next < merchants_.size() && settled < merchants_per_step; ++next)
    if (is_to_settle(of, settlement, next)) {
      settle_merchant(on, of, settlement, next);
      ++settled;
    }
  settlement.facts.set_merchants_settled(settlement.facts.merchants_settled() + settled);
  if (next == merchants_.size())
    end(on, of, settlement);
}

/// Fees go to the fees' account, and interchange from there; others' parts and what is left to what
/// each has available. The merchant's account has nothing of the windows any more then.
void book::settle_merchant(const effect& on, ledger_record& of, settlement_record& settlement,
                           std::uint32_t merchant) {
  accrual sums;
  for (std::uint64_t number = settlement.facts.first_window();
       number <= settlement.facts.last_window(); ++number)
    if (const auto found = of.windows[number - 1].merchants.find(merchant);
        found != of.windows[number - 1].merchants.end())
      sums.add(found->second);
  const merchant_record& record = merchants_[merchant];
  const std::string name = settlement.facts.id() + "/" + std::to_string(merchant) + "/";
  const std::string& currency = of.terms.currency();
  const account_record& pending = on.accounts.records[record.account];
  const account_record& available = on.accounts.records[record.available];
  const account_record& fees = *on.accounts.find(hub_account("fees", currency));
  move_amount(on, pending, fees, sums.fees - sums.given_back, code::fee, name + "fees");
  move_amount(on, fees, *on.accounts.find(hub_account("interchange", currency)), sums.interchange,
              code::interchange, name + "interchange");
  for (const auto& [to, amount] : sums.splits)
    move_amount(on, pending, on.accounts.records[merchants_[to].available], amount, code::split,
                name + "split/" + std::to_string(to));
  move_amount(on, pending, available, own_net(sums), code::settled, name + "net");
  hold_reserve(on, of, settlement, merchant, sums);
}

/// A part of what was captured is held for later windows' refunds and disputes, but no more than
/// the windows bring; what was held long enough is released.
void book::hold_reserve(const effect& on, ledger_record& of, settlement_record& settlement,
                        std::uint32_t merchant, const accrual& sums) {
  merchant_record& record = merchants_[merchant];
  const account_record& available = on.accounts.records[record.available];
  const account_record& reserve = on.accounts.records[record.reserve];
  const std::string name = settlement.facts.id() + "/" + std::to_string(merchant) + "/reserve";
  const std::uint64_t newest = settlement.facts.last_window();
  std::int64_t released = 0;
  while (!record.reserves.empty() &&
         record.reserves.begin()->first + record.terms.reserve_windows() <= newest) {
    released += record.reserves.begin()->second;
    record.reserves.erase(record.reserves.begin());
  }
  const std::int64_t held =
      std::clamp<std::int64_t>(held_of(reserve_terms_of(record.terms), sums.captures.amount), 0,
                               std::max<std::int64_t>(net(sums), 0));
  move_amount(on, reserve, available, released, code::release, name + "/released");
  move_amount(on, available, reserve, held, code::reserve, name + "/held");
  if (held != 0)
    record.reserves[newest] += held;
  if (held == 0 && released == 0)
    return;
  window_record& window = of.windows[newest - 1];
  accrual moved;
  moved.reserved = held;
  moved.released = released;
  window.total.add(moved);
  changed(window, merchant).add(moved);
  changed_.insert({.what = row_id::kind::merchant, .place = merchant});
}

void book::end(const effect& on, ledger_record& of, settlement_record& settlement) {
  settlement.facts.set_state(v1::Settlement::SETTLED);
  settlement.facts.set_ended_at_ns(on.where.at.nanoseconds);
  accrual total;
  for (std::uint64_t number = settlement.facts.first_window();
       number <= settlement.facts.last_window(); ++number) {
    set_state(of.windows[number - 1], v1::Window::SETTLED);
    total.add(of.windows[number - 1].total);
  }
  *settlement.facts.mutable_total() = message_of(total);
  pass_settled(of);
}

v1::SettlementAnswer book::apply(const effect& on, const v1::AbortSettlement& command) {
  auto [of, settlement] = find_settlement(command.id());
  for (int i = 0; i < settlement->facts.legs_size(); ++i) {
    if (settlement->facts.state() != v1::Settlement::PS_TRANSFERS_RESERVED ||
        settlement->facts.legs(i).amount() >= 0)
      continue;
    const std::string name = settlement->facts.id() + "/reserve/" + std::to_string(i);
    const ledger::transfer freed{.id = {payment::number_of("settlement", name + "/void")},
                                 .debit_account_id = {},
                                 .credit_account_id = {},
                                 .pending_id = {payment::number_of("settlement", name)},
                                 .flags = ledger::transfer_flags::void_pending,
                                 .timestamp = {}};
    DUCAT_CHECK(on.money.create_transfers(on.where.at, std::span(&freed, 1)).front() ==
                ledger::transfer_outcome::ok);
  }
  abort(*of, *settlement, command.reason());
  note_changed(*of, *settlement);
  return answer_of(view(*settlement));
}

/// The windows may be settled by another settlement.
void book::abort(ledger_record& of, settlement_record& settlement, const std::string& reason) {
  settlement.facts.set_state(v1::Settlement::ABORTED);
  settlement.facts.set_reason(reason);
  for (std::uint64_t number = settlement.facts.first_window();
       number <= settlement.facts.last_window(); ++number)
    if (of.windows[number - 1].facts.state() == v1::Window::PENDING_SETTLEMENT)
      set_state(of.windows[number - 1], v1::Window::ABORTED);
}

/// Returns how many steps it takes, as far as that is known: reserves may come to be due.
std::uint32_t book::steps_of(const settlement_record& settlement) const {
  const v1::Settlement& facts = settlement.facts;
  if (facts.ended_at_ns() != 0 || facts.state() == v1::Settlement::ABORTED)
    return facts.step();
  const std::uint64_t left =
      facts.merchants() - std::min(facts.merchants(), facts.merchants_settled());
  const auto steps =
      static_cast<std::uint32_t>((left + merchants_per_step - 1) / merchants_per_step);
  return std::max(facts.step(), first_merchant_step) + std::max<std::uint32_t>(steps, 1);
}

} // namespace ducat::settlement
