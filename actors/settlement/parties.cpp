/// Participants and merchants.

#include "settlement/book.hpp"
#include "settlement/ids.hpp"
#include "settlement/terms.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/currency.hpp>

#include <algorithm>
#include <span>

namespace ducat::settlement {

namespace {

std::int64_t balance_of(const ledger::account& account) {
  return static_cast<std::int64_t>(account.credits_posted) -
         static_cast<std::int64_t>(account.debits_posted);
}

} // namespace

/// A participant's account has no overdraft: what it owes is what it has.
std::vector<needed_account> names_of(const v1::SettlementCommand& command,
                                     const account_table& accounts) {
  std::vector<needed_account> out;
  if (command.has_configure()) {
    const std::string& code = command.configure().currency();
    for (const std::string_view kind : hub_kinds)
      out.push_back({hub_account(kind, code), payment::find_currency(code)->number});
  } else if (command.has_participant()) {
    out.push_back({.id = command.participant().id() + ".settlement",
                   .currency = payment::find_currency(command.participant().currency())->number,
                   .overdraft = false});
  } else if (command.has_merchant()) {
    const std::string& id = command.merchant().id();
    const std::uint32_t currency = accounts.find(id)->ledger;
    out.push_back({id + ".available", currency});
    out.push_back({id + ".reserve", currency});
  }
  return out;
}

std::vector<needed_account> book::needs(const v1::SettlementCommand& command,
                                        const surroundings& around) const {
  std::vector<needed_account> out = names_of(command, around.accounts);
  std::erase_if(
      out, [&](const needed_account& each) { return around.accounts.find(each.id) != nullptr; });
  return out;
}

v1::SettlementAnswer book::apply(const effect& on, const v1::PutParticipant& command) {
  auto found = std::ranges::find(participants_, command.id(),
                                 [](const participant_record& each) { return each.terms.id(); });
  if (found == participants_.end())
    found = participants_.insert(participants_.end(),
                                 {.terms = {},
                                  .currency = payment::find_currency(command.currency())->number,
                                  .settlement = on.accounts.place_of(command.id() + ".settlement"),
                                  .interchange = {}});
  own_.insert(found->settlement);
  const auto place = static_cast<std::uint32_t>(found - participants_.begin());
  std::set<std::string> accounts(found->terms.accounts().begin(), found->terms.accounts().end());
  accounts.insert(command.accounts().begin(), command.accounts().end());
  const std::uint64_t version = found->terms.version() + 1;
  found->terms = command;
  found->terms.set_version(version);
  found->terms.mutable_accounts()->Assign(accounts.begin(), accounts.end());
  found->interchange = fee_rule_of(command.interchange());
  for (const std::string& each : accounts)
    participant_of_account_[on.accounts.place_of(each)] = place;
  changed_.insert({.what = row_id::kind::participant, .place = place});
  v1::SettlementAnswer out;
  *out.mutable_participants()->add_data() = view(place, {on.accounts, on.money});
  return out;
}

/// Money that comes in or goes out is moved against the liquidity account of the currency.
v1::SettlementAnswer book::apply(const effect& on, const v1::FundParticipant& command) {
  const participant_record& of = *find_participant(command.id());
  const auto currency = *payment::find_currency(of.currency);
  ledger::transfer moved{.id = {payment::number_of("fund", command.idempotency_key())},
                         .debit_account_id =
                             on.accounts.find(hub_account("liquidity", currency.code))->number,
                         .credit_account_id = on.accounts.records[of.settlement].number,
                         .amount = static_cast<u128>(std::abs(command.amount())),
                         .pending_id = {},
                         .ledger = of.currency,
                         .code = static_cast<std::uint16_t>(code::liquidity),
                         .timestamp = {}};
  if (command.amount() < 0)
    std::swap(moved.debit_account_id, moved.credit_account_id);
  DUCAT_CHECK(on.money.create_transfers(on.where.at, std::span(&moved, 1)).front() ==
              ledger::transfer_outcome::ok);
  v1::SettlementAnswer out;
  *out.mutable_participants()->add_data() =
      view(static_cast<std::uint32_t>(&of - participants_.data()), {on.accounts, on.money});
  return out;
}

std::int64_t book::liquidity_of(const participant_record& of, const surroundings& around) const {
  const ledger::account& account =
      *around.money.find(around.accounts.records[of.settlement].number);
  return balance_of(account) - static_cast<std::int64_t>(account.debits_pending);
}

/// What its accounts may still come to pay: holds of payments to others, and to its own.
std::int64_t book::reserved_of(const participant_record& of, const surroundings& around) const {
  std::int64_t sum = 0;
  for (const std::string& each : of.terms.accounts())
    sum += static_cast<std::int64_t>(
        around.money.find(around.accounts.find(each)->number)->debits_pending);
  return sum;
}

v1::SettlementAnswer book::apply(const effect& on, const v1::PutMerchant& command) {
  const std::uint32_t account = on.accounts.place_of(command.id());
  const auto [found, is_new] =
      merchant_of_account_.try_emplace(account, static_cast<std::uint32_t>(merchants_.size()));
  if (is_new) {
    merchants_by_id_.emplace(command.id(), found->second);
    const std::uint32_t currency = on.accounts.records[account].ledger;
    merchants_.push_back({.terms = {},
                          .account = account,
                          .available = on.accounts.place_of(command.id() + ".available"),
                          .reserve = on.accounts.place_of(command.id() + ".reserve"),
                          .currency = currency,
                          .unpaid_from = ledgers_.at(currency).windows.size()});
  }
  merchant_record& of = merchants_[found->second];
  available_.insert(of.available);
  own_.insert(of.reserve);
  const std::uint64_t version = of.terms.version() + 1;
  of.terms = command;
  of.terms.set_version(version);
  of.discount = fee_rule_of(command.discount());
  of.split = split_rule_of(command.split());
  changed_.insert({.what = row_id::kind::merchant, .place = found->second});
  v1::SettlementAnswer out;
  *out.mutable_merchants()->add_data() = view(of, {on.accounts, on.money});
  return out;
}

} // namespace ducat::settlement
