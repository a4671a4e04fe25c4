/// Whether terms of ledgers, participants and merchants are taken, and captures presented.

#include "settlement/bank_account.hpp"
#include "settlement/calendar_of.hpp"
#include "settlement/exception_book.hpp"
#include "settlement/terms.hpp"
#include "settlement/verdicts.hpp"

#include <ducat/payment/currency.hpp>
#include <ducat/settlement/reserve.hpp>

#include <algorithm>
#include <set>

namespace ducat::settlement {

namespace {

/// Windows are cut by a calendar only if it says when. Whether there is such a time zone is not for
/// the machine to say: nodes may know different ones.
bool can_be_automatic(const v1::Calendar& calendar) {
  return !calendar.time_zone().empty() &&
         check_times(calendar_of(calendar)) == calendar_problem::none;
}

} // namespace

verdict book::check(const v1::ConfigureSettlement& command) const {
  const auto currency = payment::find_currency(command.currency());
  if (!currency)
    return refuse(refusal::currency_unknown, "currency");
  if (command.model() < v1::GROSS_IMMEDIATE || command.model() > v1::NET_MULTILATERAL_DEFERRED)
    return refuse(refusal::settlement_model_unknown, "model");
  if (command.automatic() && !can_be_automatic(command.calendar()))
    return refuse(refusal::calendar_invalid, "calendar");
  if (command.exception_hours() > due_hours_max)
    return refuse(refusal::command_malformed, "exception_hours");
  const ledger_record* of = find_ledger(command.currency());
  if (of == nullptr && !is_date(command.business_date()))
    return refuse(refusal::business_date_invalid, "business_date");
  if (const verdict wrong = check_bank_account(command.own(), "own"); wrong.why != refusal::none)
    return wrong;
  if (of == nullptr)
    return replace({}, command);
  v1::ConfigureSettlement same = command;
  same.clear_business_date();
  v1::ConfigureSettlement now = of->terms;
  now.clear_business_date();
  return replace(now, same);
}

verdict book::check(const v1::PutParticipant& command, const surroundings& around) const {
  if (command.id().empty() || command.id().size() > 50 || !is_file_name(command.id()))
    return refuse(refusal::account_id_invalid, "id");
  const ledger_record* of = find_ledger(command.currency());
  if (of == nullptr)
    return refuse(refusal::settlement_not_configured, "currency");
  if (command.net_debit_cap() < 0)
    return refuse(refusal::amount_must_not_be_negative, "net_debit_cap");
  if (command.net_debit_cap() > settled_amount_max)
    return refuse(refusal::amount_too_large, "net_debit_cap");
  if (!is_fee_rule(command.interchange()))
    return refuse(refusal::fee_rule_invalid, "interchange");
  const participant_record* found = find_participant(command.id());
  if (found != nullptr && found->currency != of->currency)
    return refuse(refusal::currency_mismatch, "currency");
  std::set<std::string> accounts(command.accounts().begin(), command.accounts().end());
  if (found != nullptr)
    accounts.insert(found->terms.accounts().begin(), found->terms.accounts().end());
  if (accounts.size() > static_cast<std::size_t>(participant_accounts_max))
    return refuse(refusal::participant_accounts_exhausted, "accounts");
  for (const std::string& each : command.accounts()) {
    const account_record* account = around.accounts.find(each);
    if (account == nullptr)
      return refuse(refusal::account_not_found, "accounts");
    if (account->ledger != of->currency)
      return refuse(refusal::currency_mismatch, "accounts");
    if (is_own_account(each, around.accounts) ||
        available_.contains(around.accounts.place_of(each)))
      return refuse(refusal::account_of_settlement, "accounts");
    const auto owner = participant_of(around.accounts.place_of(each));
    if (owner && participants_[*owner].terms.id() != command.id())
      return refuse(refusal::account_of_another_participant, "accounts");
  }
  v1::PutParticipant whole = command;
  whole.mutable_accounts()->Assign(accounts.begin(), accounts.end());
  return replace(found == nullptr ? v1::PutParticipant{} : found->terms, whole);
}

verdict book::check(const v1::FundParticipant& command, const surroundings& around) const {
  if (!is_printable(command.idempotency_key(), 255))
    return refuse(refusal::idempotency_key_invalid, "idempotency_key");
  const participant_record* of = find_participant(command.id());
  if (of == nullptr)
    return refuse(refusal::participant_not_found, "id");
  if (command.amount() == 0)
    return refuse(refusal::amount_must_be_positive, "amount");
  if (command.amount() > settled_amount_max || command.amount() < -settled_amount_max)
    return refuse(refusal::amount_too_large, "amount");
  const auto made =
      around.money.find(ledger::transfer_id{payment::number_of("fund", command.idempotency_key())});
  if (made) {
    const auto& own = around.accounts.records[of->settlement].number;
    const bool is_in = made->credit_account_id == own;
    const bool is_out = made->debit_account_id == own;
    const auto amount = static_cast<std::int64_t>(made->amount);
    return (is_in && command.amount() == amount) || (is_out && command.amount() == -amount)
               ? nothing_new
               : refuse(refusal::idempotency_key_reused, "idempotency_key");
  }
  if (command.amount() < 0 && liquidity_of(*of, around) + command.amount() <
                                  std::max(of->terms.net_debit_cap(), std::int64_t{0}))
    return refuse(refusal::liquidity_needed, "amount");
  return {};
}

verdict book::check(const v1::PutMerchant& command, const surroundings& around) const {
  const account_record* account = around.accounts.find(command.id());
  if (account == nullptr)
    return refuse(refusal::account_not_found, "id");
  if (is_own_account(command.id(), around.accounts) ||
      available_.contains(around.accounts.place_of(command.id())))
    return refuse(refusal::account_of_settlement, "id");
  if (!account->overdraft)
    return refuse(refusal::merchant_needs_overdraft, "id");
  if (!ledgers_.contains(account->ledger))
    return refuse(refusal::settlement_not_configured, "id");
  if (command.id().size() > 50)
    return refuse(refusal::account_id_invalid, "id");
  if (!is_fee_rule(command.discount()))
    return refuse(refusal::fee_rule_invalid, "discount");
  if (command.payout_minimum() < 0)
    return refuse(refusal::amount_must_not_be_negative, "payout_minimum");
  if (settlement::check(reserve_terms{.basis_points = command.reserve_basis_points(),
                                      .windows = command.reserve_windows()}))
    return refuse(refusal::reserve_invalid, "reserve_basis_points");
  if (const verdict wrong = check_bank_account(command.bank(), "bank"); wrong.why != refusal::none)
    return wrong;
  if (!is_split_rule(command.split()))
    return refuse(refusal::split_invalid, "split");
  for (const v1::SplitShare& each : command.split())
    if (each.to() != command.id()) {
      const merchant_record* to = find_merchant(each.to());
      if (to == nullptr)
        return refuse(refusal::merchant_not_found, "split");
      if (to->currency != account->ledger)
        return refuse(refusal::currency_mismatch, "split");
    }
  const merchant_record* found = find_merchant(command.id());
  return replace(found == nullptr ? v1::PutMerchant{} : found->terms, command);
}

verdict book::check(const v1::PresentCaptures& command, const surroundings& around) const {
  if (command.items_size() == 0 || command.items_size() > presented_max)
    return refuse(refusal::items_too_many, "items");
  std::uint32_t currency = 0;
  for (const v1::PresentedCapture& each : command.items()) {
    if (!is_printable(each.reference(), 64))
      return refuse(refusal::reference_invalid, "items");
    if (each.amount() <= 0)
      return refuse(refusal::amount_must_be_positive, "items");
    if (each.amount() > settled_amount_max)
      return refuse(refusal::amount_too_large, "items");
    if (each.business_date() != 0 && !is_date(each.business_date()))
      return refuse(refusal::business_date_invalid, "items");
    const account_record* from = around.accounts.find(each.from());
    const account_record* to = around.accounts.find(each.to());
    if (from == nullptr || to == nullptr)
      return refuse(refusal::account_not_found, "items");
    if (from == to)
      return refuse(refusal::accounts_must_be_different, "items");
    if (is_own_account(each.from(), around.accounts))
      return refuse(refusal::account_of_settlement, "items");
    if (!merchant_of_account_.contains(around.accounts.place_of(each.to())))
      return refuse(refusal::merchant_not_found, "items");
    if (currency == 0)
      currency = to->ledger;
    if (from->ledger != currency || to->ledger != currency)
      return refuse(refusal::currency_mismatch, "items");
  }
  v1::PresentCaptures first; // If it is new there is no need to look at the others.
  *first.add_items() = command.items(0);
  if (around.money.answer_known(transfers_of(first, around.accounts)).empty())
    return {};
  return around.money.answer_known(transfers_of(command, around.accounts)).empty() ? verdict{}
                                                                                   : nothing_new;
}

} // namespace ducat::settlement
