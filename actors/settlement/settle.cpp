/// Settlements. A step is one log entry: positions are recorded, reserved, committed; then
/// merchants are settled, so many in a step that payments need not wait; then it ends. All
/// participants are committed by one entry, so that there is no half of it.

#include "settlement/book.hpp"
#include "settlement/ids.hpp"

#include <ducat/check.hpp>

#include <algorithm>
#include <span>

namespace ducat::settlement {

namespace {

constexpr std::uint32_t first_merchant_step = 3;

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
