#include "settlement/book.hpp"

#include "settlement/terms.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/currency.hpp>
#include <ducat/settlement/liquidity.hpp>

#include <array>
#include <span>

namespace ducat::settlement {

namespace {

/// Returns the calendar month of a date that is written yyyymmdd.
constexpr std::uint32_t month_of(std::uint32_t date) noexcept {
  return date / 100;
}

constexpr bool is_committed(v1::Settlement::State state) noexcept {
  return state == v1::Settlement::PS_TRANSFERS_COMMITTED || state == v1::Settlement::SETTLING ||
         state == v1::Settlement::SETTLED;
}

} // namespace

const account_record* account_table::find(const std::string& id) const {
  const auto found = places.find(id);
  return found == places.end() ? nullptr : &records[found->second];
}

ledger_record* book::find_ledger(std::string_view currency) {
  const auto known = payment::find_currency(currency);
  const auto found = known ? ledgers_.find(known->number) : ledgers_.end();
  return found == ledgers_.end() ? nullptr : &found->second;
}

const ledger_record* book::find_ledger(std::string_view currency) const {
  const auto known = payment::find_currency(currency);
  const auto found = known ? ledgers_.find(known->number) : ledgers_.end();
  return found == ledgers_.end() ? nullptr : &found->second;
}

const window_record* book::find_window(std::string_view currency, std::uint64_t number) const {
  const ledger_record* of = find_ledger(currency);
  return of == nullptr || number == 0 || number > of->windows.size() ? nullptr
                                                                     : &of->windows[number - 1];
}

std::optional<bool> book::is_final(std::string_view currency, std::uint64_t window) const {
  const window_record* found = find_window(currency, window);
  return found == nullptr ? std::nullopt : std::optional{found->facts.final()};
}

std::uint32_t book::exception_hours(std::string_view currency) const {
  const ledger_record* of = find_ledger(currency);
  return of == nullptr ? 0 : of->terms.exception_hours();
}

merchant_record* book::merchant_of(std::uint32_t account) {
  const auto found = merchant_of_account_.find(account);
  return found == merchant_of_account_.end() ? nullptr : &merchants_[found->second];
}

const merchant_record* book::find_merchant(std::string_view id) const {
  const auto found = merchants_by_id_.find(id);
  return found == merchants_by_id_.end() ? nullptr : &merchants_[found->second];
}

std::optional<std::uint32_t> book::participant_of(std::uint32_t account) const {
  const auto found = participant_of_account_.find(account);
  return found == participant_of_account_.end() ? std::nullopt : std::optional{found->second};
}

const participant_record* book::find_participant(const std::string& id) const {
  const auto found = std::ranges::find(
      participants_, id, [](const participant_record& each) { return each.terms.id(); });
  return found == participants_.end() ? nullptr : &*found;
}

const v1::Dispute* book::find_dispute(const std::string& payment) const {
  const auto found = disputes_.find(payment);
  return found == disputes_.end() ? nullptr : &found->second;
}

std::optional<mark> book::mark_of(std::uint32_t payee) const {
  const auto found = merchant_of_account_.find(payee);
  if (found == merchant_of_account_.end())
    return std::nullopt;
  const v1::Window& open = ledgers_.at(merchants_[found->second].currency).windows.back().facts;
  return mark{.window = open.number(), .business_date = open.business_date()};
}

accrual& book::changed(window_record& window, std::uint32_t merchant) {
  const std::uint32_t currency = merchants_[merchant].currency;
  changed_.insert({.what = row_id::kind::accrual,
                   .currency = currency,
                   .number = window.facts.number(),
                   .place = merchant});
  changed_.insert(
      {.what = row_id::kind::window, .currency = currency, .number = window.facts.number()});
  return window.merchants[merchant];
}

// Counting ---------------------------------------------------------------------------------------

void book::owe(ledger_record& of, std::uint32_t from, std::uint32_t to, std::int64_t amount) {
  if (amount == 0)
    return;
  window_record& window = of.windows.back();
  const auto made = window.owed.try_emplace({from, to}, 0).first;
  made->second += amount;
  if (made->second == 0)
    window.owed.erase(made);
  changed_.insert(
      {.what = row_id::kind::window, .currency = of.currency, .number = window.facts.number()});
}

/// The parts of other merchants are theirs at once; that of the merchant itself is what is left.
void book::add_split(window_record& window, accrual& of, const merchant_record& merchant,
                     std::int64_t amount) {
  const auto parts = split(merchant.split, amount);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string& to = merchant.split[i].to;
    if (to == merchant.terms.id() || parts[i] == 0)
      continue;
    const std::uint32_t place = static_cast<std::uint32_t>(find_merchant(to) - merchants_.data());
    of.split_out += parts[i];
    of.splits[place] += parts[i];
    changed(window, place).split_in += parts[i];
    window.total.split_out += parts[i];
    window.total.split_in += parts[i];
  }
}

std::int64_t book::captured(const effect& on, const movement& what) {
  const auto payer = participant_of(what.payer);
  const auto payee = participant_of(what.payee);
  const bool is_between = payer && payee && *payer != *payee;
  std::int64_t interchange = 0;
  std::int64_t fee = 0;
  if (merchant_record* merchant = merchant_of(what.payee)) {
    window_record& window = ledgers_.at(merchant->currency).windows.back();
    const auto place = static_cast<std::uint32_t>(merchant - merchants_.data());
    accrual sums;
    sums.captures.add(what.amount);
    if (what.business_date != 0 && what.business_date < window.facts.business_date())
      sums.late.add(what.amount);
    if (month_of(window.facts.business_date()) != merchant->month) {
      merchant->month = month_of(window.facts.business_date());
      merchant->volume = 0;
    }
    sums.fees = fee = fee_of(merchant->discount, what.amount, merchant->volume);
    merchant->volume += what.amount;
    changed_.insert({.what = row_id::kind::merchant, .place = place});
    if (is_between)
      interchange = fee_of(participants_[*payer].interchange, what.amount, 0);
    sums.interchange = interchange;
    window.total.add(sums);
    accrual& all = changed(window, place);
    all.add(sums);
    if (!merchant->split.empty())
      add_split(window, all, *merchant, what.amount);
  }
  if (is_between)
    pass(on, {.from = *payer, .to = *payee, .amount = what.amount - interchange}, what.transfer);
  return fee;
}

/// Fees are given back if the terms say so; what others got of it by a split stays theirs.
void book::refunded(const effect& on, const movement& what, const refund_of_capture& of) {
  merchant_record* merchant = what.is_in_window ? merchant_of(what.payee) : nullptr;
  if (merchant != nullptr) {
    window_record& window = ledgers_.at(merchant->currency).windows.back();
    accrual sums;
    sums.refunds.add(what.amount);
    sums.given_back = fee_given_back(merchant->discount, of);
    window.total.add(sums);
    changed(window, static_cast<std::uint32_t>(merchant - merchants_.data())).add(sums);
  }
  pass_back(on, what);
}

void book::pass_back(const effect& on, const movement& what) {
  const auto payer = participant_of(what.payer);
  const auto payee = participant_of(what.payee);
  if (payer && payee && *payer != *payee)
    pass(on, {.from = *payee, .to = *payer, .amount = what.amount}, what.transfer);
}

/// Gross: at once, if the one that owes has the liquidity. Otherwise it is owed until the window is
/// settled.
void book::pass(const effect& on, const debt& what, ledger::transfer_id cause) {
  ledger_record& of = ledgers_.at(participants_[what.from].currency);
  if (of.windows.back().facts.model() == v1::GROSS_IMMEDIATE && what.amount > 0) {
    const account_table& accounts = on.accounts;
    const ledger::transfer moved{
        .id = {payment::number_of("gross", ducat::to_string(cause.value))},
        .debit_account_id = accounts.records[participants_[what.from].settlement].number,
        .credit_account_id = accounts.records[participants_[what.to].settlement].number,
        .amount = static_cast<u128>(what.amount),
        .pending_id = {},
        .ledger = of.currency,
        .code = static_cast<std::uint16_t>(code::participant),
        .timestamp = {}};
    if (on.money.create_transfers(on.where.at, std::span(&moved, 1)).front() ==
        ledger::transfer_outcome::ok)
      return;
  }
  owe(of, what.from, what.to, what.amount);
}

/// What is committed has been moved, though its windows are not settled yet.
std::int64_t book::unsettled_of(std::uint32_t participant) const {
  const ledger_record& of = ledgers_.at(participants_[participant].currency);
  std::uint64_t first = of.unsettled_from;
  if (!of.settlements.empty() && is_committed(of.settlements.back().facts.state()))
    first = std::max(first, of.settlements.back().facts.last_window() + 1);
  std::int64_t sum = 0;
  for (std::uint64_t number = first; number <= of.windows.size(); ++number)
    for (const auto& [pair, amount] : of.windows[number - 1].owed)
      sum += pair.second == participant ? amount : pair.first == participant ? -amount : 0;
  return sum;
}

std::string_view book::cap_reached(std::uint32_t payer, std::uint32_t payee, std::int64_t amount,
                                   const surroundings& around) const {
  const auto from = participant_of(payer);
  const auto to = participant_of(payee);
  if (!from || !to || *from == *to)
    return {};
  const participant_record& owing = participants_[*from];
  const auto why = check_liquidity({.unsettled_net = -unsettled_of(*from),
                                    .reserved_debits = reserved_of(owing, around),
                                    .net_debit_cap = owing.terms.net_debit_cap(),
                                    .liquidity = liquidity_of(owing, around)},
                                   amount);
  return why ? to_string(*why) : std::string_view{};
}

} // namespace ducat::settlement
