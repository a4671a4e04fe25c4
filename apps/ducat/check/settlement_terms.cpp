/// Currencies, participants and merchants, and captures that are presented.

#include "check/settlement.hpp"

#include <algorithm>

namespace ducat::cli {

namespace {

constexpr const char* hub_accounts[] = {"fees",     "interchange", "bank",     "suspense",
                                        "disputes", "hub",         "liquidity"};

} // namespace

/// Returns the account, which is opened if there is none.
books::number settlement_book::opened(const std::string& id, const std::string& currency,
                                      bool overdraft) {
  const books::number known = books_.find(id);
  return known == books::none ? books_.open(id, currency, overdraft) : known;
}

std::optional<finding> settlement_book::apply(const v1::ConfigureSettlement& command) {
  const bool is_new = !ledgers_.contains(command.currency());
  checked_ledger& of = ledgers_[command.currency()];
  of.terms = command;
  for (const char* kind : hub_accounts)
    (void)opened("settlement." + std::string{kind} + "." + command.currency(), command.currency());
  if (is_new)
    add_window(of, command.business_date());
  return std::nullopt;
}

std::optional<finding> settlement_book::apply(const v1::PutParticipant& command) {
  const auto wrong = [&](std::string text) {
    return make_finding(finding_kind::impossible, command.id(), std::move(text));
  };
  if (ledger(command.currency()) == nullptr)
    return wrong("a participant of a currency that is not settled");
  if (!is_sound(command.interchange()))
    return wrong("interchange by a rule that has no fee for some amount");
  for (const std::string& each : command.accounts())
    if (books_.find(each) == books::none)
      return wrong("a participant of an account that is not there");
  auto found = std::ranges::find(participants_, command.id(),
                                 [](const auto& each) { return each.terms.id(); });
  if (found == participants_.end()) {
    participants_.push_back({.terms = {}, .accounts = {}});
    found = std::prev(participants_.end());
    found->settlement = opened(command.id() + ".settlement", command.currency(), false);
  }
  found->terms = command;
  for (const std::string& each : command.accounts()) {
    found->accounts.insert(each);
    participant_by_account_[books_.find(each)] =
        static_cast<participant_number>(found - participants_.begin());
  }
  return std::nullopt;
}

std::optional<finding> settlement_book::apply(const v1::FundParticipant& command) {
  const auto found = std::ranges::find(participants_, command.id(),
                                       [](const auto& each) { return each.terms.id(); });
  if (found == participants_.end())
    return make_finding(finding_kind::impossible, command.id(), "funds of no participant");
  if (!funds_.insert(command.idempotency_key()).second)
    return make_finding(finding_kind::doubled, command.idempotency_key(),
                        "these funds were moved before");
  const std::int64_t cap = std::max<std::int64_t>(found->terms.net_debit_cap(), 0);
  if (command.amount() < 0 && books_.at(found->settlement).available() + command.amount() < cap)
    return make_finding(finding_kind::overdrawn, command.id(),
                        "liquidity was taken out that its cap needs");
  const books::number liquidity = books_.find("settlement.liquidity." + found->terms.currency());
  move(liquidity, found->settlement, command.amount());
  return std::nullopt;
}

std::optional<finding> settlement_book::apply(const v1::PutMerchant& command) {
  const auto wrong = [&](std::string text) {
    return make_finding(finding_kind::impossible, command.id(), std::move(text));
  };
  const books::number account = books_.find(command.id());
  if (account == books::none || !books_.at(account).overdraft)
    return wrong("a merchant without an account that may owe");
  const std::string currency = books_.at(account).currency;
  if (ledger(currency) == nullptr)
    return wrong("a merchant of a currency that is not settled");
  if (!is_sound(command.discount()) || !is_sound(command.split()))
    return wrong("terms by which no fee, or no split, can be computed");
  for (const v1::SplitShare& each : command.split())
    if (each.to() != command.id() && !find_merchant(each.to()))
      return wrong("a split to " + each.to() + ", which is no merchant");
  const auto [place, is_new] = merchant_by_account_.try_emplace(account, merchants_.size());
  if (is_new)
    merchants_.push_back({.terms = {},
                          .currency = currency,
                          .account = account,
                          .available = opened(command.id() + ".available", currency),
                          .reserve = opened(command.id() + ".reserve", currency),
                          .unpaid_from = ledgers_.at(currency).windows.size()});
  merchants_[place->second].terms = command;
  return std::nullopt;
}

std::optional<merchant_number> settlement_book::find_merchant(const std::string& id) const {
  const auto found = merchant_by_account_.find(books_.find(id));
  return found == merchant_by_account_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<finding> settlement_book::check_present(const v1::PresentCaptures& command) const {
  for (const v1::PresentedCapture& each : command.items()) {
    const books::number from = books_.find(each.from());
    if (from == books::none || from == books_.find(each.to()) || !find_merchant(each.to()) ||
        each.amount() <= 0 ||
        books_.at(from).currency != books_.at(books_.find(each.to())).currency)
      return make_finding(finding_kind::impossible, each.reference(),
                          "a capture was presented that cannot be");
  }
  const auto is_known = [&](const auto& each) { return presented_.contains(each.reference()); };
  if (std::ranges::all_of(command.items(), is_known))
    return make_finding(finding_kind::doubled,
                        command.items().empty() ? "" : command.items(0).reference(),
                        "these captures were presented before");
  return std::nullopt;
}

/// Returns those that their accounts can pay, one after the other.
std::vector<const v1::PresentedCapture*>
settlement_book::payable(const v1::PresentCaptures& command) const {
  std::vector<const v1::PresentedCapture*> found;
  std::map<books::number, std::int64_t> sums;
  for (const v1::PresentedCapture& each : command.items()) {
    if (presented_.contains(each.reference()))
      continue;
    const books::number from = books_.find(each.from());
    const std::int64_t all = sums[from] + each.amount();
    if (!books_.can_spend(from, all))
      continue;
    sums[from] = all;
    found.push_back(&each);
  }
  return found;
}

/// What was taken once is passed by; what could not be paid may come again.
std::optional<finding> settlement_book::apply(const v1::PresentCaptures& command) {
  if (auto wrong = check_present(command))
    return wrong;
  std::vector<const v1::PresentedCapture*> taken;
  for (const v1::PresentedCapture* each : payable(command)) {
    if (!presented_.insert(each->reference()).second)
      continue;
    books_.post(books_.find(each->from()), books_.find(each->to()), each->amount());
    taken.push_back(each);
  }
  for (const v1::PresentedCapture* each : taken)
    (void)captured({.payer = books_.find(each->from()),
                    .payee = books_.find(each->to()),
                    .amount = each->amount(),
                    .business_date = each->business_date()});
  return std::nullopt;
}

} // namespace ducat::cli
